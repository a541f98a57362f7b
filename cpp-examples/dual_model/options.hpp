// The command line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

enum class Mode { standalone, native, priority, scheduled };

const char *mode_name(Mode mode);

// Requests per second, or a share of the model's own peak.
struct Rate {
    double value;
    bool of_peak;
};

struct Options {
    std::string high_load = "resnet18";
    std::string low_load = "resnet50";
    Rate high_rate{0.2, true};
    double low_rate = 0; // 0: one request after the other
    double jitter = 0.2;
    int64_t high_batch = 1;
    int64_t low_batch = 2;
    int high_priority = 10;
    int low_priority = 1;
    int64_t level = 1;
    int64_t threshold = 0;
    int64_t launch_batch = 0;
    bool equal_streams = false;
    double swap_s = 0;     // 0: never
    double duration_s = 0; // 0: see `default_duration_s`
    int rounds = 6;
    std::vector<Mode> modes{Mode::standalone, Mode::native, Mode::scheduled};
    uint64_t seed = 1;
    std::string json_path = "reports/dual_model.json";
    std::string trace_path;
    bool quiet = false;

    bool has(Mode mode) const;
    // Enough requests for a P99, in bounded time.
    double default_duration_s(double requests_per_s) const;
};

// Exits after --help; throws std::invalid_argument with a message for the user.
Options parse_options(int argc, char **argv);
