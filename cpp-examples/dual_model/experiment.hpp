// Runs the two loads in one mode after the other.
#pragma once

#include "lane.hpp"
#include "load.hpp"
#include "model.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "stream.hpp"

#include <vector>

// One mode for a few seconds.
struct Slice {
    Mode mode;
    Outcome high, low;  // empty if it did not run
    bool outputs_exact; // warm-up included
    // Of this process, while the requests were served.
    double cpu_s, wall_s;
};

class Experiment {
  public:
    Experiment(const Options &options, Progress &progress);

    // Runs every mode `rounds` times, in turn, so that the machine's drift hits all of them alike.
    std::vector<Slice> run();

    const Model &high() const { return high_; }
    const Model &low() const { return low_; }
    // Requests per second of the high model when nothing else runs and nobody waits.
    double high_peak() const { return high_peak_; }
    double high_rate() const;
    double duration_s() const;

  private:
    double measure_peak();
    Slice run_slice(Mode mode, double seconds, int round, bool with_high);
    StreamConfig stream_config(const char *name, Mode mode, int priority) const;
    std::vector<Time> due_times(Time from, double seconds, int round) const;

    const Options &options_;
    Progress &progress_;
    Model high_, low_;
    double high_peak_ = 0;
};
