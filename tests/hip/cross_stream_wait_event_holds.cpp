/*
 * A stream that waits for an event of another one starts nothing before the event, however often they
 * take turns and whatever their priorities.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* Work goes round three streams; only events hold it together. */
void take_turns() {
    Ledger ledger;
    Stream first(hipStreamNonBlocking);
    Stream second(hipStreamNonBlocking);
    Stream third(hipStreamNonBlocking);
    const hipStream_t streams[] = {first, second, third};
    hipEvent_t event = nullptr;
    OK(hipEventCreateWithFlags(&event, hipEventDisableTiming));
    for (int i = 0; i < 300; i++) {
        ledger.work(streams[i % 3], i % 5 == 0 ? 100 : 0);
        OK(hipEventRecord(event, streams[i % 3]));
        OK(hipStreamWaitEvent(streams[(i + 1) % 3], event, 0));
    }
    OK(hipDeviceSynchronize());
    CHECK(ledger.complete());
    OK(hipEventDestroy(event));
}

void nothing_overtakes() {
    Ledger ledger;
    Blocker blocker;
    Stream first(hipStreamNonBlocking);
    Stream second(hipStreamNonBlocking);
    const Queue low(first);
    const Queue high(second);
    schedule_by_priority();
    low.priority(1);
    high.priority(10);
    hipEvent_t event = nullptr;
    OK(hipEventCreate(&event));
    blocker.block(first);
    ledger.append(first);
    OK(hipEventRecord(event, first));
    OK(hipStreamWaitEvent(second, event, 0));
    ledger.append(second);
    CHECK_STANDS_STILL(ledger.count());
    EXPECT(hipErrorNotReady, hipStreamQuery(second));
    blocker.open();
    OK(hipStreamSynchronize(second));
    CHECK(ledger.complete());
    OK(hipEventDestroy(event));
}

} // namespace

int main() {
    RUN(take_turns);
    RUN(nothing_overtakes);
    return finish();
}
