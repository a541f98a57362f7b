/*
 * What every report of a CUDA benchmark begins with, and the options that say so.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "command_line.hpp"
#include "device.hpp"
#include "json.hpp"

#include <fstream>
#include <iostream>
#include <string>
#include <vector>

struct RunOptions {
    std::string mode = "native";
    int repetition = 1;
    std::string json_path = "-";

    std::vector<Option> options() {
        return {
            {"--mode", "NAME", "what the report calls this way of running [native]",
             [this](const auto &text) { mode = text; }},
            {"--repetition", "N", "number of the repetition, by which reports are paired [1]",
             [this](const auto &text) { repetition = static_cast<int>(number(text, 0, 1e6)); }},
            {"--json", "PATH", "where the report goes; - is standard output [-]",
             [this](const auto &text) { json_path = text; }},
        };
    }

    /* `more` are the program's own options. */
    void parse_all(int argc, char **argv, const char *about, const std::vector<Option> &more) {
        std::vector<Option> all = more;
        for (const Option &option : options()) {
            all.push_back(option);
        }
        parse(argc, argv, about, all);
    }
};

inline void write(Json &json, const char *key, const std::vector<double> &values) {
    json.array(key, [&] {
        for (const double value : values) {
            json.element(value);
        }
    });
}

/* On what it was measured: members. */
inline void write_machine(Json &json, const Device &device) {
    json.member("device", device.name());
    json.member("driver", device.driver());
    json.member("stand_in", device.stand_in());
}

/* `fill` writes the members of its own. */
template <typename Fill>
void write_report(const char *kind, const RunOptions &options, const Device &device,
                  const Fill &fill) {
    std::ofstream file;
    if (options.json_path != "-") {
        file.open(options.json_path);
    }
    std::ostream &out = options.json_path == "-" ? std::cout : file;
    Json json(out);
    json.object([&] {
        json.member("report", kind);
        json.member("mode", options.mode);
        json.member("repetition", options.repetition);
        write_machine(json, device);
        fill(json);
    });
    out << std::endl;
    if (!out) {
        fail(options.json_path.c_str(), "cannot be written");
    }
}
