/*
 * Suspend and resume, with every flag, at both levels of the software device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MANY = 200 };

static int64_t level;
static Lane lane;
static HwCommandHandle commands[MANY];

static atomic_long completed;
static atomic_int running;

/* A command of about 100 us that leaves the processor to others. */
static XResult work(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_fetch_add(&running, 1);
    sleep_us(100);
    atomic_fetch_add(&completed, 1);
    atomic_fetch_sub(&running, 1);
    return kXSchedSuccess;
}

static void open_lane(void) {
    lane = lane_open(level);
    atomic_store(&completed, 0);
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(HwCommandCreateCallback(&commands[i], work, NULL));
    }
}

static void close_lane(void) {
    lane_close(lane);
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(HwCommandDestroy(commands[i]));
    }
}

static void submit(int first, int count) {
    for (int i = first; i < first + count; i++) {
        CHECK_OK(XQueueSubmit(lane.queue, commands[i]));
    }
}

static int is_suspended(void) {
    XQueueStats stats;
    CHECK_OK(XQueueGetStats(lane.queue, &stats));
    return stats.suspended == 1;
}

static void stops_and_goes_on(void) {
    open_lane();
    submit(0, MANY / 2);
    WAIT_FOR(atomic_load(&completed) >= 5);
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagSyncHwQueue));
    CHECK(is_suspended());
    CHECK(atomic_load(&running) == 0);
    CHECK_STANDS_STILL(atomic_load(&completed));
    submit(MANY / 2, MANY / 2);
    CHECK_STANDS_STILL(atomic_load(&completed));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK(!is_suspended());
    CHECK_OK(XQueueWaitAll(lane.queue));
    CHECK(atomic_load(&completed) == MANY);
    close_lane();
}

static void idempotent(void) {
    open_lane();
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
    }
    submit(0, 5);
    CHECK_STANDS_STILL(atomic_load(&completed));
    /* One resume takes back any number of suspends. */
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK_OK(XQueueWaitAll(lane.queue));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK(atomic_load(&completed) == 5);
    close_lane();
}

/* --- waiting flags ---------------------------------------------------------------------------- */

static atomic_int entered, released, returned;

static XResult block(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_fetch_add(&running, 1);
    atomic_store(&entered, 1);
    WAIT_FOR(atomic_load(&released));
    atomic_fetch_sub(&running, 1);
    return kXSchedSuccess;
}

static void *suspend_with(void *flags) {
    CHECK_OK(XQueueSuspend(lane.queue, (int64_t)(intptr_t)flags));
    /* The device runs nothing of this queue any more, whichever flag made the call wait. */
    CHECK(atomic_load(&running) == 0);
    atomic_store(&returned, 1);
    return NULL;
}

/* Suspends while a command runs; the call returns when that one, or everything, has completed. */
static void suspend_waits(int64_t flags, long completed_at_return) {
    pthread_t thread;
    HwCommandHandle blocker = 0;
    open_lane();
    atomic_store(&entered, 0);
    atomic_store(&released, 0);
    atomic_store(&returned, 0);
    CHECK_OK(HwCommandCreateCallback(&blocker, block, NULL));
    CHECK_OK(XQueueSubmit(lane.queue, blocker));
    WAIT_FOR(atomic_load(&entered));
    submit(0, 20);

    CHECK(pthread_create(&thread, NULL, suspend_with, (void *)(intptr_t)flags) == 0);
    CHECK_STANDS_STILL(atomic_load(&returned));
    if (flags == kQueueSuspendFlagSyncHwQueue) {
        WAIT_FOR(is_suspended());
    }
    atomic_store(&released, 1);
    WAIT_FOR(atomic_load(&returned));
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(is_suspended());
    CHECK(atomic_load(&completed) >= completed_at_return);

    submit(20, 5);
    CHECK_STANDS_STILL(atomic_load(&completed));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK_OK(XQueueWaitAll(lane.queue));
    CHECK(atomic_load(&completed) == 25);
    CHECK_OK(HwCommandDestroy(blocker));
    close_lane();
}

static void sync_flag(void) {
    suspend_waits(kQueueSuspendFlagSyncHwQueue, 0);
}
static void wait_all_flag(void) {
    suspend_waits(kQueueSuspendFlagWaitAll, 20);
}
static void wait_idle_flag(void) {
    suspend_waits(kQueueSuspendFlagWaitIdle, 20);
}
static void all_flags(void) {
    suspend_waits(kQueueSuspendFlagMaskAll, 20);
}

/* With nothing submitted the waiting flags have nothing to wait for. */
static void waiting_for_nothing(void) {
    open_lane();
    for (int64_t flags = -1; flags <= 7; flags++) {
        CHECK_OK(XQueueSuspend(lane.queue, flags));
        CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    }
    close_lane();
}

/* --- drop, destroy, launch past --------------------------------------------------------------- */

