/*
 * Options of a program: their values, and its --help.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <functional>
#include <string>
#include <vector>

struct Option {
    const char *name;
    const char *argument; /* nullptr: a switch */
    const char *help;
    std::function<void(const std::string &)> set; /* throws std::invalid_argument */
};

/* Ends the program after --help, or with 2 and a message. */
void parse(int argc, char **argv, const char *about, const std::vector<Option> &options);

double number(const std::string &text, double least, double most);

/* Numbers, separated by commas. */
std::vector<double> numbers(const std::string &text, double least, double most);
