/*
 * Every stream has a queue from its first use on, without the program asking, with the hints that the
 * environment gives (XSCHED_AUTO_XQUEUE_PRIORITY=7 here).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* Uses a stream once; that alone has to make one queue more. */
void gets_a_queue(hipStream_t stream) {
    Ledger ledger;
    const int64_t queues = hook_stats().queues;
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    if (scheduled()) {
        CHECK(hook_stats().queues == queues + 1);
        const Queue queue(stream);
        CHECK(hook_stats().queues == queues + 1); // the one that was there
        CHECK(queue.stats().priority == 7);
        CHECK(queue.stats().commands > 0);
    }
}

} // namespace

int main() {
    OK(hipDeviceSynchronize()); // the first call of a process is not scheduled
    Stream stream;
    Stream other(hipStreamNonBlocking);
    gets_a_queue(nullptr);
    gets_a_queue(hipStreamPerThread);
    gets_a_queue(stream);
    gets_a_queue(other);
    return finish();
}
