// What the samples say.
#pragma once

#include "experiment.hpp"

#include <map>
#include <vector>

// Of some requests of one model. Nothing measured: rate is 0.
struct Summary {
    double p50_ms = 0, p99_ms = 0, max_ms = 0;
    double rate = 0; // requests per second
};

// One model in one mode: all rounds pooled, and each by itself.
struct LoadResult : Summary {
    std::vector<double> samples_ms; // in the order of measurement
    std::vector<Summary> rounds;
};

struct ModeResult {
    LoadResult high, low;
    int64_t suspends = 0, resumes = 0; // of the low queue, by the scheduler
    int64_t held_us = 0;               // for how long, in all
    double cores = 0;                  // that this process used while the high model was served
};

struct Results {
    std::map<Mode, ModeResult> modes;
    bool outputs_identical = true;
    double other_cores = 0; // what other programs used meanwhile, see machine.hpp

    // All zero where the mode is missing.
    const ModeResult &of(Mode mode) const;
    // NaN where a mode is missing.
    double high_p99_over_standalone(Mode mode) const;
    double low_kept_vs_native() const;
    double low_kept_vs_alone(Mode mode) const;
};

Results results_of(const std::vector<Slice> &slices);

// A request whose latency is next to the mode's median, and the slice it was in. Null if there is
// none that can be drawn: of a scheduled one it must be known when the other queue was held.
struct Example {
    const Slice *slice;
    const Request *request;
};
Example typical_request(const std::vector<Slice> &slices, Mode mode, double median_ms);

void print_table(const Results &results, const Experiment &experiment, const Options &options);
