/*
 * A stream takes so many commands (1,019 on an H200) before the driver blocks the launching thread. With a
 * closed gate in front that would be a thread that waits in the driver, and with it perhaps the driver's
 * locks. So fewer are outstanding, with every budget. This program runs itself with each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

constexpr int kCommands = 3000;

/* A real driver does not tell; there a thread that it blocks shows in the counts of what was launched. */
bool nobody_was_blocked() {
    return !on_stand_in() || cudasim_blocked() == 0;
}

/* A held queue's thread goes on launching until it is made to wait outside of the driver. */
void behind_a_closed_gate() {
    FreeStream stream;
    const Queue queue(stream);
    Ledger ledger;
    check_held(stream, queue, ledger);
    queue.suspend();
    std::atomic<uint32_t> launched{0};
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < kCommands; i++) {
            ledger.append(stream);
            launched++;
        }
    });
    if (scheduled()) {
        WAIT_FOR(launched > 0 || !queue.on_device()); // with the host's gate it waits at once
        uint32_t seen = 0;
        do { // until it waits
            seen = launched;
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        } while (launched != seen);
        CHECK(seen < 1019);
        CHECK(nobody_was_blocked());
        CHECK(ledger.count() == 5);
        // The driver still has room for calls of others, and the stream for those of ours.
        FreeStream other;
        Ledger other_ledger;
        other_ledger.append(other);
        OK(cuStreamSynchronize(other));
        CHECK(other_ledger.complete());
    }
    queue.resume();
    launching.join(); // now nobody can be held, and the driver may do as it likes
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* Nor while it is held again and again by another queue. */
void while_another_one_goes_first() {
    LowAndHigh pair;
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < kCommands; i++) {
            pair.low_ledger.append(pair.low_stream);
        }
    });
    for (int i = 0; i < 100; i++) {
        pair.high_ledger.work(pair.high_stream, 50);
        OK(cuStreamSynchronize(pair.high_stream));
    }
    launching.join();
    pair.end();
    CHECK(!scheduled() || nobody_was_blocked());
}

} // namespace

int main(int count, char **) {
    if (count == 1) {
        again_with("XSCHED_BUDGET_US", "0");
        again_with("XSCHED_BUDGET_US", "100");
        return finish();
    }
    RUN(while_another_one_goes_first);
    RUN(behind_a_closed_gate);
    return finish();
}
