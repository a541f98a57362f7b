/*
 * With XSCHED_AUTO_XQUEUE=OFF every call passes and is counted so; a stream has a queue when it is given
 * one. This program runs itself with that setting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

void passes() {
    Ledger ledger;
    Stream stream;
    const XSchedHookStats before = hook_stats();
    for (int i = 0; i < 10; i++) {
        ledger.append(stream);
        ledger.append(stream);
        OK(cuStreamSynchronize(stream));
    }
    const XSchedHookStats after = hook_stats();
    CHECK(ledger.complete());
    CHECK(after.admitted == 0);
    CHECK(!scheduled() || after.bypass_no_queue == before.bypass_no_queue + 30);
    CHECK(!scheduled() || after.calls == before.calls + 30);
    CHECK(after.calls == after.admitted + after.waits + after.bypass_no_queue +
                             after.bypass_capture + after.bypass_nested + after.bypass_other);
}

void of_some_streams() {
    Ledger ledger;
    FreeStream stream;
    FreeStream other;
    Event event;
    ledger.append(stream); // this thread knows it without a queue
    OK(cuStreamSynchronize(stream));
    const Queue queue(stream);
    check_held(stream, queue, ledger);

    // An event that is recorded again where there is no queue tells nothing of the first one's work.
    Blocker blocker;
    blocker.block(stream);
    OK(cuEventRecord(event, stream));
    OK(cuEventRecord(event, other));
    OK(cuEventSynchronize(event));
    CHECK(!scheduled() || queue.stats().in_flight == 2);
    blocker.open();
    OK(cuStreamSynchronize(stream));
}

} // namespace

int main(int count, char **) {
    if (count == 1) {
        again_with("XSCHED_AUTO_XQUEUE", "OFF");
        return 0;
    }
    RUN(passes);
    RUN(of_some_streams);
    return finish();
}
