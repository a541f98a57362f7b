#include "options.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <stdexcept>

namespace {

constexpr double kRequestCount = 240;
constexpr double kLongestDuration_s = 35;

struct Option {
    const char *name;
    const char *argument; // nullptr: a switch
    const char *help;
    std::function<void(const std::string &)> set;
};

double number(const std::string &text, double least, double most) {
    size_t end = 0;
    double value = 0;
    try {
        value = std::stod(text, &end);
    } catch (const std::exception &) {
        end = 0;
    }
    if (end == 0 || end != text.size() || !(value >= least && value <= most)) {
        std::ostringstream message;
        message << "'" << text << "' is not a number from " << least << " to " << most;
        throw std::invalid_argument(message.str());
    }
    return value;
}

template <typename Integer>
Integer integer(const std::string &text, int64_t least, int64_t most) {
    const double value = number(text, static_cast<double>(least), static_cast<double>(most));
    if (value != static_cast<double>(static_cast<int64_t>(value))) {
        throw std::invalid_argument("'" + text + "' is not a whole number");
    }
    return static_cast<Integer>(value);
}

Rate rate(const std::string &text) {
    if (!text.empty() && text.back() == '%') {
        return {number(text.substr(0, text.size() - 1), 0.1, 1000) / 100, true};
    }
    return {number(text, 0.01, 1e6), false};
}

std::vector<Mode> modes(const std::string &text) {
    std::vector<Mode> chosen;
    std::istringstream list(text);
    for (std::string name; std::getline(list, name, ',');) {
        bool known = false;
        for (const Mode mode : {Mode::standalone, Mode::native, Mode::priority, Mode::scheduled}) {
            if (name == mode_name(mode)) {
                chosen.push_back(mode);
                known = true;
            }
        }
        if (!known) {
            throw std::invalid_argument("'" + name +
                                        "' is none of standalone, native, priority, scheduled");
        }
    }
    if (chosen.empty()) {
        throw std::invalid_argument("at least one mode is needed");
    }
    return chosen;
}

std::vector<Option> options_of(Options &o) {
    return {
        {"--high", "LOAD", "the model that matters: resnet18, resnet50 or productsN [resnet18]",
         [&](const auto &text) { o.high_load = text; }},
        {"--low", "LOAD", "the one that does not [resnet50]",
         [&](const auto &text) { o.low_load = text; }},
        {"--high-rate", "R", "requests/s of the high-priority model, or N% of its own peak [20%]",
         [&](const auto &text) { o.high_rate = rate(text); }},
        {"--low-rate", "R", "requests/s of the low-priority model; 0 is as fast as it can [0]",
         [&](const auto &text) { o.low_rate = number(text, 0, 1e6); }},
        {"--jitter", "J", "spread of the high model's arrivals, as a share of the period [0.2]",
         [&](const auto &text) { o.jitter = number(text, 0, 1); }},
        {"--high-batch", "N", "images, or products at once, per request of the high model [1]",
         [&](const auto &text) { o.high_batch = integer<int64_t>(text, 1, 4096); }},
        {"--low-batch", "N", "the same of the low model [2]",
         [&](const auto &text) { o.low_batch = integer<int64_t>(text, 1, 4096); }},
        {"--high-priority", "P", "XHintPriority of the high model's queue [10]",
         [&](const auto &text) { o.high_priority = integer<int>(text, -256, 255); }},
        {"--low-priority", "P", "XHintPriority of the low model's queue [1]",
         [&](const auto &text) { o.low_priority = integer<int>(text, -256, 255); }},
        {"--level", "L", "preemption level: 1 block, 2 deactivate [1]",
         [&](const auto &text) { o.level = integer<int64_t>(text, 1, 3); }},
        {"--threshold", "N", "most commands of a queue in flight; 0 is automatic [0]",
         [&](const auto &text) { o.threshold = integer<int64_t>(text, 0, 1 << 20); }},
        {"--launch-batch", "N", "commands between two completion markers; 0 is automatic [0]",
         [&](const auto &text) { o.launch_batch = integer<int64_t>(text, 0, 1 << 20); }},
        {"--equal-streams", nullptr, "scheduled: no stream priority on a GPU either",
         [&](const auto &) { o.equal_streams = true; }},
        {"--swap", "S", "scheduled: the two queues exchange priorities every S seconds [never]",
         [&](const auto &text) { o.swap_s = number(text, 0.2, 86400); }},
        {"--duration", "S", "seconds per mode [as long as 240 requests take, at most 35]",
         [&](const auto &text) { o.duration_s = number(text, 0.1, 86400); }},
        {"--rounds", "N", "the modes take turns this often; their samples are pooled [6]",
         [&](const auto &text) { o.rounds = integer<int>(text, 1, 1000); }},
        {"--modes", "LIST", "some of standalone,native,priority,scheduled [all but priority]",
         [&](const auto &text) { o.modes = modes(text); }},
        {"--seed", "N", "of weights, inputs and arrivals [1]",
         [&](const auto &text) { o.seed = integer<uint64_t>(text, 0, INT64_C(1) << 48); }},
        {"--json", "PATH", "where the report goes; '' for none [reports/dual_model.json]",
         [&](const auto &text) { o.json_path = text; }},
        {"--trace", "PATH", "record the scheduler's decisions, for chrome://tracing or Perfetto",
         [&](const auto &text) { o.trace_path = text; }},
        {"--quiet", nullptr, "no progress line", [&](const auto &) { o.quiet = true; }},
    };
}

void print_help(const std::vector<Option> &options) {
    std::puts(
        "Two models share one device: ResNet-18 at a fixed request rate, which matters, and\n"
        "ResNet-50 flat out, which does not; or other loads. Compares the first one's latency\n"
        "  standalone  alone on the device (and the second one alone, for its rate),\n"
        "  native      beside the second one, the device serving both streams as they come,\n"
        "  priority    the same on streams of different device priority,\n"
        "  scheduled   the same with an XQueue on each stream, highest priority first; on a\n"
        "              GPU on streams of different device priority, too.\n"
        "Latency counts from the time at which a request was due, not from when the thread\n"
        "got round to it. Every output is compared bit by bit with one computed before there\n"
        "were any streams. Exits with 1 if one differs.\n\n"
        "The load productsN is ten batched products of NxN matrices. The device is part of\n"
        "the build: a GPU, the software device, or a stand-in for HIP; see\n"
        "cpp-examples/README.md.\n");
    std::puts("Usage: dual_model [OPTION VALUE]...\n");
    for (const auto &option : options) {
        const std::string left =
            std::string(option.name) + (option.argument ? std::string(" ") + option.argument : "");
        std::printf("  %-18s %s\n", left.c_str(), option.help);
    }
    std::printf("  %-18s %s\n", "--help", "this text");
}

} // namespace

