#include "stream.hpp"

#include <stdexcept>

namespace {

// A slice of the experiment stays below this, so that recording never allocates in a command.
constexpr size_t kSpanCount = size_t{1} << 16;

} // namespace

void check(XResult result) {
    if (result != kXSchedSuccess) {
        throw std::runtime_error(XSchedLastErrorMessage());
    }
}

std::optional<XQueueStats> stats_of(XQueueHandle queue) {
    XQueueStats stats;
    if (queue == 0 || XQueueGetStats(queue, &stats) != kXSchedSuccess) {
        return std::nullopt;
    }
    return stats;
}

Stream::Stream(const StreamConfig &config) : device_(config) {
    if (!is_gpu()) {
        spans_.reserve(kSpanCount);
    }
}

void Stream::launch(const Layer &layer) {
    device_.launch([this, &layer] {
        const Time begin = now();
        layer.run();
        if (spans_.size() < spans_.capacity()) {
            spans_.push_back({&layer, begin, now()});
        }
    });
}
