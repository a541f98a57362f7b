#include "progress.hpp"

#include <cstdio>
#include <unistd.h>

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::show(const std::string &step) {
    print(step);
}

void Progress::show(const std::string &step, size_t high, size_t low) {
    if (terminal_) {
        print(step + ": " + std::to_string(high) + " requests, " + std::to_string(low) +
              " iterations");
    }
}

void Progress::finish() {
    if (!quiet_ && terminal_) {
        std::fputs("\r\033[K", stderr);
    }
}

void Progress::print(const std::string &text) {
    if (quiet_) {
        return;
    }
    const std::chrono::duration<double> time = now() - begin_;
    std::fprintf(stderr, terminal_ ? "\r[%3.0f s] %s\033[K" : "[%3.0f s] %s\n", time.count(),
                 text.c_str());
    std::fflush(stderr);
}
