/*
 * A stream that waits for an event of another one starts nothing before the event, however often they
 * take turns and whatever their priorities.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* Work goes round three streams; only events hold it together. */
void take_turns(bool with_priorities) {
    Ledger ledger;
    FreeStream first;
    FreeStream second;
    FreeStream third;
    const CUstream streams[] = {first, second, third};
    if (with_priorities) {
        schedule_by_priority();
        for (int i = 0; i < 3; i++) {
            Queue(streams[i]).priority(i + 1);
        }
    }
    Event event;
    for (int i = 0; i < 300; i++) {
        ledger.work(streams[i % 3], i % 5 == 0 ? 100 : 0);
        OK(cuEventRecord(event, streams[i % 3]));
        OK(cuStreamWaitEvent(streams[(i + 1) % 3], event, 0));
    }
    OK(cuStreamSynchronize(streams[0])); // the last one was told to wait for all before
    CHECK(ledger.complete());
}

void of_equal_priorities() {
    take_turns(false);
}
void of_different_priorities() {
    take_turns(true);
}

/* An event that is recorded again stands for its last place. */
void recorded_again() {
    Ledger ledger;
    FreeStream first;
    FreeStream second;
    Event event;
    Blocker blocker;
    OK(cuEventRecord(event, first));
    blocker.block(first);
    ledger.append(first);
    OK(cuEventRecord(event, first));
    OK(cuStreamWaitEvent(second, event, 0));
    ledger.append(second);
    CHECK(ledger.count() == 0);
    blocker.open();
    OK(cuStreamSynchronize(second));
    CHECK(ledger.complete());
}

} // namespace

int main() {
    RUN(of_equal_priorities);
    RUN(of_different_priorities);
    RUN(recorded_again);
    return finish();
}
