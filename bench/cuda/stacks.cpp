#include "stacks.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <execinfo.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

/* Runs in the thread that is asked. Nothing here allocates, once `backtrace` has been called before. */
void print_own(int /*signal*/) {
    std::array<void *, 32> frames{};
    const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
    backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
}

} // namespace

void print_stacks() {
    std::array<void *, 1> frame{};
    backtrace(frame.data(), 1); // loads what it needs
    struct sigaction action = {};
    action.sa_handler = print_own;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, nullptr);
    for (const auto &task : std::filesystem::directory_iterator("/proc/self/task")) {
        const std::string id = task.path().filename();
        std::fprintf(stderr, "thread %s\n", id.c_str());
        syscall(SYS_tgkill, getpid(), std::atoi(id.c_str()), SIGUSR1);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}
