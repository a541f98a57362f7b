// How busy the machine was with anything else: percentiles of a disturbed run say little.
#pragma once

#include "stream.hpp"

// Processor time that this process has used, of all its threads together.
double process_cpu_s();

class MachineLoad {
  public:
    // Cores that other programs, or other virtual machines, used on average since construction.
    // NaN where /proc/stat cannot be read.
    double other_cores() const;

  private:
    static double machine_s();

    const Time begin_ = now();
    const double machine_begin_s_ = machine_s();
    const double process_begin_s_ = process_cpu_s();
};
