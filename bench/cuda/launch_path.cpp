/*
 * What a launch costs while nobody competes: the call, the time per kernel when they follow each other,
 * and one kernel on an idle stream with the wait for it. One way of running per process;
 * bench/run_cuda.sh runs native, native again, preloaded and embedded in turns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "queue.hpp"
#include "report.hpp"

#include <algorithm>
#include <optional>

namespace {

struct Options : RunOptions {
    std::vector<double> kernels_us{0, 5, 20, 100};
    int bursts = 30;
    int idle_launches = 3000;
    double wall_ms = 30;
    bool admitted = false;
};

/* Fewer than a driver takes before it blocks the thread, so that the call alone is measured. */
constexpr int kBurst = 200;

struct Row {
    double kernel_us;
    double period_us;
    std::vector<double> call_us; /* of each burst, per launch */
    std::vector<double> wall_us; /* of each longer burst, per kernel */
};

void launch(const Device &device, const Stream &stream, double us, int count) {
    for (int i = 0; i < count; i++) {
        device.launch(stream, us);
    }
}

Row back_to_back(const Device &device, const Stream &stream, double us, const Options &options) {
    Row row{us, device.period_us(us), {}, {}};
    launch(device, stream, us, kBurst);
    stream.synchronize();
    for (int i = 0; i < options.bursts; i++) {
        const auto begin = Clock::now();
        launch(device, stream, us, kBurst);
        row.call_us.push_back(us_since(begin) / kBurst);
        stream.synchronize();
    }
    const int count = static_cast<int>(options.wall_ms * 1000 / std::max(us, 4.0));
    for (int i = 0; i < 5; i++) {
        const auto begin = Clock::now();
        launch(device, stream, us, count);
        stream.synchronize();
        row.wall_us.push_back(us_since(begin) / count);
    }
    return row;
}

/* A kernel that does nothing on a stream that has nothing, until it is known to be complete. */
std::vector<double> idle_us(const Device &device, const Stream &stream, int count) {
    std::vector<double> result;
    for (int i = 0; i < count; i++) {
        spin_host(20);
        const auto begin = Clock::now();
        device.launch(stream, 0);
        stream.synchronize();
        result.push_back(us_since(begin));
    }
    return result;
}

} // namespace

int main(int argc, char **argv) {
    Options options;
    options.parse_all(
        argc, argv, "What a launch costs while nobody competes.",
        {
            {"--kernels", "US,...", "lengths of kernels; 0 is an empty one [0,5,20,100]",
             [&](const auto &text) { options.kernels_us = numbers(text, 0, 1e6); }},
            {"--bursts", "N", "bursts of 200 launches whose calls are timed [30]",
             [&](const auto &text) { options.bursts = static_cast<int>(number(text, 1, 1e6)); }},
            {"--wall-ms", "MS", "length of a burst whose kernels are timed, of five [30]",
             [&](const auto &text) { options.wall_ms = number(text, 1, 1e5); }},
            {"--idle", "N", "launches on an idle stream [3000]",
             [&](const auto &text) {
                 options.idle_launches = static_cast<int>(number(text, 1, 1e7));
             }},
            {"--admitted", nullptr, "fail unless libxsched admitted the launches",
             [&](const auto &) { options.admitted = true; }},
        });
    Queue::schedule_by_priority();
    const Device device;
    const Stream stream;
    const Queue queue(stream, 0);

    const int64_t before = admitted();
    std::vector<Row> rows;
    for (const double us : options.kernels_us) {
        rows.push_back(back_to_back(device, stream, us, options));
    }
    const auto idle = idle_us(device, stream, options.idle_launches);
    const int64_t commands = admitted() - before;
    if ((commands >= options.idle_launches) != options.admitted) {
        fail("launch_path", options.admitted ? "libxsched admitted nothing"
                                             : "libxsched is there, say --admitted");
    }

    write_report("cuda_launch_path", options, device, [&](Json &json) {
        json.array("kernels", [&] {
            for (const Row &row : rows) {
                json.object_element([&] {
                    json.member("kernel_us", row.kernel_us);
                    json.member("period_us", row.period_us);
                    write(json, "call_us", row.call_us);
                    write(json, "wall_us", row.wall_us);
                });
            }
        });
        write(json, "idle_us", idle);
        json.member("admitted", commands);
    });
    return 0;
}
