/*
 * Commands whose callback misbehaves: fails, blocks, calls back into the API, destroys its own
 * queue. The last error is each thread's own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bad_input.h"

#include <pthread.h>
#include <stdatomic.h>

static int64_t level;
static atomic_int runs;

static HwCommandHandle command_of(LaunchCallback callback, void *data) {
    HwCommandHandle command = 0;
    CHECK_OK(HwCommandCreateCallback(&command, callback, data));
    return command;
}

/* --- fails ------------------------------------------------------------------------------------ */

static XResult return_code(HwQueueHandle hwq, void *data) {
    (void)hwq;
    atomic_fetch_add(&runs, 1);
    return (XResult)(intptr_t)data;
}

static void failing(void) {
    static const int codes[] = {kXSchedErrorHardware, kXSchedErrorBadResponse, kXSchedErrorUnknown,
                                1234, -7};
    Lane lane = lane_open(level);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        const XResult code = (XResult)codes[i];
        const HwCommandHandle bad = command_of(return_code, (void *)(intptr_t)codes[i]);
        const HwCommandHandle good = command_of(return_code, NULL);
        CHECK_OK(XQueueSubmit(lane.queue, bad));
        CHECK_OK(XQueueSubmit(lane.queue, good));
        check_refused(__FILE__, __LINE__, "XQueueWait", code, "returned",
                      XQueueWait(lane.queue, bad));
        /* Its result stays the same, the commands after it are not touched by it. */
        CHECK_RESULT(code, XQueueWait(lane.queue, bad));
        CHECK_OK(XQueueWait(lane.queue, good));
        CHECK_RESULT(code, XQueueWaitAll(lane.queue));
        CHECK_OK(XQueueWaitAll(lane.queue));
        CHECK_OK(HwCommandDestroy(bad));
        CHECK_OK(HwCommandDestroy(good));
    }
    lane_close(lane);
}

static void failing_direct_launch(void) {
    Lane lane = lane_open(level);
    CHECK_OK(HostQueueLaunch(lane.stream, return_code, (void *)(intptr_t)1234));
    CHECK_OK(HostQueueLaunch(lane.stream, return_code, (void *)(intptr_t)1235));
    CHECK_OK(HostQueueLaunch(lane.stream, return_code, NULL));
    CHECK_RESULT((XResult)1234, HwQueueSynchronize(lane.stream));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    lane_close(lane);
}

/* --- blocks ----------------------------------------------------------------------------------- */

static atomic_int entered, released;

static XResult block(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_store(&entered, 1);
    WAIT_FOR(atomic_load(&released));
    return kXSchedSuccess;
}

/* While a callback blocks an execution unit, no call but those that wait for it is held up. */
static void blocking(void) {
    Lane lane = lane_open(level), other = lane_open(level);
    const HwCommandHandle blocker = command_of(block, NULL), next = command_of(return_code, NULL);
    XQueueState state = kQueueStateUnknown;
    XQueueStats stats;
    atomic_store(&entered, 0);
    atomic_store(&released, 0);
    atomic_store(&runs, 0);

    CHECK_OK(XQueueSubmit(lane.queue, blocker));
    WAIT_FOR(atomic_load(&entered));
    CHECK_OK(XQueueSubmit(lane.queue, next));
    CHECK_OK(XQueueQuery(lane.queue, &state));
    CHECK(state == kQueueStateReady);
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 2, 1));
    CHECK_OK(XQueueGetStats(lane.queue, &stats));
    CHECK(stats.suspended == 1);
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    lane_close(other);
    CHECK_STANDS_STILL(atomic_load(&runs));

    atomic_store(&released, 1);
    CHECK_OK(XQueueWait(lane.queue, next));
    CHECK(atomic_load(&runs) == 1);
    CHECK_OK(HwCommandDestroy(blocker));
    CHECK_OK(HwCommandDestroy(next));
    lane_close(lane);
}

/* --- calls back ------------------------------------------------------------------------------- */

typedef struct {
    Lane lane;
    HwCommandHandle next;
    HostEventHandle event;
} Inside;

static XResult submit_next(HwQueueHandle hwq, void *data) {
    const Inside *inside = (const Inside *)data;
    const XQueueHandle xq = inside->lane.queue;
    XQueueHandle found = 0;
    XQueueState state = kQueueStateUnknown;
    XQueueStats stats;
    int64_t count = 0;
    HwCommandHandle command = 0;

    CHECK(hwq == inside->lane.stream);
    CHECK_OK(XQueueGet(&found, hwq));
    CHECK(found == xq);
    CHECK_OK(XQueueQuery(xq, &state));
    CHECK(state == kQueueStateReady);
    CHECK_OK(XQueueGetStats(xq, &stats));
    CHECK_OK(XQueueProfileHwCommandCount(xq, &count));
    CHECK_OK(XQueueSetLaunchConfig(xq, 4, 2));
    CHECK_OK(XHintPriority(xq, PRIORITY_MAX));
    CHECK_OK(XQueueSuspend(xq, kQueueSuspendFlagNone));
    CHECK_OK(XQueueResume(xq, kQueueResumeFlagNone));
    CHECK_OK(HwCommandCreateCallback(&command, return_code, NULL));
    CHECK_OK(HwCommandDestroy(command));
    CHECK_OK(XQueueSubmit(xq, inside->next));
    return kXSchedSuccess;
}

