// Two threads of one process share the software device. One needs an answer every 20 ms, the other
// keeps the device busy. Prints how long the answers take without the scheduler and with it.
//
// The application's calls are the same in both runs: only the XQueues make the difference.
#include "check.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int kRequestCount = 100;
constexpr auto kPeriod = std::chrono::milliseconds(20);
// A request is 10 short commands; the other thread's commands are longer.
constexpr int kRequestCommands = 10;
constexpr int64_t kHighCommand_us = 200;
constexpr int64_t kLowCommand_us = 500;

struct Outcome {
    double p50_ms, p99_ms;
    double low_per_s;
};

XQueueHandle create_queue(HwQueueHandle stream, Priority priority) {
    XQueueHandle queue = 0;
    CHECK(XQueueCreate(&queue, stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK(XHintPriority(queue, priority));
    return queue;
}

std::vector<double> serve(HwQueueHandle stream) {
    std::vector<double> latencies_ms;
    auto due = Clock::now();
    for (int request = 0; request < kRequestCount; ++request) {
        due += kPeriod;
        std::this_thread::sleep_until(due);
        for (int i = 0; i < kRequestCommands; ++i) {
            CHECK(HostQueueDelay(stream, kHighCommand_us));
        }
        CHECK(HwQueueSynchronize(stream));
        latencies_ms.push_back(Milliseconds(Clock::now() - due).count());
    }
    return latencies_ms;
}

long saturate(HwQueueHandle stream, const std::atomic<bool> &stop) {
    long commands = 0;
    while (!stop) {
        for (int i = 0; i < 20; ++i, ++commands) {
            CHECK(HostQueueDelay(stream, kLowCommand_us));
        }
        CHECK(HwQueueSynchronize(stream));
    }
    return commands;
}

Outcome run(HwQueueHandle high, HwQueueHandle low) {
    std::vector<double> latencies_ms;
    long low_commands = 0;
    std::atomic<bool> stop{false};
    const auto begin = Clock::now();
    std::thread low_thread([&] { low_commands = saturate(low, stop); });
    std::thread high_thread([&] { latencies_ms = serve(high); });
    high_thread.join();
    stop = true;
    low_thread.join();
    const std::chrono::duration<double> time = Clock::now() - begin;

    std::sort(latencies_ms.begin(), latencies_ms.end());
    return {latencies_ms[kRequestCount / 2], latencies_ms[kRequestCount * 99 / 100],
            static_cast<double>(low_commands) / time.count()};
}

void print(const char *name, const Outcome &outcome) {
    std::printf("%-18s  %6.2f ms  %6.2f ms  %9.0f\n", name, outcome.p50_ms, outcome.p99_ms,
                outcome.low_per_s);
}

} // namespace

int main() {
    // Equal for the device: it serves both streams as they come.
    HwQueueHandle high = 0;
    HwQueueHandle low = 0;
    CHECK(HostQueueCreate(&high, PRIORITY_DEFAULT));
    CHECK(HostQueueCreate(&low, PRIORITY_DEFAULT));

    std::printf("                    high P50   high P99   low commands/s\n");
    print("without scheduler", run(high, low));

    CHECK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    const XQueueHandle high_queue = create_queue(high, 10);
    const XQueueHandle low_queue = create_queue(low, 1);
    print("with scheduler", run(high, low));

    CHECK(XQueueDestroy(high_queue));
    CHECK(XQueueDestroy(low_queue));
    CHECK(HwQueueDestroy(high));
    CHECK(HwQueueDestroy(low));
    return 0;
}
