// The report of a run as JSON, for tools.
#pragma once

#include "results.hpp"

#include <string>
#include <vector>

// Creates the directory if needed. Throws if the file cannot be written.
void write_report(const std::string &path, const Results &results, const std::vector<Slice> &slices,
                  const Experiment &experiment, const Options &options);
