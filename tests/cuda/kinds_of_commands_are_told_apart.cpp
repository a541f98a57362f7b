/*
 * Gates stand by predicted work, and predictions are made for each kind of command: one kernel, or one grid,
 * that is long has a gate to itself while short ones, launched in between, share theirs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr int kShorts = 40;
constexpr int kRounds = 10;     /* in a row with the gates where they belong */
constexpr int kAttempts = 8000; /* rounds until then: few commands are timed */
constexpr uint64_t kLongNs = 2'000'000;
constexpr int64_t kMostShared = 5; /* gates among the short commands of a round */

/* The gates that a launch brought. */
template <typename Launch>
int64_t gates_of(const Queue &queue, Launch launch) {
    const int64_t before = queue.stats().gates;
    launch();
    return queue.stats().gates - before;
}

/* One long command and some short ones: did each have the gates that it needs, and no more? */
template <typename Long, typename Short>
bool round_is_gated(const Queue &queue, Long launch_long, Short launch_short) {
    const bool own = gates_of(queue, launch_long) == 1;
    const bool behind = gates_of(queue, launch_short) == 1;
    const int64_t shared = gates_of(queue, [&] {
        for (int i = 1; i < kShorts; i++) {
            launch_short();
        }
    });
    return own && behind && shared <= kMostShared;
}

/* Until the library has learned what both take. */
template <typename Long, typename Short>
void check_gates(const LowAndHigh &pair, Long launch_long, Short launch_short) {
    const bool gated = pair.low.on_device();
    int good = 0;
    for (int round = 0; good < kRounds; round++) {
        if (round == kAttempts) {
            fail(__FILE__, __LINE__, "long commands and short ones never had the gates they need");
        }
        good = round_is_gated(pair.low, launch_long, launch_short) || !gated ? good + 1 : 0;
        if (round % 16 == 15) { /* not further ahead than the device soon gets */
            OK(cuStreamSynchronize(pair.low_stream));
        }
    }
}

void two_kernels() {
    LowAndHigh pair;
    const Kernels &kernels = Gpu::use().kernels;
    check_gates(
        pair, [&] { OK(kernels.spin_ns(pair.low_stream, kLongNs)); },
        [&] { OK(kernels.empty(pair.low_stream)); });
    pair.end();
}

void two_grids() {
    LowAndHigh pair;
    const Kernels &kernels = Gpu::use().kernels;
    check_gates(
        pair, [&] { OK(kernels.spin_ns(pair.low_stream, kLongNs, 2)); },
        [&] { OK(kernels.spin_ns(pair.low_stream, 1000, 1)); });
    pair.end();
}

} // namespace

int main() {
    RUN(two_kernels);
    RUN(two_grids);
    return finish();
}