const char *mode_name(Mode mode) {
    switch (mode) {
    case Mode::standalone:
        return "standalone";
    case Mode::native:
        return "native";
    case Mode::priority:
        return "priority";
    case Mode::scheduled:
        return "scheduled";
    }
    return "";
}

bool Options::has(Mode mode) const {
    return std::find(modes.begin(), modes.end(), mode) != modes.end();
}

double Options::default_duration_s(double requests_per_s) const {
    return std::min(kRequestCount / requests_per_s, kLongestDuration_s);
}

Options parse_options(int argc, char **argv) {
    Options result;
    const auto options = options_of(result);
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--help" || name == "-h") {
            print_help(options);
            std::exit(0);
        }
        const auto option = std::find_if(options.begin(), options.end(),
                                         [&](const Option &o) { return name == o.name; });
        if (option == options.end()) {
            throw std::invalid_argument("unknown option " + name + ", see --help");
        }
        if (option->argument && i + 1 == argc) {
            throw std::invalid_argument(name + " needs a value");
        }
        try {
            option->set(option->argument ? argv[++i] : "");
        } catch (const std::invalid_argument &error) {
            throw std::invalid_argument(name + ": " + error.what());
        }
    }
    if (result.threshold != 0 && result.launch_batch > result.threshold) {
        throw std::invalid_argument("--launch-batch must not exceed --threshold");
    }
    return result;
}
