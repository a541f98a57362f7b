/*
 * A program that replaces itself runs the same way afterwards, and there is one scheduler in it: one
 * library, one monitor.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
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
    LowAndHigh pair;
    Blocker blocker;
    pair.low_ledger.append(pair.low_stream);
    blocker.block(pair.high_stream);
    pair.high_ledger.append(pair.high_stream);
    if (scheduled()) {
        WAIT_FOR(pair.holds());
        CHECK(threads_named("xsched-monitor") == 1);
    }
    CHECK(mapped_files("libxsched_cuda.so") <= 1);
    CHECK(mapped_files("libcuda.so") == 1);
    blocker.open();
    pair.end();
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
