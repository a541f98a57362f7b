/*
 * A driver loads a kernel when it is first launched, and may wait for the whole context meanwhile: also for a
 * stream that stands at a closed gate, and that is held for the very queue whose thread launches. The gates
 * give way. The grace period is so long here that nothing else could let it go on.
 *
 * The stand-in waits. A real driver need not (one of CUDA 13.0 does not): then the launch returns, and the held
 * stream stands still until the important queue is done. With XSCHED_BUDGET_US=0, so that what low launches
 * stands at gates and its thread is not held itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

void first_launch_of_a_kernel() {
    LowAndHigh pair;
    Words words(16);
    check_held(pair.low_stream, pair.low, pair.low_ledger); // its kernel is loaded
    pair.high_ledger.append(pair.high_stream);              // high is ready for a second
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 20; i++) {
            pair.low_ledger.append(pair.low_stream);
        }
    });
    if (scheduled()) {
        WAIT_FOR(pair.holds());
        if (pair.low.on_device()) {
            launching.join(); // what it launched stands at the gate
            CHECK(pair.low_ledger.count() == 5);
        }
    }
    words.add(pair.high_stream, 7);
    OK(cuStreamSynchronize(pair.high_stream));
    if (launching.joinable()) {
        launching.join();
    }
    pair.end();
    CHECK(words.all(7));
    if (on_stand_in() && wants_device_gate()) {
        CHECK(pair.high.stats().stalls > 0);
    }
}

} // namespace

int main() {
    RUN(first_launch_of_a_kernel);
    return finish();
}
