/*
 * A million explicit commands through one queue while another thread suspends, resumes and
 * reconfigures it: none is lost, run twice or overtaken.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

enum { TOTAL = 1000000, CHUNK = 10000 };

static Lane lane;
static atomic_int done;

/* Number of the command that must run next. Only the execution unit writes it. */
static atomic_long next_number;

static XResult run_in_order(HwQueueHandle hwq, void *data) {
    const long number = (long)(intptr_t)data;
    (void)hwq;
    if (number != atomic_load_explicit(&next_number, memory_order_relaxed)) {
        fprintf(stderr, "command %ld ran when %ld was due\n", number, atomic_load(&next_number));
        check_failed(__FILE__, __LINE__, "commands run in the order of their submission");
    }
    atomic_fetch_add_explicit(&next_number, 1, memory_order_relaxed);
    return kXSchedSuccess;
}

static void *disturb(void *unused) {
    static const int64_t configs[][2] = {{1, 1}, {16, 8}, {4, 4}, {512, 1}, {64, 32}};
    (void)unused;
    for (unsigned round = 0; !atomic_load(&done); round++) {
        const int64_t *config = configs[round % (sizeof(configs) / sizeof(configs[0]))];
        CHECK_OK(XQueueSetLaunchConfig(lane.queue, config[0], config[1]));
        CHECK_OK(XQueueSuspend(lane.queue, round % 2 ? kQueueSuspendFlagSyncHwQueue : 0));
        sleep_us(100);
        CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
        sleep_us(2000);
    }
    return NULL;
}

/* Every command is a fresh one; `waited_one_by_one` waits for each, otherwise for the chunk. */
static void submit_chunk(long first, int waited_one_by_one) {
    static HwCommandHandle commands[CHUNK];
    for (long i = 0; i < CHUNK; i++) {
        void *number = (void *)(intptr_t)(first + i);
        CHECK_OK(HwCommandCreateCallback(&commands[i], run_in_order, number));
        CHECK_OK(XQueueSubmit(lane.queue, commands[i]));
    }
    if (!waited_one_by_one) {
        CHECK_OK(XQueueWaitAll(lane.queue));
    }
    for (long i = 0; i < CHUNK; i++) {
        if (waited_one_by_one) {
            CHECK_OK(XQueueWait(lane.queue, commands[i]));
        }
        CHECK_OK(HwCommandDestroy(commands[i]));
    }
    CHECK(atomic_load(&next_number) == first + CHUNK);
}

static void million(void) {
    pthread_t disturber;
    int64_t before = 0, after = 0;
    atomic_store(&next_number, 0);
    atomic_store(&done, 0);
    CHECK_OK(XQueueProfileHwCommandCount(lane.queue, &before));
    CHECK(pthread_create(&disturber, NULL, disturb, NULL) == 0);
    for (long first = 0; first < TOTAL; first += CHUNK) {
        submit_chunk(first, (first / CHUNK) % 2 == 0);
        if ((first + CHUNK) % (TOTAL / 10) == 0) {
            printf("  %ld\n", first + CHUNK);
            fflush(stdout);
        }
    }
    atomic_store(&done, 1);
    CHECK(pthread_join(disturber, NULL) == 0);
    CHECK_OK(XQueueProfileHwCommandCount(lane.queue, &after));
    CHECK(after - before == TOTAL);
}

/* Completed commands that nobody destroys: the library forgets the oldest, not the newest. */
static void never_destroyed(void) {
    enum { COUNT = 65536 + 1000 };
    HwCommandHandle first = 0, last = 0;
    atomic_store(&next_number, 0);
    for (long i = 0; i < COUNT; i++) {
        CHECK_OK(HwCommandCreateCallback(&last, run_in_order, (void *)(intptr_t)i));
        CHECK_OK(XQueueSubmit(lane.queue, last));
        first = i == 0 ? last : first;
    }
    CHECK_OK(XQueueWaitAll(lane.queue));
    CHECK(atomic_load(&next_number) == COUNT);
    CHECK_RESULT(kXSchedErrorNotFound, XQueueWait(lane.queue, first));
    CHECK_OK(XQueueWait(lane.queue, last));
}

int main(void) {
    lane = lane_open(kPreemptLevelBlock);
    RUN(million());
    lane_close(lane);

    lane = lane_open(kPreemptLevelDeactivate);
    RUN(never_destroyed());
    lane_close(lane);
    return 0;
}
