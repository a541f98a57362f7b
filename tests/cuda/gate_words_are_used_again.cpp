/*
 * A stream is destroyed while gates of its queue still stand in it. What holds a later queue holds
 * nothing of the old stream, whose last command would be waited for for ever otherwise; and counts that the
 * old stream still writes are not taken for the progress of a later one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

void destroyed_with_gates_in_it() {
    constexpr int kLater = 80; // more than words are allocated at a time
    Ledger ledger;
    Blocker blocker;
    CUstream stream = nullptr;
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    on_gpu([&] {
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
    OK(cuStreamDestroy(stream));
    CHECK(!scheduled() || hook_stats().queues < queues);
    CUstream later[kLater];
    Ledger later_ledger;
    for (CUstream &each : later) {
        OK(cuStreamCreate(&each, CU_STREAM_NON_BLOCKING));
        const Queue queue(each);
        queue.suspend();
        if (queue.on_device()) { // it stands there, whatever the old stream writes
            OK(cuLaunchHostFunc(
                each, [](void *) {}, nullptr));
        }
    }
    blocker.open();
    WAIT_FOR(ledger.complete());
    for (CUstream each : later) {
        const Queue queue(each);
        if (queue.on_device()) {
            CHECK(queue.stats().in_flight == 1);
        }
        queue.resume();
        later_ledger.append(each);
        OK(cuStreamSynchronize(each));
        OK(cuStreamDestroy(each));
    }
    CHECK(later_ledger.complete());
}

} // namespace

int main() {
    RUN(destroyed_with_gates_in_it);
    return finish();
}
