/*
 * The null stream is a queue like any other, and still waits for all blocking streams, as they wait
 * for it; other streams wait for nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
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
        ledger.work(CU_STREAM_LEGACY, 50);
    }
    OK(cuStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

void not_with_non_blocking_streams() {
    Ledger ledger;
    Ledger null_ledger;
    FreeStream stream;
    Blocker blocker;
    blocker.block(stream);
    ledger.append(stream);
    null_ledger.append(nullptr);
    OK(cuStreamSynchronize(nullptr));
    CHECK(null_ledger.complete() && ledger.count() == 0);
    blocker.open();
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

void scheduled_as_a_queue() {
    Ledger ledger;
    const Queue queue(nullptr);
    const int64_t before = queue.stats().commands;
    ledger.append(nullptr);
    ledger.append(CU_STREAM_LEGACY);
    OK(cuStreamSynchronize(nullptr));
    CHECK(!scheduled() || queue.stats().commands >= before + 2);
    CHECK(!queue.on_device()); // a gate there would hold every blocking stream
    check_held(nullptr, queue, ledger);
}

/* A suspended null stream holds what comes behind it in other streams too. */
void others_wait_for_it() {
    Ledger ledger;
    Stream other;
    const Queue queue(nullptr);
    queue.suspend();
    std::thread launching = on_gpu([&] {
        ledger.append(nullptr);
        ledger.append(other);
    });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    OK(cuStreamSynchronize(other));
    CHECK(ledger.complete());
}

} // namespace

int main() {
    RUN(ordered);
    RUN(not_with_non_blocking_streams);
    RUN(scheduled_as_a_queue);
    RUN(others_wait_for_it);
    return finish();
}
