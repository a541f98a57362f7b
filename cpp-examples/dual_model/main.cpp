// Two real models on one device, from two threads of one process: see --help.
#include "experiment.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "report.hpp"
#include "results.hpp"

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace {

int run(const Options &options) {
    const bool with_report = !options.json_path.empty();
    if (with_report) {
        require_writable(options.json_path);
    }
    Progress progress(options.quiet);
    progress.show(device_name() + ": weights and reference outputs of both models");
    Experiment experiment(options, progress);
    if (!options.trace_path.empty()) {
        check(XSchedTraceStart(options.trace_path.c_str()));
    }
    const MachineLoad load{};
    const auto slices = experiment.run();
    const double other_cores = load.other_cores();
    if (!options.trace_path.empty()) {
        check(XSchedTraceStop());
    }
    progress.finish();

    Results results = results_of(slices);
    results.other_cores = other_cores;
    print_table(results, experiment, options);
    if (with_report) {
        write_report(options.json_path, results, slices, experiment, options);
        std::printf("report                     %s\n", options.json_path.c_str());
    }
    return results.outputs_identical ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
    try {
        return run(parse_options(argc, argv));
    } catch (const std::invalid_argument &error) {
        std::fprintf(stderr, "dual_model: %s\n", error.what());
        return 2;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "dual_model: %s\n", error.what());
        return 3;
    }
}
