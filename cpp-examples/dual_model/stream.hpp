// A stream that runs layers, notes when each of them ran, and may be given an XQueue.
#pragma once

#include "device.hpp"
#include "resnet.hpp"

#include <xsched.h>

#include <chrono>
#include <exception>
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

// Throws what the library says was wrong, unless `result` is success.
void check(XResult result);

// Used by one thread at a time, except for `queue_stats`.
class Stream {
  public:
    explicit Stream(std::string name);
    ~Stream();

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
    void run(const Layer &layer) noexcept;

    std::string name_;
    XQueueHandle queue_ = 0;
    // Written by the commands, one after the other.
    std::vector<Span> spans_;
    std::exception_ptr failure_;
    DeviceStream device_; // last: its commands use all of the above
};
