#include "command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace {

[[noreturn]] void print_help(const char *program, const char *about,
                             const std::vector<Option> &options) {
    std::printf("%s\n\nUsage: %s [OPTION [VALUE]]...\n\n", about, program);
    for (const Option &option : options) {
        const std::string left =
            std::string(option.name) + (option.argument ? std::string(" ") + option.argument : "");
        std::printf("  %-20s %s\n", left.c_str(), option.help);
    }
    std::printf("  %-20s %s\n", "--help", "this text");
    std::exit(0);
}

[[noreturn]] void complain(const std::string &what, const char *why) {
    std::fprintf(stderr, "%s %s\n", what.c_str(), why);
    std::exit(2);
}

} // namespace

void parse(int argc, char **argv, const char *about, const std::vector<Option> &options) {
    for (int i = 1; i < argc; i++) {
        const std::string name = argv[i];
        if (name == "--help" || name == "-h") {
            print_help(argv[0], about, options);
        }
        const auto option = std::find_if(options.begin(), options.end(),
                                         [&](const Option &known) { return name == known.name; });
        if (option == options.end()) {
            complain(name, "is no option, see --help");
        }
        if (option->argument && i + 1 == argc) {
            complain(name, "needs a value");
        }
        try {
            option->set(option->argument ? argv[++i] : "");
        } catch (const std::invalid_argument &error) {
            complain(name + ":", error.what());
        }
    }
}

double number(const std::string &text, double least, double most) {
    char *end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value >= least && value <= most)) {
        std::ostringstream message;
        message << "'" << text << "' is not a number from " << least << " to " << most;
        throw std::invalid_argument(message.str());
    }
    return value;
}

std::vector<double> numbers(const std::string &text, double least, double most) {
    std::vector<double> values;
    std::istringstream list(text);
    for (std::string item; std::getline(list, item, ',');) {
        values.push_back(number(item, least, most));
    }
    if (values.empty()) {
        throw std::invalid_argument("at least one number is needed");
    }
    return values;
}
