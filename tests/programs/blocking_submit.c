/*
 * A queue made with kQueueCreateFlagBlockingSubmit: XQueueSubmit launches on the calling thread, so
 * it is that thread which a suspension holds. SPDX-License-Identifier: Apache-2.0
 */
#include "bad_input.h"

#include <pthread.h>
#include <stdatomic.h>

enum { COUNT = 100 };

static HwQueueHandle stream;
static XQueueHandle queue;
static HwCommandHandle commands[COUNT];
static atomic_int runs, submitted;

static XResult run_in_order(HwQueueHandle hwq, void *data) {
    (void)hwq;
    CHECK(atomic_fetch_add(&runs, 1) == (int)(intptr_t)data);
    return kXSchedSuccess;
}

static void *submit_all(void *unused) {
    (void)unused;
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(XQueueSubmit(queue, commands[i]));
        atomic_fetch_add(&submitted, 1);
    }
    return NULL;
}

static XResult submit_inside(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    REFUSED(NotAllowed, "command", XQueueSubmit(queue, commands[0]));
    return kXSchedSuccess;
}

static void open_queue(int64_t level) {
    atomic_store(&runs, 0);
    atomic_store(&submitted, 0);
    CHECK_OK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    CHECK_OK(XQueueCreate(&queue, stream, level, kQueueCreateFlagBlockingSubmit));
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(HwCommandCreateCallback(&commands[i], run_in_order, (void *)(intptr_t)i));
    }
}

static void close_queue(void) {
    CHECK_OK(XQueueDestroy(queue));
    CHECK(atomic_load(&runs) == COUNT);
    CHECK_OK(HwQueueDestroy(stream));
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(HwCommandDestroy(commands[i]));
    }
}

static void in_order(int64_t level) {
    open_queue(level);
    submit_all(NULL);
    CHECK_OK(XQueueWait(queue, commands[COUNT - 1]));
    CHECK(atomic_load(&runs) == COUNT);
    CHECK_OK(HostQueueLaunch(stream, submit_inside, NULL));
    CHECK_OK(HwQueueSynchronize(stream));
    close_queue();
}

static void held_while_suspended(int64_t level) {
    pthread_t thread;
    open_queue(level);
    CHECK_OK(XQueueSetLaunchConfig(queue, 4, 2));
    CHECK_OK(XQueueSuspend(queue, kQueueSuspendFlagSyncHwQueue));
    CHECK(pthread_create(&thread, NULL, submit_all, NULL) == 0);
    CHECK_STANDS_STILL(atomic_load(&runs));
    CHECK(atomic_load(&submitted) < COUNT);
    CHECK_OK(XQueueResume(queue, kQueueResumeFlagNone));
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK_OK(XQueueWaitAll(queue));
    close_queue();
}

int main(void) {
    for (int64_t level = kPreemptLevelBlock; level <= kPreemptLevelDeactivate; level++) {
        RUN(in_order(level));
        RUN(held_while_suspended(level));
    }
    return 0;
}
