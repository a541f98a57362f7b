/*
 * While a stream of high priority has work, nothing new of a stream of low priority starts; with
 * nobody above it, it goes on. Both are done in the end, with every command once and in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr uint32_t kMost = 1000;

/* Nothing is added to the ledger for a while. */
bool stands_still(const Ledger &ledger) {
    const uint32_t before = ledger.count();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return ledger.count() == before;
}

void low_stands_still() {
    Ledger low_ledger;
    Ledger high_ledger;
    Blocker blocker;
    Stream low_stream(hipStreamNonBlocking);
    Stream high_stream(hipStreamNonBlocking);
    const Queue low(low_stream);
    const Queue high(high_stream);
    schedule_by_priority();
    CHECK(low.on_device() == wants_device_gate());
    low.priority(1);
    high.priority(10);

    std::atomic<bool> stop{false};
    std::thread launching([&] {
        while (!stop && low_ledger.launched() < kMost) {
            low_ledger.work(low_stream, 1000);
        }
    });
    for (int request = 0; request < 5; request++) {
        const uint32_t before = low_ledger.count();
        WAIT_FOR(low_ledger.count() > before);
        blocker.close();
        blocker.block(high_stream);
        high_ledger.append(high_stream);
        if (scheduled()) {
            // What was on its way ends first; without a scheduler this ends when low does.
            WAIT_FOR(stands_still(low_ledger));
            CHECK(low_ledger.count() < kMost);
        }
        blocker.open();
        OK(hipStreamSynchronize(high_stream));
        CHECK(high_ledger.complete());
    }
    stop = true;
    launching.join();
    OK(hipStreamSynchronize(low_stream));
    CHECK(low_ledger.complete());
    CHECK(!scheduled() || low.stats().suspends >= 5);
    CHECK(high.stats().suspends == 0);
}

} // namespace

int main() {
    RUN(low_stands_still);
    return finish();
}
