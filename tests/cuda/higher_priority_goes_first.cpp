/*
 * While a queue of higher priority has work, what a lower one has launched stands still; swapped priorities
 * swap that, also in the middle of it all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

void held_until_synchronised() {
    LowAndHigh pair;
    Blocker blocker;
    pair.low_ledger.append(pair.low_stream);
    OK(cuStreamSynchronize(pair.low_stream));
    blocker.block(pair.high_stream);
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 20; i++) {
            pair.low_ledger.append(pair.low_stream);
        }
    });
    if (scheduled()) {
        WAIT_FOR(pair.holds());
        CHECK_STANDS_STILL(pair.low_ledger.count());
        CHECK(pair.low_ledger.count() == 1);
    }
    pair.high_ledger.append(pair.high_stream);
    blocker.open();
    OK(cuStreamSynchronize(pair.high_stream));
    CHECK(pair.high_ledger.complete());
    launching.join();
    pair.end();
    CHECK(!scheduled() || pair.low.stats().suspends > 0);
}

/* What was launched before the higher one arrived is stopped, too: by the device, or not launched yet. */
void stopped_in_the_middle() {
    LowAndHigh pair;
    Blocker low_blocker;
    Blocker high_blocker;
    low_blocker.block(pair.low_stream);
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 100; i++) {
            pair.low_ledger.work(pair.low_stream, 200);
        }
    });
    WAIT_FOR(pair.low.stats().in_flight >= 2 || !scheduled());
    high_blocker.block(pair.high_stream);
    low_blocker.open();
    if (scheduled()) {
        WAIT_FOR(pair.holds());
        uint32_t done = 0;
        do { // up to the first gate, or what was in flight
            done = pair.low_ledger.count();
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        } while (pair.low_ledger.count() != done);
        CHECK(done < 100);
    }
    high_blocker.open();
    OK(cuStreamSynchronize(pair.high_stream));
    launching.join();
    pair.end();
}

void priorities_are_swapped() {
    LowAndHigh pair;
    std::atomic<bool> stop{false};
    const auto launches = [&stop](CUstream stream, Ledger &ledger) {
        while (!stop && ledger.launched() < 3000) {
            ledger.work(stream, 20);
            if (ledger.launched() % 16 == 0) {
                OK(cuStreamSynchronize(stream));
                CHECK(ledger.complete());
            }
        }
    };
    std::thread first = on_gpu([&] { launches(pair.low_stream, pair.low_ledger); });
    std::thread second = on_gpu([&] { launches(pair.high_stream, pair.high_ledger); });
    for (int i = 0; i < 100; i++) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        pair.low.priority(i % 2 == 0 ? 20 : 1);
    }
    stop = true;
    first.join();
    second.join();
    pair.end();
}

} // namespace

int main() {
    RUN(held_until_synchronised);
    RUN(stopped_in_the_middle);
    RUN(priorities_are_swapped);
    return finish();
}
