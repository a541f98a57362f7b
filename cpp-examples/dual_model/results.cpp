#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

using Seconds = std::chrono::duration<double>;

// Nearest rank.
double percentile(const std::vector<double> &sorted, double percent) {
    const auto rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
    return sorted[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

// Samples of one load, slice by slice; the time between slices counts for nothing.
class Pool {
  public:
    void add(const std::vector<Request> &requests) {
        if (requests.empty()) {
            return;
        }
        for (const auto &request : requests) {
            samples_ms_.push_back(request.latency_ms());
        }
        // From the first due time to the last end there are as many periods as requests where the
        // load never pauses, and one service time more than the last period where it does.
        duration_ += requests.back().end - requests.front().due;
    }

    LoadResult result() const {
        LoadResult result;
        if (samples_ms_.empty()) {
            return result;
        }
        result.samples_ms = samples_ms_;
        std::vector<double> sorted = samples_ms_;
        std::sort(sorted.begin(), sorted.end());
        result.p50_ms = percentile(sorted, 50);
        result.p99_ms = percentile(sorted, 99);
        result.max_ms = sorted.back();
        result.rate = static_cast<double>(sorted.size()) / duration_.count();
        return result;
    }

  private:
    std::vector<double> samples_ms_;
    Seconds duration_{0};
};

double ratio(double a, double b) {
    return a > 0 && b > 0 ? a / b : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

double Results::high_p99_over_standalone(Mode mode) const {
    const auto standalone = modes.find(Mode::standalone);
    const auto other = modes.find(mode);
    return standalone == modes.end() || other == modes.end()
               ? ratio(0, 0)
               : ratio(other->second.high.p99_ms, standalone->second.high.p99_ms);
}

double Results::low_kept_vs_native() const {
    const auto native = modes.find(Mode::native);
    const auto scheduled = modes.find(Mode::scheduled);
    return native == modes.end() || scheduled == modes.end()
               ? ratio(0, 0)
               : ratio(scheduled->second.low.rate, native->second.low.rate);
}

Results results_of(const std::vector<Slice> &slices) {
    Results results;
    std::map<Mode, Pool> high, low;
    for (const auto &slice : slices) {
        high[slice.mode].add(slice.high);
        low[slice.mode].add(slice.low);
        auto &mode = results.modes[slice.mode];
        mode.suspends += slice.low_queue.suspends;
        mode.resumes += slice.low_queue.resumes;
        mode.held_us += slice.low_queue.suspended_us;
        results.outputs_identical = results.outputs_identical && slice.outputs_exact;
    }
    for (auto &[mode, result] : results.modes) {
        result.high = high[mode].result();
        result.low = low[mode].result();
    }
    return results;
}

Example typical_request(const std::vector<Slice> &slices, Mode mode, double median_ms) {
    Example example{nullptr, nullptr};
    double nearest = std::numeric_limits<double>::infinity();
    for (const auto &slice : slices) {
        for (const auto &request : slice.high) {
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
