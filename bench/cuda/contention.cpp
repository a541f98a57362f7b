/*
 * What a low-priority stream loses while somebody could compete: the time per kernel of a saturated
 * stream with gates in force but open, against the same stream without libxsched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "queue.hpp"
#include "report.hpp"

#include <algorithm>
#include <optional>

namespace {

struct Options : RunOptions {
    std::vector<double> kernels_us{5, 20, 100, 250, 1000};
    double burst_ms = 40;
    double warm_up_ms = 400;
    int bursts = 5;
    bool competitor = false;
};

struct Row {
    double kernel_us = 0;
    double period_us = 0;
    std::vector<double> wall_us; /* of each burst, per kernel */
    std::vector<double> cores;   /* of each burst, processors in use */
    XQueueStats stats{};
};

void measure(const Device &device, const Stream &stream, const Options &options, Row &row) {
    const int count = static_cast<int>(options.burst_ms * 1000 / row.kernel_us) + 1;
    const double processor = processor_s();
    const auto begin = Clock::now();
    for (int i = 0; i < count; i++) {
        device.launch(stream, row.kernel_us);
    }
    stream.synchronize();
    const double us = us_since(begin);
    row.wall_us.push_back(us / count);
    row.cores.push_back((processor_s() - processor) * 1e6 / us);
}

Row measure(const Device &device, double kernel_us, const Options &options) {
    Row row;
    row.kernel_us = kernel_us;
    row.period_us = device.period_us(kernel_us);
    const Stream stream(device.least_priority());
    const Queue queue(stream, 1);
    // The library learns what the commands take, and from that where gates stand or whether any do.
    Row first = row;
    for (const auto begin = Clock::now(); us_since(begin) < options.warm_up_ms * 1000;) {
        measure(device, stream, options, first);
    }
    for (int i = 0; i < options.bursts; i++) {
        measure(device, stream, options, row);
    }
    row.stats = queue.stats();
    if (kEmbedded && (row.stats.gates > 0) != options.competitor) {
        std::fprintf(stderr, "contention: %lld gates for %lld commands of %g us%s\n",
                     static_cast<long long>(row.stats.gates),
                     static_cast<long long>(row.stats.commands), kernel_us,
                     options.competitor ? ", with a competitor" : ", though nobody competes");
    }
    return row;
}

} // namespace

int main(int argc, char **argv) {
    Options options;
    options.parse_all(
        argc, argv,
        "What a low-priority stream loses while a queue of higher priority exists, which has\n"
        "nothing to do. XSCHED_BUDGET_US is the library's own setting, once per process.",
        {
            {"--kernels", "US,...", "lengths of kernels [5,20,100,250,1000]",
             [&](const auto &text) { options.kernels_us = numbers(text, 1, 1e6); }},
            {"--burst-ms", "MS", "work that is launched and waited for at a time [40]",
             [&](const auto &text) { options.burst_ms = number(text, 0.1, 1e5); }},
            {"--warm-up-ms", "MS", "the same, not measured, before each length [400]",
             [&](const auto &text) { options.warm_up_ms = number(text, 0, 1e5); }},
            {"--bursts", "N", "how often [5]",
             [&](const auto &text) { options.bursts = static_cast<int>(number(text, 1, 1e5)); }},
            {"--competitor", nullptr, "there is a queue of higher priority",
             [&](const auto &) { options.competitor = true; }},
        });
    Queue::schedule_by_priority();
    const Device device;
    const Stream other(device.greatest_priority());
    std::optional<Queue> higher;
    if (options.competitor) {
        higher.emplace(other, 10);
    }
    std::vector<Row> rows;
    for (const double us : options.kernels_us) {
        rows.push_back(measure(device, us, options));
    }
    write_report("cuda_contention", options, device, [&](Json &json) {
        json.array("kernels", [&] {
            for (const Row &row : rows) {
                json.object_element([&] {
                    json.member("kernel_us", row.kernel_us);
                    json.member("period_us", row.period_us);
                    write(json, "wall_us", row.wall_us);
                    write(json, "cores", row.cores);
                    json.member("gates", row.stats.gates);
                    json.member("markers", row.stats.markers);
                    json.member("commands", row.stats.commands);
                    json.member("command_time_ns", row.stats.command_time_ns);
                });
            }
        });
    });
    return 0;
}
