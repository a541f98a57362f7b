/*
 * A destroyed stream is forgotten: a new one, at the same address too, starts with a queue of its own,
 * and what was launched into the old one is not lost.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

#include <set>

namespace {

void destroyed_with_work_in_it() {
    for (int i = 0; i < 200; i++) {
        Ledger ledger;
        {
            Stream stream;
            for (int j = 0; j < 5; j++) {
                ledger.work(stream, 20);
            }
        }
        OK(cuCtxSynchronize());
        CHECK(ledger.complete());
    }
}

/* A suspended queue ends with its stream; its successor is not suspended, or this would hang. */
void destroyed_while_suspended() {
    std::set<CUstream> seen;
    bool reused = false;
    for (int i = 0; i < 200; i++) {
        Ledger ledger;
        FreeStream stream;
        reused = !seen.insert(stream).second || reused;
        const Queue queue(stream);
        const XQueueStats stats = queue.stats();
        CHECK(stats.suspended == 0 && stats.priority == PRIORITY_DEFAULT);
        ledger.append(stream);
        OK(cuStreamSynchronize(stream));
        CHECK(ledger.complete());
        queue.priority(7);
        queue.suspend();
        if (queue.on_device()) {
            ledger.append(stream); // its end waits for it
        }
    }
    if (!reused) {
        std::fputs("no address was used again: that is not tested here\n", stderr);
    }
}

} // namespace

int main() {
    RUN(destroyed_with_work_in_it);
    RUN(destroyed_while_suspended);
    return finish();
}
