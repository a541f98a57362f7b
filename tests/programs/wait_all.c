/*
 * Waiting for everything submitted so far ends although another thread never stops submitting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

enum { RING = 50 };

static Lane lane;
static atomic_int stop, returned;

static XResult work(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    sleep_us(500);
    return kXSchedSuccess;
}

/* Keeps nearly RING commands pending: submits each one again as soon as it has completed. */
static void *submit_for_ever(void *unused) {
    HwCommandHandle ring[RING];
    (void)unused;
    for (int i = 0; i < RING; i++) {
        CHECK_OK(HwCommandCreateCallback(&ring[i], work, NULL));
        CHECK_OK(XQueueSubmit(lane.queue, ring[i]));
    }
    for (int i = 0; !atomic_load(&stop); i = (i + 1) % RING) {
        CHECK_OK(XQueueWait(lane.queue, ring[i]));
        CHECK_OK(XQueueSubmit(lane.queue, ring[i]));
    }
    for (int i = 0; i < RING; i++) {
        CHECK_OK(XQueueWait(lane.queue, ring[i]));
        CHECK_OK(HwCommandDestroy(ring[i]));
    }
    return NULL;
}

static void *wait_all(void *unused) {
    (void)unused;
    CHECK_OK(XQueueWaitAll(lane.queue));
    atomic_store(&returned, 1);
    return NULL;
}

static void *suspend_after_all(void *unused) {
    (void)unused;
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagWaitAll));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    atomic_store(&returned, 1);
    return NULL;
}

static void ends(void *(*waiting)(void *)) {
    pthread_t submitter, waiter;
    lane = lane_open(kPreemptLevelBlock);
    atomic_store(&stop, 0);
    atomic_store(&returned, 0);
    /* Few in flight, so that many stay pending. */
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 2, 1));
    CHECK(pthread_create(&submitter, NULL, submit_for_ever, NULL) == 0);
    sleep_us(50000);
    CHECK(pthread_create(&waiter, NULL, waiting, NULL) == 0);
    WAIT_FOR(atomic_load(&returned));
    atomic_store(&stop, 1);
    CHECK(pthread_join(waiter, NULL) == 0);
    CHECK(pthread_join(submitter, NULL) == 0);
    lane_close(lane);
}

int main(void) {
    RUN(ends(wait_all));
    RUN(ends(suspend_after_all));
    return 0;
}
