// The two application threads: one that serves requests when they are due, one that never stops.
#pragma once

#include "resnet.hpp"
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

// Serves one request per due time: copies the input, launches every layer, synchronises. A request
// that is late delays the next one, and that one's latency counts from its own due time.
std::vector<Request> serve(ResNet &model, Stream &stream, const std::vector<Time> &due,
                           const Stream &low, std::atomic<size_t> &served);

// Runs requests until `stop`, with no pause between them, or `rate` of them per second.
std::vector<Request> saturate(ResNet &model, Stream &stream, double rate,
                              std::atomic<size_t> &served, const std::atomic<bool> &stop);
