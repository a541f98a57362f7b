/*
 * Every stream has a queue from its first use on, without the program asking, with the hints that the
 * environment gives (XSCHED_AUTO_XQUEUE_PRIORITY=7 here).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* Uses a stream once; that alone has to make one queue more. */
void gets_a_queue(CUstream stream) {
    Ledger ledger;
    const int64_t queues = hook_stats().queues;
    ledger.append(stream);
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    if (scheduled()) {
        CHECK(hook_stats().queues == queues + 1);
        const Queue queue(stream);
        CHECK(hook_stats().queues == queues + 1); // the one that was there
        CHECK(queue.stats().priority == 7);
        CHECK(queue.stats().commands == 1);
    }
}

} // namespace

int main() {
    Stream stream;
    FreeStream other;
    gets_a_queue(nullptr);
    gets_a_queue(CU_STREAM_PER_THREAD);
    gets_a_queue(stream);
    gets_a_queue(other);
    if (scheduled()) { // names of the null stream
        const int64_t queues = hook_stats().queues;
        CHECK(Queue(CU_STREAM_LEGACY).handle() == Queue(nullptr).handle());
        CHECK(hook_stats().queues == queues);
    }
    return finish();
}
