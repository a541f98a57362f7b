#include "machine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace {

double seconds(const timeval &time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

double process_cpu_s() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double MachineLoad::other_cores() const {
    const double others = machine_s() - machine_begin_s_ - (process_cpu_s() - process_begin_s_);
    const double cores = others / std::chrono::duration<double>(now() - begin_).count();
    return std::isnan(cores) ? cores : std::max(cores, 0.0);
}

// Processor time that was not idle, of all processors together.
double MachineLoad::machine_s() {
    std::ifstream stat("/proc/stat");
    std::string cpu;
    // user nice system idle iowait irq softirq steal; the kernel counts guests in user.
    std::array<double, 8> ticks{};
    stat >> cpu;
    for (double &value : ticks) {
        stat >> value;
    }
    if (!stat) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7];
    return busy / static_cast<double>(sysconf(_SC_CLK_TCK));
}
