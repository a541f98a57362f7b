#include "device.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

#if defined(DUAL_MODEL_CUDA) || defined(DUAL_MODEL_HIP)
// A GPU build of LibTorch needs a second `Stream` here, with the same members:
//   constructor      take a stream from LibTorch's pool, HipQueueCreate or CudaQueueCreate on it
//   launch           run the layer under a stream guard; it launches its GPU kernels by itself
//   synchronize      of the stream
//   take_spans       from pairs of events
// and `ResNet` its tensors on that device. Nothing else in this program knows the device.
#error "dual_model runs on the software device only"
#endif

struct Stream::Command {
    Stream &stream;
    const Layer &layer;
};

namespace {

// A slice of the experiment stays below this, so that recording never allocates in a command.
constexpr size_t kSpanCount = size_t{1} << 16;

} // namespace

std::string device_name() {
    std::string line;
    std::ifstream cpus("/proc/cpuinfo");
    while (std::getline(cpus, line)) {
        if (line.rfind("model name", 0) == 0) {
            return "software device (" + line.substr(line.find(": ") + 2) + ")";
        }
    }
    return "software device";
}

void check(XResult result) {
    if (result != kXSchedSuccess) {
        throw std::runtime_error(XSchedLastErrorMessage());
    }
}

Stream::Stream(std::string name) : name_(std::move(name)) {
    check(HostQueueCreate(&stream_, PRIORITY_DEFAULT));
    spans_.reserve(kSpanCount);
}

Stream::~Stream() {
    // On the way out of an error there is nobody left to tell.
    if (queue_ != 0) {
        (void)XQueueDestroy(queue_);
    }
    (void)HwQueueDestroy(stream_);
}

XResult Stream::run(HwQueueHandle, void *data) {
    const std::unique_ptr<Command> command(static_cast<Command *>(data));
    try {
        const Time begin = now();
        command->layer.run();
        auto &spans = command->stream.spans_;
        if (spans.size() < kSpanCount) {
            spans.push_back({&command->layer, begin, now()});
        }
        return kXSchedSuccess;
    } catch (const std::exception &error) {
        // An exception must not leave a callback; `synchronize` reports the failure.
        std::fprintf(stderr, "%s: %s\n", command->layer.name.c_str(), error.what());
        return kXSchedErrorHardware;
    }
}

void Stream::launch(const Layer &layer) {
    auto command = std::make_unique<Command>(Command{*this, layer});
    check(HostQueueLaunch(stream_, run, command.get()));
    (void)command.release(); // `run` owns it, and may have freed it already
}

void Stream::synchronize() {
    check(HwQueueSynchronize(stream_));
}

void Stream::attach_queue(const QueueConfig &config) {
    check(XQueueCreate(&queue_, stream_, config.level, kQueueCreateFlagNone));
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
