/*
 * A thread ends, or is cancelled, while its queue is suspended: what it launched is done once the
 * queue is resumed, and nobody else waits for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

#include <pthread.h>

namespace {

/* It takes its default stream, with a suspended queue on it, along. */
void with_a_default_stream_of_its_own() {
    Ledger ledger;
    on_gpu([&] {
        const Queue queue(CU_STREAM_PER_THREAD);
        ledger.append(CU_STREAM_PER_THREAD);
        OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
        queue.suspend();
    }).join();
    ledger.append(nullptr);
    OK(cuStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

/* What it launched stands behind a closed gate. */
void with_work_behind_a_gate() {
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    check_held(stream, queue, ledger);
    queue.suspend();
    if (queue.on_device()) {
        on_gpu([&] { ledger.append(stream); }).join();
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* Held at the gate, it was told to end; the launch it stands in is still done, once. */
struct Held {
    Ledger ledger;
    Stream stream;
    std::atomic<bool> launching{false};
};

void *launch_and_be_cancelled(void *data) {
    auto *held = static_cast<Held *>(data);
    Gpu::use();
    held->launching = true;
    held->ledger.append(held->stream);
    for (;;) {
        pthread_testcancel();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

void cancelled_at_the_gate() {
    Held held;
    const Queue queue(held.stream);
    pthread_t thread{};
    void *result = nullptr;
    queue.suspend();
    CHECK(pthread_create(&thread, nullptr, launch_and_be_cancelled, &held) == 0);
    WAIT_FOR(held.launching.load());
    if (scheduled()) {
        CHECK_STANDS_STILL(held.ledger.count());
    }
    CHECK(pthread_cancel(thread) == 0);
    queue.resume();
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(result == PTHREAD_CANCELED);
    OK(cuStreamSynchronize(held.stream));
    CHECK(held.ledger.complete());
}

} // namespace

int main() {
    RUN(with_a_default_stream_of_its_own);
    RUN(with_work_behind_a_gate);
    RUN(cancelled_at_the_gate);
    return finish();
}
