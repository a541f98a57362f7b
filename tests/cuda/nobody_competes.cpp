/*
 * While nobody competes there is neither a gate nor a marker in any stream: the driver sees the
 * application's calls and no others, and no thread of the library is there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

#include <filesystem>
#include <fstream>

namespace {

bool has_monitor() {
    for (const auto &task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(task.path() / "comm");
        std::string name;
        std::getline(file, name);
        if (name == "xsched-monitor") {
            return true;
        }
    }
    return false;
}

/* Many commands in several streams, which all have a queue. */
void use(const CUstream *streams, int count, Ledger *ledgers) {
    for (int i = 0; i < 500; i++) {
        ledgers[i % count].append(streams[i % count]);
    }
    for (int i = 0; i < count; i++) {
        OK(cuStreamSynchronize(streams[i]));
        CHECK(ledgers[i].complete());
    }
}

/* Queues of the same priority cannot hold one another. */
void with_equal_priorities() {
    FreeStream first;
    FreeStream second;
    Stream third;
    const CUstream streams[] = {first, second, third, CU_STREAM_LEGACY};
    Ledger ledgers[4];
    use(streams, 4, ledgers);

    // What the library would put into a stream, by any of its calls.
    const auto own_calls = [] {
        uint64_t calls = 0;
        for (const char *function : {"cuStreamBatchMemOp_v2", "cuStreamWriteValue32_v2",
                                     "cuStreamWaitValue32_v2", "cuEventRecord", "cuEventQuery"}) {
            calls += cudasim_calls(function);
        }
        return calls;
    };
    const uint64_t before = on_stand_in() ? own_calls() : 0;
    use(streams, 4, ledgers);
    CHECK(!on_stand_in() || own_calls() == before);
    for (CUstream stream : streams) {
        const XQueueStats stats = Queue(stream).stats();
        CHECK(stats.gates == 0 && stats.markers == 0 && stats.suspends == 0);
        CHECK(!scheduled() || stats.commands == 250);
    }
    CHECK(!has_monitor());
}

/* One that somebody could hold has them; the highest has none. */
void with_different_priorities() {
    LowAndHigh pair;
    for (int i = 0; i < 100; i++) {
        pair.high_ledger.append(pair.high_stream);
        OK(cuStreamSynchronize(pair.high_stream));
        pair.low_ledger.append(pair.low_stream);
        OK(cuStreamSynchronize(pair.low_stream));
    }
    pair.end();
    CHECK(pair.high.stats().gates == 0);
    CHECK(!scheduled() || pair.low.stats().markers > 0);
}

} // namespace

int main() {
    RUN(with_equal_priorities);
    RUN(with_different_priorities);
    return finish();
}
