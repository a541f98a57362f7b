/*
 * How long it takes to stop a stream that is full of kernels: XQueueSuspend with
 * kQueueSuspendFlagSyncHwQueue at random moments. What the call says is checked from outside: another
 * thread sees in mapped memory when the last kernel really ended, and whether one ended after the call
 * had returned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "flood.hpp"
#include "queue.hpp"
#include "report.hpp"

#include <algorithm>
#include <random>
#include <string_view>

namespace {

struct Options : RunOptions {
    std::vector<double> kernels_us{5, 10, 20, 50, 100, 200, 500, 1000, 2000};
    double seconds = 0.4;
    QueueOptions queue;
    std::string gate;
};

struct Row {
    double kernel_us;
    double period_us;
    std::vector<double> call_us;       /* the call of XQueueSuspend */
    std::vector<double> quiet_us;      /* from the call to the end of the last kernel */
    std::vector<double> still_started; /* kernels that started after the call began */
    int64_t late = 0;                  /* kernels that ended after the call had returned */
    XQueueStats stats{};
};

void suspend_once(const Queue &queue, const Observer &observer, Row &row) {
    const uint32_t started = observer.started();
    const auto call = Clock::now();
    queue.suspend();
    const auto returned = Clock::now();
    const uint32_t ended = observer.ended();
    spin_host(std::max(5 * row.kernel_us, 150.0)); // whatever would still run has ended
    row.call_us.push_back(us_between(call, returned));
    row.quiet_us.push_back(std::max(us_between(call, observer.last_end()), 0.0));
    row.still_started.push_back(observer.started() - started);
    row.late += observer.ended() - ended;
    queue.resume();
}

Row measure(const Device &device, double kernel_us, const Options &options,
            std::minstd_rand &random) {
    Row row{kernel_us, device.period_us(kernel_us), {}, {}, {}, 0, {}};
    const Stream stream(device.least_priority());
    const Queue queue(stream, 1, options.queue);
    const Observer observer(device);
    const Flood flood(device, stream, observer, outstanding(kernel_us), [&](uint32_t index) {
        device.launch_counted(stream, kernel_us, observer.counters(), index);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50)); // the command time becomes known
    std::uniform_real_distribution<> pause_us(1000 + 5 * kernel_us, 2000 + 7 * kernel_us);
    for (const auto begin = Clock::now(); us_since(begin) < options.seconds * 1e6;) {
        std::this_thread::sleep_for(Microseconds(pause_us(random)));
        suspend_once(queue, observer, row);
    }
    row.stats = queue.stats();
    const char *gate = row.stats.device_gate ? "device" : "host";
    if (!options.gate.empty() && options.gate != gate) {
        fail("another gate than expected", gate);
    }
    return row;
}

void write_row(Json &json, const Row &row) {
    json.object_element([&] {
        json.member("kernel_us", row.kernel_us);
        json.member("period_us", row.period_us);
        write(json, "call_us", row.call_us);
        write(json, "quiet_us", row.quiet_us);
        write(json, "still_started", row.still_started);
        json.member("late", row.late);
        json.member("device_gate", row.stats.device_gate != 0);
        json.member("threshold", row.stats.threshold);
        json.member("gates", row.stats.gates);
        json.member("commands", row.stats.commands);
        json.member("command_time_ns", row.stats.command_time_ns);
    });
}

} // namespace

int main(int argc, char **argv) {
    Options options;
    options.parse_all(
        argc, argv,
        "How long XQueueSuspend with kQueueSuspendFlagSyncHwQueue takes to stop a busy stream.\n"
        "XSCHED_BUDGET_US and XSCHED_GATE are the library's own settings, once per process.",
        {
            {"--kernels", "US,...", "lengths of kernels [5,10,20,50,100,200,500,1000,2000]",
             [&](const auto &text) { options.kernels_us = numbers(text, 1, 1e6); }},
            {"--seconds", "S", "time for each length [0.4]",
             [&](const auto &text) { options.seconds = number(text, 0.001, 3600); }},
            {"--level", "L", "preemption level, 1 or 2 [1]",
             [&](const auto &text) {
                 options.queue.level = static_cast<int64_t>(number(text, 1, 3));
             }},
            {"--threshold", "N", "most commands in flight; 0 is automatic [0]",
             [&](const auto &text) {
                 options.queue.threshold = static_cast<int64_t>(number(text, 0, 1e6));
             }},
            {"--gate", "host|device", "fail if the library chose another gate",
             [&](const auto &text) { options.gate = text; }},
        });
    static_assert(kEmbedded, "without libxsched there is nothing to measure");
    Queue::schedule_by_priority();
    const Device device;
    // Somebody for whom the flood can be stopped, or nothing would be tracked.
    const Stream other(device.greatest_priority());
    const Queue higher(other, 10);

    std::minstd_rand random(static_cast<unsigned>(options.repetition));
    std::vector<Row> rows;
    for (const double us : options.kernels_us) {
        rows.push_back(measure(device, us, options, random));
    }
    // Nobody is held here, so the default does not grow.
    const char *given = std::getenv("XSCHED_BUDGET_US");
    const bool automatic = given == nullptr || std::string_view(given) == "auto";
    const double budget_us = automatic ? 100 : std::atof(given);
    write_report("cuda_preemption", options, device, [&](Json &json) {
        json.member("level", options.queue.level);
        json.member("budget_us", budget_us);
        json.array("kernels", [&] {
            for (const Row &row : rows) {
                write_row(json, row);
            }
        });
    });
    return 0;
}
