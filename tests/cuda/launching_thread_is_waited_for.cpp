/*
 * What is in flight may wait for the very thread that the library has waiting, or for a queue that it holds,
 * in ways that no call shows. Everything comes to its end all the same: after a while of no progress more
 * is let through, and counted as a stall.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

/*
 * A host function of the important stream waits for what the held one does. With a budget of 0: short commands
 * without gates would be held with their thread, and never be in the held stream.
 */
void host_function_waits_for_a_held_queue() {
    LowAndHigh pair;
    pair.low_ledger.append(pair.low_stream);
    OK(cuStreamSynchronize(pair.low_stream));
    check_held(pair.low_stream, pair.low, pair.low_ledger);
    const uint32_t before = pair.low_ledger.count();
    struct Waits {
        const Ledger &ledger;
        uint32_t count;
    } waits{pair.low_ledger, before + 1};
    const auto wait = [](void *data) {
        const auto &waits = *static_cast<Waits *>(data);
        while (waits.ledger.count() < waits.count) {
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
    };
    Blocker blocker;
    blocker.block(pair.high_stream);
    OK(cuLaunchHostFunc(pair.high_stream, wait, &waits));
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 3; i++) {
            pair.low_ledger.append(pair.low_stream);
        }
    });
    if (wants_device_gate()) {
        launching.join(); // not held itself: what it launched stands behind a gate
        CHECK(pair.low_ledger.count() == before);
    } else if (scheduled()) {
        // Held before its launch: with the host gate only the launching thread's own stream is lost.
        CHECK_STANDS_STILL(pair.low_ledger.count());
        waits.count = before;
    }
    blocker.open();
    OK(cuStreamSynchronize(pair.high_stream));
    if (launching.joinable()) {
        launching.join();
    }
    if (wants_device_gate()) {
        CHECK(pair.high.stats().stalls + pair.low.stats().stalls > 0);
    }
    pair.end();
}

/* A stream that waits for what its own launching thread does next. */
void stream_waits_for_its_own_thread() {
    LowAndHigh pair;
    SharedMemory word(4);
    auto &value = *word.as<std::atomic<uint32_t>>();
    pair.low_ledger.append(pair.low_stream);
    OK(cuStreamWaitValue32(pair.low_stream, word.device(), 1, CU_STREAM_WAIT_VALUE_EQ));
    for (int i = 0; i < 50; i++) { // more than are let through while nothing completes
        pair.low_ledger.append(pair.low_stream);
    }
    value = 1;
    pair.end();
}

} // namespace

int main(int count, char **) {
    if (count == 1) {
        RUN(stream_waits_for_its_own_thread);
        again_with("XSCHED_BUDGET_US", "0");
        return finish();
    }
    RUN(host_function_waits_for_a_held_queue);
    return finish();
}
