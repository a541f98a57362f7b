// One model's thread in one slice of the experiment: its stream lives as long as the thread.
#pragma once

#include "load.hpp"
#include "model.hpp"
#include "stream.hpp"

#include <functional>
#include <future>
#include <vector>

struct Outcome {
    std::vector<Request> warm_up, requests;
    std::vector<Span> spans;
    XQueueStats queue{}; // zero if there was none
};

class Lane {
  public:
    // What the thread does between warming up and taking its stream apart.
    using Work = std::function<std::vector<Request>(Stream &)>;

    // No thread.
    Lane() = default;
    // Starts the thread and waits until it is warmed up. Throws what the thread threw until then.
    Lane(Model &model, const StreamConfig &config, Work work);

    // Calls `tick` several times a second until the work is done. Throws what the thread threw.
    Outcome wait(const std::function<void()> &tick);
    // The stream's queue, while the work goes on; 0 if there is none.
    XQueueHandle queue() const { return queue_; }

  private:
    std::future<Outcome> outcome_;
    XQueueHandle queue_ = 0;
};
