#include "load.hpp"

#include <thread>

namespace {

constexpr uint64_t kWarmUpCount = 2;

Request run_request(Model &model, Stream &stream, uint64_t number, Time due) {
    model.set_request(number);
    Request request{due, now(), {}, false, std::nullopt};
    for (const auto &layer : model.layers()) {
        stream.launch(layer);
    }
    stream.synchronize();
    request.end = now();
    request.exact = model.output_is_exact();
    return request;
}

// Nothing where the low queue was held more than once, or still is: then the begin is unknown.
std::optional<Hold> hold_between(const std::optional<XQueueStats> &before,
                                 const std::optional<XQueueStats> &after, Time begin) {
    if (!before || !after || after->suspends != before->suspends + 1 || after->suspended != 0) {
        return std::nullopt;
    }
    return Hold{begin, std::chrono::microseconds(after->suspended_us - before->suspended_us)};
}

} // namespace

std::vector<Request> warm_up(Model &model, Stream &stream) {
    std::vector<Request> requests;
    for (uint64_t number = 0; number < kWarmUpCount; ++number) {
        requests.push_back(run_request(model, stream, number, now()));
    }
    stream.forget_spans();
    return requests;
}

std::vector<Request> serve(Model &model, Stream &stream, const std::vector<Time> &due,
                           XQueueHandle low, std::atomic<size_t> &served) {
    std::vector<Request> requests;
    requests.reserve(due.size());
    for (const Time time : due) {
        const auto before = stats_of(low);
        std::this_thread::sleep_until(time);
        requests.push_back(run_request(model, stream, requests.size(), time));
        requests.back().hold = hold_between(before, stats_of(low), requests.back().begin);
        ++served;
    }
    return requests;
}

std::vector<Request> saturate(Model &model, Stream &stream, double rate,
                              std::atomic<size_t> &served, const std::atomic<bool> &stop) {
    std::vector<Request> requests;
    Time due = now();
    while (!stop) {
        if (rate > 0) {
            std::this_thread::sleep_until(due);
        } else {
            due = now();
        }
        requests.push_back(run_request(model, stream, requests.size(), due));
        ++served;
        if (rate > 0) {
            due +=
                std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(1 / rate));
        }
    }
    return requests;
}
