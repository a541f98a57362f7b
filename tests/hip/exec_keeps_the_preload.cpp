/*
 * A program that replaces itself runs the same way afterwards, and there is one scheduler in it: one
 * library, one monitor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

/* Files mapped into this process whose name starts so. */
size_t mapped_files(const std::string &prefix) {
    std::set<std::string> files;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const size_t path = line.find('/');
        if (path != std::string::npos &&
            fs::path(line.substr(path)).filename().string().rfind(prefix, 0) == 0) {
            files.insert(line.substr(path));
        }
    }
    return files.size();
}

size_t threads_named(const std::string &name) {
    size_t count = 0;
    for (const fs::directory_entry &task : fs::directory_iterator("/proc/self/task")) {
        std::ifstream file(task.path() / "comm");
        std::string comm;
        std::getline(file, comm);
        count += comm == name;
    }
    return count;
}

/* One queue holds another, for which a scheduler starts its monitor. */
void one_scheduler() {
    Ledger low_ledger;
    Ledger high_ledger;
    Blocker blocker;
    Stream low_stream(hipStreamNonBlocking);
    Stream high_stream(hipStreamNonBlocking);
    const Queue low(low_stream);
    const Queue high(high_stream);
    schedule_by_priority();
    low.priority(1);
    high.priority(10);
    low_ledger.append(low_stream);
    blocker.block(high_stream);
    high_ledger.append(high_stream);
    if (scheduled()) {
        WAIT_FOR(low.stats().suspended == 1);
        CHECK(threads_named("xsched-monitor") == 1);
    }
    CHECK(mapped_files("libxsched_hip.so") <= 1);
    CHECK(mapped_files("libamdhip64.so") == 1);
    blocker.open();
    OK(hipDeviceSynchronize());
    CHECK(low_ledger.complete() && high_ledger.complete());
}

} // namespace

int main(int count, char **arguments) {
    const bool again = count > 1;
    say("%s", again ? "after exec" : "before exec");
    RUN(one_scheduler);
    const int result = finish();
    if (!again) {
        execl("/proc/self/exe", arguments[0], "again", nullptr);
        fail(__FILE__, __LINE__, "exec");
    }
    return result;
}
