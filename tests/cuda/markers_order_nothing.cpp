/*
 * The library's own markers order nothing. One in the null stream would wait for every blocking stream,
 * and they for it: here one blocking stream waits for what another one does later, and between the two
 * a marker shows how far the null stream is.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

void null_stream_between_two_that_depend() {
    schedule_by_priority();
    Ledger null_ledger;
    Ledger low_ledger;
    Stream waiting;
    Stream going_on;
    FreeStream low_stream;
    const Queue null_queue(nullptr);
    const Queue waiting_queue(waiting);
    const Queue going_on_queue(going_on);
    const Queue low(low_stream);
    null_queue.priority(10);
    waiting_queue.priority(10);
    going_on_queue.priority(10);
    low.priority(1);

    Blocker null_blocker;
    Blocker blocker;
    null_blocker.block(nullptr);
    null_ledger.append(nullptr);
    blocker.block(waiting); // behind the null stream
    // While somebody is held, the queues that hold it are looked at.
    std::thread launching = on_gpu([&] { low_ledger.append(low_stream); });
    if (scheduled()) {
        WAIT_FOR(low.stats().suspended == 1);
        WAIT_FOR(null_queue.stats().markers > 0);
    }
    null_blocker.open();
    OK(cuLaunchHostFunc(
        going_on, [](void *blocked) { static_cast<Blocker *>(blocked)->open(); }, &blocker));
    OK(cuStreamSynchronize(waiting));
    launching.join();
    OK(cuCtxSynchronize());
    CHECK(null_ledger.complete() && low_ledger.complete());
}

} // namespace

int main() {
    RUN(null_stream_between_two_that_depend);
    return finish();
}
