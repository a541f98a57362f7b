/*
 * What the test programs of the interposers share: checks that end the program and say what failed, and
 * the transcript on standard output that the ways of running a program are compared by. OK is the driver's.
 *
 * A check never depends on how fast the machine is: progress is waited for, up to a deadline; only
 * "nothing happens any more" is observed for a fixed time, which no slow machine can fail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <unistd.h>

constexpr auto kDeadline = std::chrono::seconds(30);

/* _exit: no exit handler may hang on the state that was just found broken. */
[[noreturn]] inline void fail(const char *file, int line, const char *what,
                              const char *detail = "") {
    std::fprintf(stderr, "%s:%d: failed: %s%s\n", file, line, what, detail);
    std::fflush(nullptr);
    _exit(1);
}

inline void expect_code(const char *file, int line, const char *call, int expected, int actual) {
    if (actual != expected) {
        char detail[64];
        std::snprintf(detail, sizeof detail, "\n  returned %d, expected %d", actual, expected);
        fail(file, line, call, detail);
    }
}

#define CHECK(condition) ((condition) ? void() : fail(__FILE__, __LINE__, #condition))
#define EXPECT(expected, call) expect_code(__FILE__, __LINE__, #call, (expected), (call))

/* Waits until the condition holds. */
#define WAIT_FOR(condition)                                                                        \
    do {                                                                                           \
        const auto deadline_ = std::chrono::steady_clock::now() + kDeadline;                       \
        while (!(condition)) {                                                                     \
            if (std::chrono::steady_clock::now() > deadline_) {                                    \
                fail(__FILE__, __LINE__, "still not true: " #condition);                           \
            }                                                                                      \
            std::this_thread::sleep_for(std::chrono::microseconds(200));                           \
        }                                                                                          \
    } while (0)

/* Observes that a value stands still. */
#define CHECK_STANDS_STILL(value)                                                                  \
    do {                                                                                           \
        const auto before_ = (value);                                                              \
        std::this_thread::sleep_for(std::chrono::milliseconds(30));                                \
        if ((value) != before_) {                                                                  \
            fail(__FILE__, __LINE__, "does not stand still: " #value);                             \
        }                                                                                          \
    } while (0)

/* A line of the transcript. Nothing in it may differ from run to run: no address, no time. */
__attribute__((format(printf, 1, 2))) inline void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    std::vprintf(format, arguments);
    va_end(arguments);
    std::putchar('\n');
    std::fflush(stdout);
}

/* Runs one case and says so first: if it hangs, the last line names it. */
#define RUN(test)                                                                                  \
    do {                                                                                           \
        say("%s", #test);                                                                          \
        test();                                                                                    \
    } while (0)
