/*
 * For the tests that repeat something a thousand times: the process must not grow.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"

#include <fstream>
#include <string>

/* Memory of this process that is resident, in KiB. */
inline long resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmRSS:", 0) == 0) {
            return std::stol(line.substr(6));
        }
    }
    fail(__FILE__, __LINE__, "no VmRSS in /proc/self/status");
}

/*
 * Repeats `body` in windows of `rounds`. A leak makes every window grow, what the allocator keeps to use
 * again only the first ones: one window of four has to stay below 128 bytes a round.
 */
template <typename Body>
void check_no_growth(int rounds, Body body) {
    constexpr int kWindows = 4;
    for (int window = 0; window < kWindows; window++) {
        const long before = resident_kib();
        for (int i = 0; i < rounds; i++) {
            body();
        }
        const long grown = resident_kib() - before;
        std::fprintf(stderr, "grew by %ld KiB in %d rounds\n", grown, rounds);
        if (grown <= rounds / 8) {
            return;
        }
    }
    fail(__FILE__, __LINE__, "the process grows");
}
