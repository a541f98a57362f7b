#include "lane.hpp"

#include <chrono>
#include <utility>

Lane::Lane(Model &model, const StreamConfig &config, Work work) {
    std::promise<XQueueHandle> warmed_up;
    auto queue = warmed_up.get_future();
    outcome_ = std::async(std::launch::async, [&model, config, work = std::move(work),
                                               warmed_up = std::move(warmed_up)]() mutable {
        // Ends with this scope, so that nobody waits for a thread that failed.
        auto told = std::move(warmed_up);
        Stream stream(config);
        Outcome outcome;
        outcome.warm_up = warm_up(model, stream);
        told.set_value(stream.queue());
        outcome.requests = work(stream);
        outcome.spans = stream.spans();
        outcome.queue = stats_of(stream.queue()).value_or(XQueueStats{});
        return outcome;
    });
    try {
        queue_ = queue.get();
    } catch (const std::future_error &) { // the thread ended before
        outcome_.get();
        throw;
    }
}

Outcome Lane::wait(const std::function<void()> &tick) {
    while (outcome_.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) {
        tick();
    }
    return outcome_.get();
}
