// The table at the end of a run.
#include "results.hpp"

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <string>

namespace {

// Less than this is background noise.
constexpr double kQuietCores = 0.15;

std::string number(const char *format, double value) {
    if (!std::isfinite(value) || value == 0) {
        return "-";
    }
    char text[32];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

} // namespace

void print_table(const Results &results, const Experiment &experiment, const Options &options) {
    const auto low_rate = options.low_rate > 0 ? number("%.1f requests/s", options.low_rate)
                                               : std::string("one iteration after the other");
    std::printf("\n%s, LibTorch %s, libxsched %s\n", device_name().c_str(),
                libtorch_version().c_str(), XSchedVersion());
    std::printf("high  %s, batch %d, priority %d, %.1f requests/s = %.0f %% of its peak\n",
                experiment.high().name().c_str(), int(experiment.high().batch()),
                options.high_priority, experiment.high_rate(),
                100 * experiment.high_rate() / experiment.high_peak());
    std::printf("low   %s, batch %d, priority %d, %s\n\n", experiment.low().name().c_str(),
                int(experiment.low().batch()), options.low_priority, low_rate.c_str());

    std::printf(
        "            |           high: latency           |      low     |   CPU | decisions\n");
    std::printf(
        "mode        |  P50 ms   P99 ms   max ms      /s  | iterations/s | cores | suspend  "
        "resume\n");
    std::printf(
        "------------+------------------------------------+--------------+-------+----------"
        "------\n");
    for (const auto &[mode, result] : results.modes) {
        std::printf(
            "%-11s | %7s  %7s  %7s  %6s  | %12s | %5s | %7s %7s\n", mode_name(mode),
            number("%.2f", result.high.p50_ms).c_str(), number("%.2f", result.high.p99_ms).c_str(),
            number("%.2f", result.high.max_ms).c_str(), number("%.2f", result.high.rate).c_str(),
            number("%.2f", result.low.rate).c_str(), number("%.2f", result.cores).c_str(),
            number("%.0f", double(result.suspends)).c_str(),
            number("%.0f", double(result.resumes)).c_str());
    }
    const double native = results.high_p99_over_standalone(Mode::native);
    const double scheduled = results.high_p99_over_standalone(Mode::scheduled);
    std::printf("\n");
    if (native > 0 && scheduled > 0) {
        std::printf("high P99 over standalone   native %.2fx, scheduled %.2fx: %.2f times better\n",
                    native, scheduled, native / scheduled);
    }
    const double priority = results.high_p99_over_standalone(Mode::priority);
    if (priority > 0) {
        std::printf("                           stream priority %.2fx\n", priority);
    }
    if (results.low_kept_vs_native() > 0) {
        std::printf("low rate kept              %.1f %% of native\n",
                    100 * results.low_kept_vs_native());
    }
    std::printf("outputs                    %s\n",
                results.outputs_identical ? "bit-identical in every mode" : "DIFFERENT");
    std::printf("digests of the outputs     %016" PRIx64 " %016" PRIx64 "\n",
                experiment.high().digest(), experiment.low().digest());
    if (results.other_cores > kQuietCores) {
        std::printf("NOTE                       other programs kept %.1f cores busy meanwhile; "
                    "percentiles want an idle machine\n",
                    results.other_cores);
    }
}
