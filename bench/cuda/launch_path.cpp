/*
 * What a launch costs while nobody competes: the call, the time per kernel when they follow each other,
 * and one kernel on an idle stream with the wait for it. A load of bench/cuda/take_turns.py, which says
 * how the two talk: native, preloaded and embedded processes take turns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "json.hpp"
#include "queue.hpp"
#include "report.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

namespace {

/* Fewer than a driver takes before it blocks the thread, so that the call alone is measured. */
constexpr int kBurst = 200;
/* An empty kernel takes about so long, too. */
constexpr double kShortestUs = 2.5;

const char *const kIdle = "idle";

struct Turn {
    const Device &device;
    const Stream &stream;
    double us; /* length of the kernels */

    int count_within(double us_in_all) const {
        return std::max(10, static_cast<int>(us_in_all / std::max(us, kShortestUs)));
    }

    /* The calls alone take so many microseconds. */
    double burst(int count) const {
        const auto begin = Clock::now();
        for (int i = 0; i < count; i++) {
            device.launch(stream, us);
        }
        return us_since(begin);
    }

    void warm_up(double length_us) const {
        burst(count_within(length_us));
        stream.synchronize();
    }

    /* Per launch. */
    double call_us(double length_us) const {
        const int count = std::min(kBurst, count_within(length_us / 2));
        double sum = 0;
        int bursts = 0;
        for (const auto begin = Clock::now(); us_since(begin) < length_us; bursts++) {
            sum += burst(count);
            stream.synchronize();
        }
        return sum / bursts / count;
    }

    /* Per kernel. */
    double wall_us(double length_us) const {
        const int count = count_within(length_us);
        const auto begin = Clock::now();
        burst(count);
        stream.synchronize();
        return us_since(begin) / count;
    }

    /* A kernel on a stream that has nothing, until it is known to be complete: sorted. */
    std::vector<double> idle_us(double length_us) const {
        std::vector<double> result;
        for (const auto begin = Clock::now(); us_since(begin) < length_us;) {
            spin_host(20);
            const auto launched = Clock::now();
            device.launch(stream, us);
            stream.synchronize();
            result.push_back(us_since(launched));
        }
        std::sort(result.begin(), result.end());
        return result;
    }
};

/* Measures for about so long, after a quarter of it that does not count: another process has used the
 * device and the processor's caches before. Writes members. */
void take_turn(Json &json, const Device &device, const Stream &stream, const std::string &load,
               double seconds) {
    const double length_us = seconds * 1e6;
    if (load == kIdle) {
        const Turn turn{device, stream, 0};
        turn.idle_us(length_us / 4);
        const auto sorted = turn.idle_us(length_us);
        json.member("p50_us", sorted[sorted.size() / 2]);
        json.member("p99_us", sorted[sorted.size() * 99 / 100]);
        return;
    }
    const Turn turn{device, stream, number(load, 0, 1e6)};
    turn.warm_up(length_us / 4);
    json.member("call_us", turn.call_us(length_us / 2));
    json.member("wall_us", turn.wall_us(length_us / 2));
}

} // namespace

int main(int argc, char **argv) {
    std::string loads = "0,5,20,100,idle";
    double clock_factor = 0;
    bool only_calibrates = false;
    parse(argc, argv, "What a launch costs while nobody competes: a load of take_turns.py.",
          {
              {"--loads", "LIST",
               "lengths of kernels in us, 0 is an empty one, and 'idle' [0,5,20,100,idle]",
               [&](const auto &text) { loads = text; }},
              {"--clock-factor", "F", "what --calibrate said; measured otherwise",
               [&](const auto &text) { clock_factor = number(text, 0, 100); }},
              {"--calibrate", nullptr, "print the clock factor of this device, and that is all",
               [&](const auto &) { only_calibrates = true; }},
          });
    Queue::schedule_by_priority();
    const Device device(clock_factor);
    if (only_calibrates) {
        std::cout << device.clock_factor() << std::endl;
        return 0;
    }
    const Stream stream;
    const Queue queue(stream, 0);

    const auto say = [](const auto &members) {
        std::ostringstream line;
        Json json(line);
        json.object([&] { members(json); });
        std::cout << line.str() << std::endl;
    };
    say([&](Json &json) {
        json.object("machine", [&] { write_machine(json, device); });
        json.array("loads", [&] {
            std::istringstream names(loads);
            for (std::string name; std::getline(names, name, ',');) {
                json.element(name);
            }
        });
    });
    for (std::string request; std::getline(std::cin, request);) {
        std::istringstream words(request);
        double seconds = 0;
        std::string load;
        const bool turn = static_cast<bool>(words >> seconds >> load);
        say([&](Json &json) {
            json.object("values", [&] {
                if (turn) {
                    take_turn(json, device, stream, load, seconds);
                }
            });
            json.member("processor_s", processor_s());
            json.member("admitted", admitted());
        });
    }
    return 0;
}
