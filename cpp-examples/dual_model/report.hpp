// The report of a run as JSON, for tools.
#pragma once

#include "results.hpp"

#include <string>
#include <vector>

// Creates the directory if needed and throws if the file cannot be written: to be called before a
// run, so that a bad path does not cost one. A report of an earlier run is left as it is.
void require_writable(const std::string &path);

void write_report(const std::string &path, const Results &results, const std::vector<Slice> &slices,
                  const Experiment &experiment, const Options &options);
