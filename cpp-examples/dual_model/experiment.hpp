// Runs the two loads in one mode after the other.
#pragma once

#include "load.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "resnet.hpp"
#include "stream.hpp"

#include <vector>

// One mode for a few seconds. The first requests warm up and are not in `high` or `low`.
struct Slice {
    Mode mode;
    std::vector<Request> high, low;
    std::vector<Span> high_spans, low_spans;
    XQueueStats high_queue, low_queue; // zero unless scheduled
    bool outputs_exact;                // warm-up included
};

class Experiment {
  public:
    Experiment(const Options &options, Progress &progress);

    // Runs every mode `rounds` times, in turn, so that the machine's drift hits all of them alike.
    std::vector<Slice> run();

    const ResNet &high() const { return high_; }
    const ResNet &low() const { return low_; }
    // Requests per second of the high model when nothing else runs and nobody waits.
    double high_peak() const { return high_peak_; }
    double high_rate() const;
    double duration_s() const;

  private:
    double measure_peak();
    Slice run_slice(Mode mode, double seconds, int round, bool with_high);
    std::vector<Time> due_times(Time from, double seconds, int round) const;

    const Options &options_;
    Progress &progress_;
    ResNet high_, low_;
    Stream high_stream_{"high"}, low_stream_{"low"};
    double high_peak_ = 0;
};
