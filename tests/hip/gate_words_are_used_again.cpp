/*
 * A stream is destroyed while gates of its queue still stand in it. What holds a later queue holds
 * nothing of the old stream: destroying that waits for its last command, for ever otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

void destroyed_with_gates_in_it() {
    constexpr int kLater = 80; // more than words are allocated at a time
    Ledger ledger;
    Blocker blocker;
    hipStream_t stream = nullptr;
    OK(hipStreamCreateWithFlags(&stream, hipStreamNonBlocking));
    std::thread([&] {
        const Queue queue(stream);
        CHECK(queue.on_device() == wants_device_gate());
        check_held(stream, queue, ledger);
        blocker.block(stream);
        if (queue.on_device()) {
            queue.suspend();
            ledger.append(stream); // behind a gate
            queue.resume();
        }
        ledger.append(stream);
    }).join(); // no thread remembers the stream any more

    const int64_t queues = hook_stats().queues;
    std::thread destroying([&] { OK(hipStreamDestroy(stream)); });
    WAIT_FOR(!scheduled() || hook_stats().queues < queues);
    hipStream_t later[kLater];
    for (hipStream_t &each : later) {
        OK(hipStreamCreateWithFlags(&each, hipStreamNonBlocking));
        Queue(each).suspend();
    }
    blocker.open();
    destroying.join();
    CHECK(ledger.complete());
    for (hipStream_t each : later) {
        Queue(each).resume();
        OK(hipStreamDestroy(each));
    }
}

} // namespace

int main() {
    RUN(destroyed_with_gates_in_it);
    return finish();
}
