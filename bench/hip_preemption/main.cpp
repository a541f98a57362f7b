/*
 * Requests beside a flood of kernels, and how long it takes to stop the flood: one measurement, written
 * to standard output as JSON. bench/hip_preemption.sh runs it for every way of scheduling.
 *
 *   hip_preemption LABEL KERNEL_US SECONDS [--alone] [--threshold N] [--gate host|device]
 *
 * --alone: no flood. --gate: the gate that is expected; another one is an error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "flood.hpp"
#include "json.hpp"
#include "queue.hpp"

#include <cstring>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

/* A request is five kernels of 100 us, then the wait for them. */
constexpr int kRequestKernels = 5;
constexpr uint64_t kRequestKernel_us = 100;

struct Options {
    std::string label;
    uint64_t kernel_us = 0;
    double seconds = 0;
    bool alone = false;
    int64_t threshold = 0; // automatic
    std::string gate;

    Options(int argc, char **argv) {
        if (argc < 4) {
            fail("usage", "hip_preemption LABEL KERNEL_US SECONDS [--alone] [--threshold N] "
                          "[--gate host|device]");
        }
        label = argv[1];
        kernel_us = std::stoull(argv[2]);
        seconds = std::stod(argv[3]);
        for (int i = 4; i < argc; i++) {
            if (std::strcmp(argv[i], "--alone") == 0) {
                alone = true;
            } else if (i + 1 < argc && std::strcmp(argv[i], "--threshold") == 0) {
                threshold = std::stoll(argv[++i]);
            } else if (i + 1 < argc && std::strcmp(argv[i], "--gate") == 0) {
                gate = argv[++i];
            } else {
                fail("unknown option", argv[i]);
            }
        }
    }
};

/* The same sequence in every run; random, so that it keeps no step with the kernels. */
std::minstd_rand randomness(1);

void sleep_us(double least, double most) {
    std::this_thread::sleep_for(
        Microseconds(std::uniform_real_distribution<>(least, most)(randomness)));
}

double request_us(Stream &stream) {
    const auto begin = Clock::now();
    for (int i = 0; i < kRequestKernels; i++) {
        stream.launch(kRequestKernel_us);
    }
    stream.synchronize();
    return us_since(begin);
}

struct Requests {
    std::vector<double> latency_us;
    double low_per_s = 0; // kernels of the flood
};

Requests make_requests(Stream &high, const Stream &low, double seconds) {
    Requests result;
    const int64_t executed = low.executed();
    const auto begin = Clock::now();
    while (us_since(begin) < seconds * 1e6) {
        sleep_us(12e3, 20e3);
        result.latency_us.push_back(request_us(high));
    }
    result.low_per_s = static_cast<double>(low.executed() - executed) / us_since(begin) * 1e6;
    return result;
}

struct Suspensions {
    std::vector<double> latency_us;
    std::vector<double> still_ran; // kernels that ended between call and return
};

Suspensions suspend_flood(const Queue &queue, const Stream &low, const Options &options) {
    Suspensions result;
    const auto kernel_us = static_cast<double>(options.kernel_us);
    const auto begin = Clock::now();
    while (us_since(begin) < options.seconds * 1e6) {
        sleep_us(2e3 + kernel_us, 2e3 + 3 * kernel_us);
        const int64_t before = low.executed();
        const auto call = Clock::now();
        queue.suspend();
        result.latency_us.push_back(us_since(call));
        const int64_t after = low.executed();
        result.still_ran.push_back(static_cast<double>(after - before));
        sleep_us(1e3 + kernel_us, 1e3 + kernel_us);
        if (low.executed() != after) {
            fail("suspended", "a kernel ran after the suspension had returned");
        }
        queue.resume();
    }
    return result;
}

/* What one kernel takes from its launch to the end of the wait for it: the machine's own noise. */
std::vector<double> kernel_alone_us(Stream &stream, const Options &options) {
    std::vector<double> latency_us;
    const auto begin = Clock::now();
    while (us_since(begin) < options.seconds * 1e6 / 2) {
        sleep_us(1e3, 3e3);
        const auto launch = Clock::now();
        stream.launch(options.kernel_us);
        stream.synchronize();
        latency_us.push_back(us_since(launch));
    }
    return latency_us;
}

void write(Json &json, const char *key, const std::vector<double> &values) {
    json.array(key, [&] {
        for (const double value : values) {
            json.element(value);
        }
    });
}

} // namespace

int main(int argc, char **argv) {
    const Options options(argc, argv);
    Queue::schedule_by_priority();
    Stream low, high;
    const Queue low_queue(low, 1, options.threshold), high_queue(high, 10, 0);

    auto flood = options.alone ? nullptr : std::make_unique<Flood>(low, options.kernel_us);
    request_us(high);
    sleep_us(1e5, 1e5); // command times are known, pools are filled
    const Requests requests = make_requests(high, low, options.seconds);

    const XQueueStats stats = low_queue.stats();
    const std::string gate = !Queue::kScheduled ? "none" : stats.device_gate ? "device" : "host";
    if (Queue::kScheduled && !options.gate.empty() && gate != options.gate) {
        fail("another gate than expected", gate.c_str());
    }
    const bool suspends = Queue::kScheduled && !options.alone;
    const Suspensions suspensions =
        suspends ? suspend_flood(low_queue, low, options) : Suspensions{};
    flood.reset();
    const auto alone_us = kernel_alone_us(low, options);

    Json json(std::cout);
    json.object([&] {
        json.member("report", "hip_preemption");
        json.member("mode", options.label);
        json.member("kernel_us", static_cast<int64_t>(options.kernel_us));
        json.member("gate", gate);
        json.member("threshold", stats.threshold);
        write(json, "request_us", requests.latency_us);
        json.member("low_per_s", requests.low_per_s);
        write(json, "suspend_us", suspensions.latency_us);
        write(json, "still_ran", suspensions.still_ran);
        write(json, "kernel_alone_us", alone_us);
    });
    std::cout << '\n';
    return 0;
}
