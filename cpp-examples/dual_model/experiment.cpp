#include "experiment.hpp"

#include <algorithm>
#include <future>
#include <random>
#include <thread>

namespace {

constexpr size_t kWarmUpCount = 2;
constexpr size_t kPeakCount = 30;
// ResNet-50 alone is only needed for its rate, which settles sooner than a P99.
constexpr double kLowAloneShare = 0.25;

// Keeps the threads' exceptions, and the progress line moving.
template <typename Result, typename Report>
Result await(std::future<Result> &thread, const Report &report) {
    while (thread.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) {
        report();
    }
    return thread.get();
}

bool all_exact(const std::vector<Request> &requests) {
    return std::all_of(requests.begin(), requests.end(), [](const auto &r) { return r.exact; });
}

void drop_warm_up(std::vector<Request> &requests) {
    requests.erase(requests.begin(), requests.begin() + std::min(kWarmUpCount, requests.size()));
}

} // namespace

Experiment::Experiment(const Options &options, Progress &progress)
    : options_(options), progress_(progress), high_(18, options.high_batch, options.seed),
      low_(50, options.low_batch, options.seed + 1) {
    high_peak_ = measure_peak();
}

double Experiment::high_rate() const {
    return options_.high_rate.value * (options_.high_rate.of_peak ? high_peak_ : 1);
}

double Experiment::duration_s() const {
    return options_.duration_s > 0 ? options_.duration_s : options_.default_duration_s(high_rate());
}

double Experiment::measure_peak() {
    progress_.show("ResNet-18 alone: its peak rate");
    std::atomic<size_t> served{0};
    const std::vector<Time> at_once(kWarmUpCount + kPeakCount, now());
    auto requests = serve(high_, high_stream_, at_once, low_stream_, served);
    high_stream_.take_spans();
    drop_warm_up(requests);
    // The median, so that a hiccup of the machine does not set the rate of the whole run.
    const auto median = requests.begin() + kPeakCount / 2;
    std::nth_element(requests.begin(), median, requests.end(), [](const auto &a, const auto &b) {
        return a.end - a.begin < b.end - b.begin;
    });
    return 1 / std::chrono::duration<double>(median->end - median->begin).count();
}

std::vector<Slice> Experiment::run() {
    if (options_.has(Mode::scheduled)) {
        check(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    }
    const double seconds = duration_s() / options_.rounds;
    std::vector<Slice> slices;
    for (int round = 0; round < options_.rounds; ++round) {
        for (const Mode mode : options_.modes) {
            slices.push_back(run_slice(mode, seconds, round, true));
            if (mode == Mode::standalone) {
                slices.push_back(run_slice(mode, seconds * kLowAloneShare, round, false));
            }
        }
    }
    return slices;
}

Slice Experiment::run_slice(Mode mode, double seconds, int round, bool with_high) {
    const bool with_low = mode != Mode::standalone || !with_high;
    const bool scheduled = mode == Mode::scheduled;
    const auto label = "round " + std::to_string(round + 1) + "/" +
                       std::to_string(options_.rounds) + "  " + mode_name(mode) +
                       (with_low ? with_high ? "" : " ResNet-50" : " ResNet-18");
    progress_.show(label);
    if (scheduled) {
        high_stream_.attach_queue(
            {options_.high_priority, options_.level, options_.threshold, options_.launch_batch});
        low_stream_.attach_queue(
            {options_.low_priority, options_.level, options_.threshold, options_.launch_batch});
    }

    std::atomic<size_t> high_served{0}, low_served{0};
    std::atomic<bool> stop{false};
    const auto report = [&] { progress_.show(label, high_served, low_served); };
    Slice slice{};
    slice.mode = mode;

    std::future<std::vector<Request>> low;
    if (with_low) {
        low = std::async(std::launch::async, [&] {
            return saturate(low_, low_stream_, options_.low_rate, low_served, stop);
        });
    }
    // Whatever happens to one thread, the other one is stopped and joined before it is reported.
    try {
        if (with_high) {
            const auto due = due_times(now(), seconds, round);
            auto high = std::async(std::launch::async, [&] {
                return serve(high_, high_stream_, due, low_stream_, high_served);
            });
            slice.high = await(high, report);
        } else {
            const Time end = now() + std::chrono::milliseconds(int64_t(seconds * 1000));
            while (now() < end) {
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
                report();
            }
        }
    } catch (...) {
        stop = true;
        throw;
    }
    stop = true;
    if (with_low) {
        slice.low = await(low, report);
    }

    if (scheduled) {
        slice.high_queue = high_stream_.detach_queue();
        slice.low_queue = low_stream_.detach_queue();
    }
    slice.outputs_exact = all_exact(slice.high) && all_exact(slice.low);
    slice.high_spans = high_stream_.take_spans();
    slice.low_spans = low_stream_.take_spans();
    drop_warm_up(slice.high);
    drop_warm_up(slice.low);
    return slice;
}

// The same in every mode. The jitter keeps the arrivals from locking onto the other model's rhythm;
// the mean rate is what was asked for.
std::vector<Time> Experiment::due_times(Time from, double seconds, int round) const {
    std::mt19937_64 random(options_.seed * 1000 + static_cast<uint64_t>(round));
    std::uniform_real_distribution<double> spread(0, options_.jitter);
    const double period = 1 / high_rate();
    const auto count = kWarmUpCount + static_cast<size_t>(std::max(1.0, seconds / period));
    std::vector<Time> due;
    for (size_t k = 1; k <= count; ++k) {
        const double offset = (static_cast<double>(k) + spread(random)) * period;
        due.push_back(from + std::chrono::duration_cast<Time::duration>(
                                 std::chrono::duration<double>(offset)));
    }
    return due;
}
