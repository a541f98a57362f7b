/*
 * When a call that waits has returned, everything launched before it has run: on every stream, from
 * every thread, whether its queue is suspended or not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr int kRounds = 20;

void of_all_streams() {
    Ledger ledgers[4];
    Stream blocking;
    FreeStream non_blocking;
    const CUstream streams[] = {nullptr, blocking, non_blocking, CU_STREAM_PER_THREAD};
    for (int round = 0; round < kRounds; round++) {
        for (int i = 0; i < 4; i++) {
            ledgers[i].work(streams[i], 200);
            ledgers[i].append(streams[i]);
        }
        OK(cuCtxSynchronize());
        for (const Ledger &ledger : ledgers) {
            CHECK(ledger.complete());
        }
    }
}

void of_all_threads() {
    Ledger ledgers[8];
    for (int round = 0; round < kRounds; round++) {
        std::vector<std::thread> threads;
        for (Ledger &ledger : ledgers) {
            threads.push_back(on_gpu([&ledger] { ledger.work(CU_STREAM_PER_THREAD, 100); }));
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        OK(cuCtxSynchronize());
        for (const Ledger &ledger : ledgers) {
            CHECK(ledger.complete());
        }
    }
}

/* What was launched before the suspension is waited for too, whether it stands at a gate or not. */
void of_a_suspended_queue() {
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    CHECK(queue.on_device() == wants_device_gate());
    check_held(stream, queue, ledger); // from the first suspension on its launches can be held
    for (int i = 0; i < 10; i++) {
        ledger.work(stream, 500);
    }
    queue.suspend();
    if (queue.on_device()) {
        ledger.append(stream); // launched, so waited for, though it stands at a closed gate
    }
    OK(cuCtxSynchronize());
    CHECK(ledger.complete());
    queue.resume();
}

} // namespace

int main() {
    RUN(of_all_streams);
    RUN(of_all_threads);
    RUN(of_a_suspended_queue);
    return finish();
}
