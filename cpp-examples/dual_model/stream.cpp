#include "stream.hpp"

#include <stdexcept>
#include <utility>

namespace {

// A slice of the experiment stays below this, so that recording never allocates in a command.
constexpr size_t kSpanCount = size_t{1} << 16;

} // namespace

void check(XResult result) {
    if (result != kXSchedSuccess) {
        throw std::runtime_error(XSchedLastErrorMessage());
    }
}

Stream::Stream(std::string name) : name_(std::move(name)) {
    spans_.reserve(kSpanCount);
}

Stream::~Stream() {
    // On the way out of an error there is nobody left to tell.
    if (queue_ != 0) {
        (void)XQueueDestroy(queue_);
    }
}

// An exception must not leave a command; `synchronize` throws it.
void Stream::run(const Layer &layer) noexcept {
    try {
        const Time begin = now();
        layer.run();
        if (spans_.size() < kSpanCount) {
            spans_.push_back({&layer, begin, now()});
        }
    } catch (...) {
        failure_ = std::current_exception();
    }
}

void Stream::launch(const Layer &layer) {
    device_.launch([this, &layer] { run(layer); });
}

void Stream::synchronize() {
    device_.synchronize();
    if (failure_) {
        std::rethrow_exception(std::exchange(failure_, nullptr));
    }
}

void Stream::attach_queue(const QueueConfig &config) {
    check(XQueueCreate(&queue_, device_.handle(), config.level, kQueueCreateFlagNone));
    check(XQueueSetName(queue_, name_.c_str()));
    check(XHintPriority(queue_, config.priority));
    check(XQueueSetLaunchConfig(queue_, config.threshold, config.launch_batch));
}

XQueueStats Stream::detach_queue() {
    XQueueStats stats;
    check(XQueueGetStats(queue_, &stats));
    check(XQueueDestroy(queue_));
    queue_ = 0;
    return stats;
}

std::optional<XQueueStats> Stream::queue_stats() const {
    if (queue_ == 0) {
        return std::nullopt;
    }
    XQueueStats stats;
    check(XQueueGetStats(queue_, &stats));
    return stats;
}

std::vector<Span> Stream::take_spans() {
    std::vector<Span> spans(spans_);
    spans_.clear();
    return spans;
}
