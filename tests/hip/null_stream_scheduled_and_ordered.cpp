/*
 * The null stream is a queue like any other, and still waits for all blocking streams, as they wait
 * for it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

void ordered() {
    Ledger ledger;
    Stream first;
    Stream second;
    for (int i = 0; i < 100; i++) {
        ledger.work(first, 50);
        ledger.append(nullptr);
        ledger.append(second);
        ledger.work(hipStreamLegacy, 50);
    }
    OK(hipStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

void scheduled_as_a_queue() {
    Ledger ledger;
    const Queue queue(nullptr);
    const int64_t before = queue.stats().commands;
    ledger.append(nullptr);
    ledger.append(hipStreamLegacy);
    OK(hipStreamSynchronize(nullptr));
    CHECK(!scheduled() || queue.stats().commands >= before + 2);
    check_held(nullptr, queue, ledger);
}

/* A suspended null stream holds what comes behind it in other streams too. */
void others_wait_for_it() {
    Ledger ledger;
    Stream other;
    const Queue queue(nullptr);
    queue.suspend();
    std::thread launching([&] {
        ledger.append(nullptr);
        ledger.append(other);
    });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    OK(hipStreamSynchronize(other));
    CHECK(ledger.complete());
}

} // namespace

int main() {
    RUN(ordered);
    RUN(scheduled_as_a_queue);
    RUN(others_wait_for_it);
    return finish();
}
