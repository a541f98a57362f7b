#include "report.hpp"

#include "json.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <map>
#include <stdexcept>

namespace {

double ms_between(Time from, Time to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

void write_summary(Json &json, const Summary &summary) {
    const double unknown = std::nan("");
    const bool measured = summary.rate > 0;
    json.member("p50_ms", measured ? summary.p50_ms : unknown);
    json.member("p99_ms", measured ? summary.p99_ms : unknown);
    json.member("max_ms", measured ? summary.max_ms : unknown);
    json.member("rate", measured ? summary.rate : unknown);
}

void write_load(Json &json, const char *key, const LoadResult &load) {
    json.object(key, [&] {
        write_summary(json, load);
        json.array("rounds", [&] {
            for (const Summary &round : load.rounds) {
                json.object_element([&] { write_summary(json, round); });
            }
        });
        json.array("samples_ms", [&] {
            for (const double sample : load.samples_ms) {
                json.element(sample);
            }
        });
    });
}

void write_spans(Json &json, const char *key, const std::vector<Span> &spans,
                 const Request &request, double from_ms, double to_ms) {
    json.array(key, [&] {
        for (const auto &span : spans) {
            const double begin_ms = ms_between(request.due, span.begin);
            const double end_ms = ms_between(request.due, span.end);
            if (end_ms > from_ms && begin_ms < to_ms) {
                json.object_element([&] {
                    json.member("layer", span.layer->name);
                    json.member("begin_ms", begin_ms);
                    json.member("end_ms", end_ms);
                });
            }
        }
    });
}

void write_example(Json &json, Mode mode, const Example &example, double from_ms, double to_ms) {
    const Request &request = *example.request;
    json.object(mode_name(mode), [&] {
        json.member("from_ms", from_ms);
        json.member("to_ms", to_ms);
        json.member("begin_ms", ms_between(request.due, request.begin));
        json.member("end_ms", ms_between(request.due, request.end));
        write_spans(json, "high", example.slice->high.spans, request, from_ms, to_ms);
        write_spans(json, "low", example.slice->low.spans, request, from_ms, to_ms);
        json.array("low_held", [&] {
            if (request.hold) {
                json.object_element([&] {
                    const auto &hold = *request.hold;
                    json.member("begin_ms", ms_between(request.due, hold.begin));
                    json.member("end_ms", ms_between(request.due, hold.begin + hold.length));
                });
            }
        });
    });
}

// One request of each mode that has two models, over the same stretch of time, if it is known when its
// commands ran. Times count from the moment the request was due.
void write_timeline(Json &json, const Results &results, const std::vector<Slice> &slices) {
    std::map<Mode, Example> examples;
    double longest_ms = 0;
    for (const auto &[mode, result] : results.modes) {
        const auto example = typical_request(slices, mode, result.high.p50_ms);
        if (mode != Mode::standalone && example.request != nullptr &&
            !example.slice->high.spans.empty()) {
            examples.emplace(mode, example);
            longest_ms = std::max(longest_ms, example.request->latency_ms());
        }
    }
    json.object("timeline", [&] {
        for (const auto &[mode, example] : examples) {
            write_example(json, mode, example, -longest_ms / 4, longest_ms * 1.25);
        }
    });
}

std::string date() {
    const std::time_t time = std::time(nullptr);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
    return text;
}

std::string hexadecimal(uint64_t number) {
    char text[17];
    std::snprintf(text, sizeof text, "%016" PRIx64, number);
    return text;
}

void write_parameters(Json &json, const Experiment &experiment, const Options &options) {
    json.object("parameters", [&] {
        json.member("high_model", experiment.high().name());
        json.member("low_model", experiment.low().name());
        json.member("high_batch", options.high_batch);
        json.member("low_batch", options.low_batch);
        json.member("high_priority", options.high_priority);
        json.member("low_priority", options.low_priority);
        json.member("high_rate", experiment.high_rate());
        json.member("high_peak_rate", experiment.high_peak());
        json.member("low_rate", options.low_rate);
        json.member("jitter", options.jitter);
        json.member("level", options.level);
        json.member("threshold", options.threshold);
        json.member("launch_batch", options.launch_batch);
        json.member("equal_streams", options.equal_streams);
        json.member("swap_s", options.swap_s);
        json.member("duration_s", experiment.duration_s());
        json.member("rounds", options.rounds);
        json.member("seed", int64_t(options.seed));
    });
}

} // namespace

void require_writable(const std::string &path) {
    std::error_code ignored; // opening the file tells
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    if (!std::ofstream(path, std::ios::app)) {
        throw std::runtime_error("cannot write " + path);
    }
}

void write_report(const std::string &path, const Results &results, const std::vector<Slice> &slices,
                  const Experiment &experiment, const Options &options) {
    std::ofstream out(path);
    out << std::setprecision(9);
    Json json(out);
    json.object([&] {
        json.member("report", "dual_model");
        json.member("date", date());
        json.member("device", device_name());
        json.member("xsched_version", XSchedVersion());
        json.member("libtorch_version", libtorch_version());
        write_parameters(json, experiment, options);
        json.object("modes", [&] {
            for (const auto &[mode, result] : results.modes) {
                json.object(mode_name(mode), [&, &result = result] {
                    write_load(json, "high", result.high);
                    write_load(json, "low", result.low);
                    json.member("cores", result.cores);
                });
            }
        });
        json.object("ratios", [&] {
            json.member("high_p99_native", results.high_p99_over_standalone(Mode::native));
            json.member("high_p99_priority", results.high_p99_over_standalone(Mode::priority));
            json.member("high_p99_scheduled", results.high_p99_over_standalone(Mode::scheduled));
            json.member("low_kept_vs_native", results.low_kept_vs_native());
            json.member("low_kept_vs_alone", results.low_kept_vs_alone(Mode::scheduled));
        });
        json.object("decisions", [&] {
            const ModeResult &result = results.of(Mode::scheduled);
            json.member("suspends", result.suspends);
            json.member("resumes", result.resumes);
            json.member("held_ms", static_cast<double>(result.held_us) / 1000);
        });
        json.member("outputs_identical", results.outputs_identical);
        json.member("high_digest", hexadecimal(experiment.high().digest()));
        json.member("low_digest", hexadecimal(experiment.low().digest()));
        json.member("other_cores", results.other_cores);
        write_timeline(json, results, slices);
    });
    out << '\n';
    out.close();
    if (!out) {
        throw std::runtime_error("cannot write " + path);
    }
}
