// A stream that runs layers, and notes when each of them ran.
#pragma once

#include "device.hpp"
#include "model.hpp"

#include <xsched.h>

#include <chrono>
#include <optional>
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

// Throws what the library says was wrong, unless `result` is success.
void check(XResult result);

// Nothing if there is no queue, or none any more.
std::optional<XQueueStats> stats_of(XQueueHandle queue);

// Used by one thread.
class Stream {
  public:
    explicit Stream(const StreamConfig &config);

    // Launches the layer and returns. The layer must live until it has completed.
    void launch(const Layer &layer);
    // Waits until everything launched has completed. Throws if a layer did.
    void synchronize() { device_.synchronize(); }
    XQueueHandle queue() const { return device_.queue(); }

    // When each command ran; nothing on a GPU, whose own clock nobody asks. Only after `synchronize`.
    const std::vector<Span> &spans() const { return spans_; }
    void forget_spans() { spans_.clear(); }

  private:
    std::vector<Span> spans_; // written by the commands, one after the other
    DeviceStream device_;     // last: its commands use what is above
};
