/*
 * A shared object with the static archive inside; dlopen.c loads it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

static XResult count_run(HwQueueHandle hwq, void *data) {
    (void)hwq;
    ++*(int *)data;
    return kXSchedSuccess;
}

/* Runs a few commands and destroys everything; returns how many ran. */
int plugin_use(void);
int plugin_use(void) {
    int runs = 0;
    HwCommandHandle command = 0;
    Lane lane = lane_open(kPreemptLevelDeactivate);
    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    CHECK_OK(HwCommandCreateCallback(&command, count_run, &runs));
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, &runs));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK_OK(XQueueSubmit(lane.queue, command));
    CHECK_OK(XQueueWait(lane.queue, command));
    CHECK_OK(HwCommandDestroy(command));
    lane_close(lane);
    return runs;
}
