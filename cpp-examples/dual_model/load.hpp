// The two application threads: one that serves requests when they are due, one that never stops.
#pragma once

#include "model.hpp"
#include "stream.hpp"

#include <atomic>
#include <optional>
#include <vector>

// For how long the scheduler held the low-priority queue for one request. It is held from the
// request's first launch on; the length is the library's own count.
struct Hold {
    Time begin;
    std::chrono::microseconds length;
};

struct Request {
    Time due;   // when it should have begun
    Time begin; // first launch
    Time end;   // synchronised
    bool exact; // output as computed without the device
    std::optional<Hold> hold;

    double latency_ms() const {
        return std::chrono::duration<double, std::milli>(end - due).count();
    }
};

// The first requests on a stream: LibTorch makes what it keeps for each stream or thread.
std::vector<Request> warm_up(Model &model, Stream &stream);

// Serves one request per due time: launches every layer, synchronises. A request that is late delays
// the next one, and that one's latency counts from its own due time. `low` is the other model's
// queue, or 0.
std::vector<Request> serve(Model &model, Stream &stream, const std::vector<Time> &due,
                           XQueueHandle low, std::atomic<size_t> &served);

// Runs requests until `stop`, with no pause between them, or `rate` of them per second.
std::vector<Request> saturate(Model &model, Stream &stream, double rate,
                              std::atomic<size_t> &served, const std::atomic<bool> &stop);