static void drop_commands(void) {
    open_lane();
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagSyncHwQueue));
    submit(0, 50);
    CHECK_STANDS_STILL(atomic_load(&completed));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagDropCommands));
    CHECK(!is_suspended());
    for (int i = 0; i < 50; i++) {
        CHECK_RESULT(kXSchedErrorNotAllowed, XQueueWait(lane.queue, commands[i]));
    }
    CHECK_STANDS_STILL(atomic_load(&completed));
    CHECK(atomic_load(&completed) == 0);
    /* The queue goes on, and a dropped command may be submitted again. */
    submit(0, 60);
    CHECK_OK(XQueueWait(lane.queue, commands[0]));
    CHECK_OK(XQueueWaitAll(lane.queue));
    CHECK(atomic_load(&completed) == 60);
    close_lane();
}

/* Dropping wakes up who waits for a dropped command. */
static void *wait_for_dropped(void *unused) {
    (void)unused;
    CHECK_RESULT(kXSchedErrorNotAllowed, XQueueWait(lane.queue, commands[0]));
    atomic_store(&returned, 1);
    return NULL;
}

static void drop_wakes_waiters(void) {
    pthread_t thread;
    open_lane();
    atomic_store(&returned, 0);
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
    submit(0, 1);
    CHECK(pthread_create(&thread, NULL, wait_for_dropped, NULL) == 0);
    CHECK_STANDS_STILL(atomic_load(&returned));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagMaskAll));
    WAIT_FOR(atomic_load(&returned));
    CHECK(pthread_join(thread, NULL) == 0);
    close_lane();
}

static void destroy_loses_nothing(void) {
    open_lane();
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
    submit(0, MANY);
    CHECK_STANDS_STILL(atomic_load(&completed));
    CHECK_OK(XQueueDestroy(lane.queue));
    CHECK(atomic_load(&completed) == MANY);
    CHECK_OK(HwQueueDestroy(lane.stream));
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(HwCommandDestroy(commands[i]));
    }
}

static void *launch_many(void *unused) {
    (void)unused;
    for (int i = 0; i < MANY; i++) {
        CHECK_OK(HostQueueLaunch(lane.stream, work, NULL));
    }
    return NULL;
}

/* The thread that launches is held at the gate, or its commands are; either way they run later. */
static void direct_launches(int destroy_instead_of_resume) {
    pthread_t thread;
    lane = lane_open(level);
    atomic_store(&completed, 0);
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 4, 2));
    CHECK(pthread_create(&thread, NULL, launch_many, NULL) == 0);
    WAIT_FOR(atomic_load(&completed) >= 5);
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagSyncHwQueue));
    CHECK_STANDS_STILL(atomic_load(&completed));
    if (destroy_instead_of_resume) {
        CHECK_OK(XQueueDestroy(lane.queue));
    } else {
        CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    }
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK(atomic_load(&completed) == MANY);
    if (!destroy_instead_of_resume) {
        CHECK_OK(XQueueDestroy(lane.queue));
    }
    CHECK_OK(HwQueueDestroy(lane.stream));
}

static void launch_past_the_queue(void) {
    open_lane();
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagSyncHwQueue));
    CHECK_OK(HwQueueLaunch(lane.stream, commands[0]));
    WAIT_FOR(atomic_load(&completed) == 1);
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    close_lane();
}

/* --- settings change while everything runs ---------------------------------------------------- */

static atomic_int stop;

static void *reconfigure(void *unused) {
    static const int64_t configs[][2] = {{1, 1}, {8, 4}, {1000000, 1}, {0, 0}, {2, 2}, {64, 64}};
    (void)unused;
    for (unsigned i = 0; !atomic_load(&stop); i++) {
        const int64_t *config = configs[i % (sizeof(configs) / sizeof(configs[0]))];
        CHECK_OK(XQueueSetLaunchConfig(lane.queue, config[0], config[1]));
        CHECK_OK(XQueueSetPreemptLevel(lane.queue,
                                       i % 3 ? kPreemptLevelBlock : kPreemptLevelDeactivate));
        if (i % 8 == 0) {
            CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
            CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
        }
        sleep_us(50);
    }
    return NULL;
}

static void reconfigured_any_time(void) {
    pthread_t launcher, configurer;
    open_lane();
    atomic_store(&stop, 0);
    CHECK(pthread_create(&configurer, NULL, reconfigure, NULL) == 0);
    CHECK(pthread_create(&launcher, NULL, launch_many, NULL) == 0);
    submit(0, MANY);
    CHECK(pthread_join(launcher, NULL) == 0);
    CHECK_OK(XQueueWaitAll(lane.queue));
    atomic_store(&stop, 1);
    CHECK(pthread_join(configurer, NULL) == 0);
    CHECK(atomic_load(&completed) == 2 * MANY);
    close_lane();
}

int main(void) {
    for (level = kPreemptLevelBlock; level <= kPreemptLevelDeactivate; level++) {
        printf("level %d\n", (int)level);
        RUN(stops_and_goes_on());
        RUN(idempotent());
        RUN(sync_flag());
        RUN(wait_all_flag());
        RUN(wait_idle_flag());
        RUN(all_flags());
        RUN(waiting_for_nothing());
        RUN(drop_commands());
        RUN(drop_wakes_waiters());
        RUN(destroy_loses_nothing());
        RUN(direct_launches(0));
        RUN(direct_launches(1));
        RUN(launch_past_the_queue());
        RUN(reconfigured_any_time());
    }
    return 0;
}
