#include "experiment.hpp"

#include "machine.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <random>
#include <thread>
#include <utility>

namespace {

constexpr size_t kPeakCount = 30;
// The low model alone is only needed for its rate, which settles sooner than a P99.
constexpr double kLowAloneShare = 0.25;

bool all_exact(const Outcome &outcome) {
    const auto exact = [](const Request &request) { return request.exact; };
    return std::all_of(outcome.warm_up.begin(), outcome.warm_up.end(), exact) &&
           std::all_of(outcome.requests.begin(), outcome.requests.end(), exact);
}

// Exchanges the priorities of two queues every few seconds.
class Swap {
  public:
    Swap(double period_s, XQueueHandle one, Priority of_one, XQueueHandle other, Priority of_other)
        : period_(std::chrono::milliseconds(int64_t(period_s * 1000))), one_(one), other_(other),
          of_one_(of_one), of_other_(of_other) {}

    void tick() {
        if (period_.count() == 0 || one_ == 0 || other_ == 0 || now() < next_) {
            return;
        }
        next_ += period_;
        std::swap(of_one_, of_other_);
        check(XHintPriority(one_, of_one_));
        check(XHintPriority(other_, of_other_));
    }

  private:
    const std::chrono::milliseconds period_;
    const XQueueHandle one_, other_;
    Priority of_one_, of_other_;
    Time next_ = now() + period_;
};

} // namespace

Experiment::Experiment(const Options &options, Progress &progress)
    : options_(options), progress_(progress),
      high_(options.high_load, options.high_batch, options.seed),
      low_(options.low_load, options.low_batch, options.seed + 1) {
    high_peak_ = measure_peak();
}

double Experiment::high_rate() const {
    return options_.high_rate.value * (options_.high_rate.of_peak ? high_peak_ : 1);
}

double Experiment::duration_s() const {
    return options_.duration_s > 0 ? options_.duration_s : options_.default_duration_s(high_rate());
}

double Experiment::measure_peak() {
    progress_.show(high_.name() + " alone: its peak rate");
    std::atomic<size_t> served{0};
    Lane lane(high_, stream_config("high", Mode::standalone, options_.high_priority),
              [&](Stream &stream) {
                  const std::vector<Time> at_once(kPeakCount, now());
                  return serve(high_, stream, at_once, 0, served);
              });
    auto requests = lane.wait([] {}).requests;
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
    const auto label = "round " + std::to_string(round + 1) + "/" +
                       std::to_string(options_.rounds) + "  " + mode_name(mode) +
                       (with_low ? with_high ? "" : " " + low_.name() : " " + high_.name());
    progress_.show(label);

    std::atomic<size_t> high_served{0}, low_served{0};
    std::atomic<bool> stop{false};
    Lane low, high;
    // Whatever happens to one thread, the other one is stopped and joined before it is reported.
    struct StopAtEnd {
        ~StopAtEnd() { stop = true; }
        std::atomic<bool> &stop;
    } const stop_at_end{stop};
    // Both begin when both are warm: the requests of a warm-up are more than what is asked for. Last, so that nobody
    // waits for one that failed.
    std::promise<void> warm;
    const auto both_warm = warm.get_future().share();

    if (with_low) {
        low = Lane(low_, stream_config("low", mode, options_.low_priority), [&](Stream &stream) {
            both_warm.wait();
            return saturate(low_, stream, options_.low_rate, low_served, stop);
        });
    }
    if (with_high) {
        high =
            Lane(high_, stream_config("high", mode, options_.high_priority), [&](Stream &stream) {
                both_warm.wait();
                const auto due = due_times(now(), seconds, round);
                return serve(high_, stream, due, low.queue(), high_served);
            });
    }

    Swap swap(options_.swap_s, high.queue(), options_.high_priority, low.queue(),
              options_.low_priority);
    const auto tick = [&] {
        progress_.show(label, high_served, low_served);
        swap.tick();
    };
    Slice slice{};
    slice.mode = mode;
    const Time begin = now();
    const double cpu_begin_s = process_cpu_s();
    warm.set_value();
    if (with_high) {
        slice.high = high.wait(tick);
    } else {
        const Time end = begin + std::chrono::milliseconds(int64_t(seconds * 1000));
        while (now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            tick();
        }
    }
    slice.cpu_s = process_cpu_s() - cpu_begin_s;
    slice.wall_s = std::chrono::duration<double>(now() - begin).count();
    stop = true;
    if (with_low) {
        slice.low = low.wait(tick);
    }
    slice.outputs_exact = all_exact(slice.high) && all_exact(slice.low);
    return slice;
}

StreamConfig Experiment::stream_config(const char *name, Mode mode, int priority) const {
    const bool scheduled = mode == Mode::scheduled;
    // Where there is no GPU the difference between native and scheduled is to be the scheduler's alone.
    const bool device_priority =
        mode == Mode::priority || (scheduled && is_gpu() && !options_.equal_streams);
    return {name,           priority,           device_priority,      scheduled,
            options_.level, options_.threshold, options_.launch_batch};
}

// The same in every mode. The jitter keeps the arrivals from locking onto the other model's rhythm;
// the mean rate is what was asked for.
std::vector<Time> Experiment::due_times(Time from, double seconds, int round) const {
    std::mt19937_64 random(options_.seed * 1000 + static_cast<uint64_t>(round));
    std::uniform_real_distribution<double> spread(0, options_.jitter);
    const double period = 1 / high_rate();
    const auto count = static_cast<size_t>(std::max(1.0, seconds / period));
    std::vector<Time> due;
    for (size_t k = 1; k <= count; ++k) {
        const double offset = (static_cast<double>(k) + spread(random)) * period;
        due.push_back(from + std::chrono::duration_cast<Time::duration>(
                                 std::chrono::duration<double>(offset)));
    }
    return due;
}
