/*
 * With XSCHED_DISABLE=ON the library is there and does nothing: every call passes, look-ups are answered by
 * the driver, nothing of the library's is in a stream. This program runs itself with that setting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

void passes() {
    Ledger ledger;
    FreeStream stream;
    Event event;
    for (int i = 0; i < 100; i++) {
        ledger.append(stream);
        OK(cuEventRecord(event, stream));
        OK(cuEventSynchronize(event));
    }
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    const XSchedHookStats stats = hook_stats();
    CHECK(stats.admitted == 0 && stats.waits == 0 && stats.queues == 0);
    CHECK(stats.calls == stats.bypass_other + stats.bypass_nested);
}

} // namespace

int main(int count, char **) {
    if (count == 1) {
        again_with("XSCHED_DISABLE", "ON");
        return 0;
    }
    RUN(passes);
    return finish();
}