static void calls_that_do_not_wait(void) {
    Inside inside = {lane_open(level), command_of(return_code, NULL), 0};
    const HwCommandHandle first = command_of(submit_next, &inside);
    atomic_store(&runs, 0);
    CHECK_OK(XQueueSubmit(inside.lane.queue, first));
    CHECK_OK(XQueueWait(inside.lane.queue, first));
    CHECK_OK(XQueueWait(inside.lane.queue, inside.next));
    CHECK(atomic_load(&runs) == 1);
    CHECK_OK(HwCommandDestroy(first));
    CHECK_OK(HwCommandDestroy(inside.next));
    lane_close(inside.lane);
}

/* Waiting on an execution unit for an execution unit could never end. */
static XResult wait_inside(HwQueueHandle hwq, void *data) {
    const Inside *inside = (const Inside *)data;
    const XQueueHandle xq = inside->lane.queue;
    REFUSED(NotAllowed, "command", XQueueDestroy(xq));
    REFUSED(NotAllowed, "command", XQueueWait(xq, inside->next));
    REFUSED(NotAllowed, "command", XQueueWaitAll(xq));
    REFUSED(NotAllowed, "command", XQueueSuspend(xq, kQueueSuspendFlagSyncHwQueue));
    REFUSED(NotAllowed, "command", XQueueSuspend(xq, kQueueSuspendFlagWaitAll));
    REFUSED(NotAllowed, "command", XQueueSuspend(xq, kQueueSuspendFlagWaitIdle));
    REFUSED(NotAllowed, "command", HwQueueSynchronize(hwq));
    REFUSED(NotAllowed, "command", HwQueueDestroy(hwq));
    REFUSED(NotAllowed, "command", HostQueueLaunch(hwq, return_code, NULL));
    REFUSED(NotAllowed, "command", HostQueueDelay(hwq, 1));
    REFUSED(NotAllowed, "command", HostEventRecord(inside->event, hwq));
    REFUSED(NotAllowed, "command", HostQueueWaitEvent(hwq, inside->event));
    REFUSED(NotAllowed, "command", HostEventSynchronize(inside->event));
    atomic_fetch_add(&runs, 1);
    return kXSchedSuccess;
}

static void calls_that_wait(void) {
    Inside inside = {lane_open(level), command_of(return_code, NULL), 0};
    const HwCommandHandle waiter = command_of(wait_inside, &inside);
    atomic_store(&runs, 0);
    CHECK_OK(HostEventCreate(&inside.event));

    CHECK_OK(XQueueSubmit(inside.lane.queue, waiter));
    CHECK_OK(XQueueWait(inside.lane.queue, waiter));
    CHECK_OK(HostQueueLaunch(inside.lane.stream, wait_inside, &inside));
    CHECK_OK(HwQueueSynchronize(inside.lane.stream));
    CHECK_OK(HwQueueLaunch(inside.lane.stream, waiter));
    CHECK_OK(HwQueueSynchronize(inside.lane.stream));
    CHECK(atomic_load(&runs) == 3);

    /* The queue that its own command tried to destroy still works. */
    CHECK_OK(XQueueSubmit(inside.lane.queue, inside.next));
    CHECK_OK(XQueueWait(inside.lane.queue, inside.next));
    CHECK(atomic_load(&runs) == 4);
    CHECK_OK(HostEventDestroy(inside.event));
    CHECK_OK(HwCommandDestroy(waiter));
    CHECK_OK(HwCommandDestroy(inside.next));
    lane_close(inside.lane);
}

/* A command that submits itself again while it runs is still pending. */
static XResult submit_itself(HwQueueHandle hwq, void *data) {
    const Inside *inside = (const Inside *)data;
    (void)hwq;
    REFUSED(NotAllowed, "", XQueueSubmit(inside->lane.queue, inside->next));
    REFUSED(NotAllowed, "", HwCommandDestroy(inside->next));
    return kXSchedSuccess;
}

static void itself(void) {
    Inside inside = {lane_open(level), 0, 0};
    inside.next = command_of(submit_itself, &inside);
    CHECK_OK(XQueueSubmit(inside.lane.queue, inside.next));
    CHECK_OK(XQueueWait(inside.lane.queue, inside.next));
    CHECK_OK(HwCommandDestroy(inside.next));
    lane_close(inside.lane);
}

/* --- the last error --------------------------------------------------------------------------- */

static void *fail_elsewhere(void *data) {
    (void)data;
    CHECK(strcmp(XSchedLastErrorMessage(), "") == 0);
    REFUSED(InvalidValue, "k", XHintKDeadline(0));
    return NULL;
}

static void last_error_is_per_thread(void) {
    pthread_t thread;
    char before[256];
    REFUSED(NotFound, "xq", XQueueDestroy(0));
    snprintf(before, sizeof(before), "%s", XSchedLastErrorMessage());
    CHECK(pthread_create(&thread, NULL, fail_elsewhere, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(strcmp(XSchedLastErrorMessage(), before) == 0);
    /* A call that succeeds leaves the message of the last failure. */
    CHECK_OK(XHintSetScheduler(kSchedulerAppManaged, kPolicyUnknown));
    CHECK(strcmp(XSchedLastErrorMessage(), before) == 0);
}

int main(void) {
    for (level = kPreemptLevelBlock; level <= kPreemptLevelDeactivate; level++) {
        printf("level %d\n", (int)level);
        RUN(failing());
        RUN(failing_direct_launch());
        RUN(blocking());
        RUN(calls_that_do_not_wait());
        RUN(calls_that_wait());
        RUN(itself());
    }
    RUN(last_error_is_per_thread());
    return 0;
}
