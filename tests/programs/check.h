/*
 * What the test programs share: checks that say what failed and end the program, conditions to wait
 * for, and the pair of stream and queue that most of them start from. C11 and C++17.
 *
 * A check never depends on how fast the machine is: progress is waited for, up to CHECK_DEADLINE_S.
 * Only "nothing happens any more" is observed over a fixed time, which no slow machine can fail.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_TESTS_CHECK_H
#define XSCHED_TESTS_CHECK_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xsched.h>

#define CHECK_DEADLINE_S 30

/* _exit: no exit handler may hang on the state that was just found broken. */
static inline void check_failed(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    fflush(NULL);
    _exit(1);
}

static inline void check_result(const char *file, int line, const char *call, XResult expected,
                                XResult actual) {
    if (actual == expected) {
        return;
    }
    fprintf(stderr, "%s:%d: %s\n  returned %d, expected %d; last error: %s\n", file, line, call,
            (int)actual, (int)expected, XSchedLastErrorMessage());
    fflush(NULL);
    _exit(1);
}

static inline double check_now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline void sleep_us(int64_t us) {
    struct timespec time;
    time.tv_sec = (time_t)(us / 1000000);
    time.tv_nsec = (long)(us % 1000000) * 1000;
    nanosleep(&time, NULL);
}

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            check_failed(__FILE__, __LINE__, #condition);                                          \
        }                                                                                          \
    } while (0)

#define CHECK_RESULT(expected, call) check_result(__FILE__, __LINE__, #call, (expected), (call))

#define CHECK_OK(call) CHECK_RESULT(kXSchedSuccess, call)

/* Waits until the condition holds. */
#define WAIT_FOR(condition)                                                                        \
    do {                                                                                           \
        const double deadline_ = check_now_s() + CHECK_DEADLINE_S;                                 \
        while (!(condition)) {                                                                     \
            if (check_now_s() > deadline_) {                                                       \
                check_failed(__FILE__, __LINE__, "still not true: " #condition);                   \
            }                                                                                      \
            sleep_us(200);                                                                         \
        }                                                                                          \
    } while (0)

/* Observes that a counter stands still. */
#define CHECK_STANDS_STILL(counter)                                                                \
    do {                                                                                           \
        const int64_t before_ = (int64_t)(counter);                                                \
        sleep_us(50000);                                                                           \
        if ((int64_t)(counter) != before_) {                                                       \
            check_failed(__FILE__, __LINE__, "does not stand still: " #counter);                   \
        }                                                                                          \
    } while (0)

/* Runs one test and says so first: if it hangs, the last line names it. */
#define RUN(test)                                                                                  \
    do {                                                                                           \
        printf("%s\n", #test);                                                                     \
        fflush(stdout);                                                                            \
        test;                                                                                      \
    } while (0)

/* A stream of the software device with a queue on it. */
typedef struct {
    HwQueueHandle stream;
    XQueueHandle queue;
} Lane;

static inline Lane lane_open(int64_t level) {
    Lane lane = {0, 0};
    CHECK_OK(HostQueueCreate(&lane.stream, PRIORITY_DEFAULT));
    CHECK_OK(XQueueCreate(&lane.queue, lane.stream, level, kQueueCreateFlagNone));
    return lane;
}

static inline void lane_close(Lane lane) {
    CHECK_OK(XQueueDestroy(lane.queue));
    CHECK_OK(HwQueueDestroy(lane.stream));
}

#endif
