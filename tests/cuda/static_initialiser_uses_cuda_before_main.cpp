/*
 * CUDA is used before main, by a static initialiser, and after it, by destructors, exit handlers and
 * thread-local destructors, as programs with global buffers and streams do.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* A global that owns a stream and has used it before main begins. */
struct Global {
    Stream stream;
    Ledger ledger;

    Global() {
        say("before main");
        use();
    }
    ~Global() {
        use();
        say("after main");
    }
    void use() {
        Gpu::use();
        ledger.append(stream);
        ledger.append(nullptr);
        OK(cuStreamSynchronize(nullptr));
        CHECK(ledger.complete());
    }
} global;

/* Ends with its thread, perhaps after the thread's own stream. */
struct ThreadLocal {
    Ledger ledger;
    ~ThreadLocal() {
        ledger.append(nullptr);
        OK(cuStreamSynchronize(nullptr));
        CHECK(ledger.complete());
    }
};

void use_thread_local() {
    thread_local ThreadLocal local;
    local.ledger.append(CU_STREAM_PER_THREAD);
}

void at_exit() {
    global.use();
    say("exit handler");
}

} // namespace

int main() {
    CHECK(std::atexit(at_exit) == 0);
    global.use();
    on_gpu(use_thread_local).join();
    use_thread_local();
    return finish();
}
