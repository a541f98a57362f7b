#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace {

using Seconds = std::chrono::duration<double>;

// Nearest rank.
double percentile(const std::vector<double> &sorted, double percent) {
    const auto rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
    return sorted[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

Summary summary(std::vector<double> samples_ms, Seconds duration) {
    std::sort(samples_ms.begin(), samples_ms.end());
    return {percentile(samples_ms, 50), percentile(samples_ms, 99), samples_ms.back(),
            static_cast<double>(samples_ms.size()) / duration.count()};
}

// Samples of one load, slice by slice; the time between slices counts for nothing.
class Pool {
  public:
    void add(const std::vector<Request> &requests) {
        if (requests.empty()) {
            return;
        }
        std::vector<double> samples_ms;
        for (const auto &request : requests) {
            samples_ms.push_back(request.latency_ms());
        }
        // From the first due time to the last end there are as many periods as requests where the
        // load never pauses, and one service time more than the last period where it does.
        const Seconds duration = requests.back().end - requests.front().due;
        result_.samples_ms.insert(result_.samples_ms.end(), samples_ms.begin(), samples_ms.end());
        result_.rounds.push_back(summary(std::move(samples_ms), duration));
        duration_ += duration;
    }

    LoadResult result() && {
        if (!result_.samples_ms.empty()) {
            static_cast<Summary &>(result_) = summary(result_.samples_ms, duration_);
        }
        return std::move(result_);
    }

  private:
    LoadResult result_;
    Seconds duration_{0};
};

double ratio(double a, double b) {
    return a > 0 && b > 0 ? a / b : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

double Results::high_p99_over_standalone(Mode mode) const {
    return ratio(of(mode).high.p99_ms, of(Mode::standalone).high.p99_ms);
}

double Results::low_kept_vs_native() const {
    return ratio(of(Mode::scheduled).low.rate, of(Mode::native).low.rate);
}

double Results::low_kept_vs_alone(Mode mode) const {
    return ratio(of(mode).low.rate, of(Mode::standalone).low.rate);
}

const ModeResult &Results::of(Mode mode) const {
    static const ModeResult none;
    const auto found = modes.find(mode);
    return found == modes.end() ? none : found->second;
}

Results results_of(const std::vector<Slice> &slices) {
    Results results;
    std::map<Mode, Pool> high, low;
    std::map<Mode, double> cpu_s, wall_s;
    for (const auto &slice : slices) {
        high[slice.mode].add(slice.high.requests);
        low[slice.mode].add(slice.low.requests);
        if (!slice.high.requests.empty()) {
            cpu_s[slice.mode] += slice.cpu_s;
            wall_s[slice.mode] += slice.wall_s;
        }
        auto &mode = results.modes[slice.mode];
        mode.suspends += slice.low.queue.suspends;
        mode.resumes += slice.low.queue.resumes;
        mode.held_us += slice.low.queue.suspended_us;
        results.outputs_identical = results.outputs_identical && slice.outputs_exact;
    }
    for (auto &[mode, result] : results.modes) {
        result.high = std::move(high[mode]).result();
        result.low = std::move(low[mode]).result();
        result.cores = cpu_s[mode] / wall_s[mode];
    }
    return results;
}

Example typical_request(const std::vector<Slice> &slices, Mode mode, double median_ms) {
    Example example{nullptr, nullptr};
    double nearest = std::numeric_limits<double>::infinity();
    for (const auto &slice : slices) {
        for (const auto &request : slice.high.requests) {
            const bool drawable = mode != Mode::scheduled || request.hold;
            const double distance = std::abs(request.latency_ms() - median_ms);
            if (slice.mode == mode && drawable && distance < nearest) {
                nearest = distance;
                example = {&slice, &request};
            }
        }
    }
    return example;
}
