// The one place that knows which device runs the models. Here it is libxsched's software device,
// whose commands are C callbacks; device.cpp says where a GPU's stream goes.
#pragma once

#include "resnet.hpp"

#include <xsched.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using Time = std::chrono::steady_clock::time_point;

inline Time now() {
    return std::chrono::steady_clock::now();
}

// When the device ran a command.
struct Span {
    const Layer *layer;
    Time begin, end;
};

// What an XQueue is created with. Zero means automatic.
struct QueueConfig {
    Priority priority;
    int64_t level;
    int64_t threshold;
    int64_t launch_batch;
};

std::string device_name();

// Throws what the library says was wrong, unless `result` is success.
void check(XResult result);

// An in-order stream of the device. Used by one thread at a time, except for `queue_stats`.
class Stream {
  public:
    // All streams have the same device priority: what differs between the modes is the scheduler.
    explicit Stream(std::string name);
    ~Stream();
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    // Launches the layer as one command and returns. The layer must live until it has completed.
    void launch(const Layer &layer);
    // Waits until everything launched has completed. Throws if a layer did.
    void synchronize();

    // Puts an XQueue on the stream, or takes it off again.
    void attach_queue(const QueueConfig &config);
    XQueueStats detach_queue();
    // Nothing while there is no queue.
    std::optional<XQueueStats> queue_stats() const;

    // When each command ran, since the last call. Only after `synchronize`.
    std::vector<Span> take_spans();

  private:
    struct Command;
    static XResult run(HwQueueHandle, void *command);

    std::string name_;
    HwQueueHandle stream_ = 0;
    XQueueHandle queue_ = 0;
    std::vector<Span> spans_;
};
