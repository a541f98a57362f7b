/*
 * A device that fails: launches, markers and gates that are refused, a bug inside the library, a
 * lost device. Every call returns, nothing hangs, and after the fault everything works again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bad_input.h"

#include <stdatomic.h>

static int64_t level;
static atomic_int runs;

static XResult count_run(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_fetch_add(&runs, 1);
    return kXSchedSuccess;
}

static HwCommandHandle command_new(void) {
    HwCommandHandle command = 0;
    CHECK_OK(HwCommandCreateCallback(&command, count_run, NULL));
    return command;
}

/* Launches directly and by submission, waits in every way, destroys. */
static void check_all_works(Lane lane) {
    const int before = atomic_load(&runs);
    const HwCommandHandle command = command_new();
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    CHECK_OK(XQueueSubmit(lane.queue, command));
    CHECK_OK(XQueueWait(lane.queue, command));
    CHECK_OK(XQueueWaitAll(lane.queue));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK(atomic_load(&runs) == before + 2);
    CHECK_OK(HwCommandDestroy(command));
    lane_close(lane);
}

static XQueueStats stats_of(Lane lane) {
    XQueueStats stats;
    CHECK_OK(XQueueGetStats(lane.queue, &stats));
    return stats;
}

static void launch_is_refused(void) {
    Lane lane = lane_open(level);
    const HwCommandHandle command = command_new();
    atomic_store(&runs, 0);
    CHECK_OK(HostSetFault(kHostFaultLaunch, 2));
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    REFUSED(Hardware, "launch", HostQueueLaunch(lane.stream, count_run, NULL));
    CHECK_OK(XQueueSubmit(lane.queue, command));
    REFUSED(Hardware, "", XQueueWait(lane.queue, command));
    REFUSED(Hardware, "", XQueueWaitAll(lane.queue));
    REFUSED(Hardware, "", HwQueueLaunch(lane.stream, command));
    CHECK_OK(HostSetFault(kHostFaultNone, 0));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK(atomic_load(&runs) == 2);
    CHECK(stats_of(lane).launch_errors >= 2);
    CHECK(stats_of(lane).failed == 0);
    CHECK_OK(HwCommandDestroy(command));
    check_all_works(lane);
}

/* Without markers and gates a queue cannot be held: it passes everything and says so. */
static void queue_fails_and_passes(HostFault fault) {
    Lane lane = lane_open(level), other = lane_open(level);
    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    CHECK_OK(XHintPriority(other.queue, 10));
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 4, 2));
    atomic_store(&runs, 0);
    CHECK_OK(HostSetFault(fault, 0));
    for (int i = 0; i < 100; i++) {
        CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    }
    WAIT_FOR(atomic_load(&runs) == 100);
    CHECK(stats_of(lane).failed == 1);
    CHECK(stats_of(lane).bypass_failed > 0);
    CHECK_OK(HostSetFault(kHostFaultNone, 0));
    lane_close(other);
    check_all_works(lane);
    CHECK_OK(XHintSetScheduler(kSchedulerAppManaged, kPolicyUnknown));
}

static void markers_are_refused(void) {
    queue_fails_and_passes(kHostFaultMarker);
}

/* The software device holds queues of both levels by gates. */
static void gates_are_refused(void) {
    queue_fails_and_passes(kHostFaultGate);
}

static void bug_in_the_library(void) {
    Lane lane = lane_open(level);
    const HwCommandHandle command = command_new();
    atomic_store(&runs, 0);
    CHECK_OK(HostSetFault(kHostFaultPanic, 0));
    REFUSED(Unknown, "fault", HostQueueLaunch(lane.stream, count_run, NULL));
    REFUSED(Unknown, "fault", HwQueueLaunch(lane.stream, command));
    CHECK_OK(HostSetFault(kHostFaultNone, 0));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK(atomic_load(&runs) == 0);
    CHECK_OK(HwCommandDestroy(command));
    check_all_works(lane);
}

/* The same on the queue's own thread, where no call of the application is there to report it. */
static void bug_behind_a_submission(void) {
    Lane lane = lane_open(level);
    const HwCommandHandle command = command_new(), next = command_new();
    atomic_store(&runs, 0);
    CHECK_OK(HostSetFault(kHostFaultPanic, 0));
    CHECK_OK(XQueueSubmit(lane.queue, command));
    CHECK(XQueueWait(lane.queue, command) != kXSchedSuccess);
    CHECK_OK(HostSetFault(kHostFaultNone, 0));
    CHECK(atomic_load(&runs) == 0);
    CHECK_OK(XQueueSubmit(lane.queue, next));
    CHECK_OK(XQueueWait(lane.queue, next));
    CHECK(XQueueWaitAll(lane.queue) != kXSchedSuccess);
    CHECK_OK(HwCommandDestroy(command));
    CHECK_OK(HwCommandDestroy(next));
    check_all_works(lane);
}

static void device_is_lost(void) {
    Lane lane = lane_open(level);
    const HwCommandHandle command = command_new();
    atomic_store(&runs, 0);
    CHECK_OK(HostSetFault(kHostFaultDeviceLost, 0));
    REFUSED(Hardware, "", HostQueueLaunch(lane.stream, count_run, NULL));
    REFUSED(Hardware, "", HostQueueDelay(lane.stream, 1));
    REFUSED(Hardware, "", HwQueueSynchronize(lane.stream));
    REFUSED(Hardware, "", HwQueueLaunch(lane.stream, command));
    CHECK_OK(XQueueSubmit(lane.queue, command));
    REFUSED(Hardware, "", XQueueWait(lane.queue, command));
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK_OK(HwCommandDestroy(command));
    CHECK_OK(HostSetFault(kHostFaultNone, 0));
    CHECK(atomic_load(&runs) == 0);
    (void)XQueueWaitAll(lane.queue);
    check_all_works(lane);
}

/* The device is lost with commands in flight; destroying does not wait for what never comes. */
static void destroyed_on_a_lost_device(void) {
    Lane lane = lane_open(level);
    CHECK_OK(HostQueueLaunch(lane.stream, succeed, NULL));
    CHECK_OK(HostSetFault(kHostFaultDeviceLost, 0));
    CHECK_OK(XQueueDestroy(lane.queue));
    (void)HwQueueDestroy(lane.stream);
    CHECK_OK(HostSetFault(kHostFaultNone, 0));
    CHECK_RESULT(kXSchedErrorNotFound, HwQueueSynchronize(lane.stream));
}

int main(void) {
    for (level = kPreemptLevelBlock; level <= kPreemptLevelDeactivate; level++) {
        printf("level %d\n", (int)level);
        RUN(launch_is_refused());
        RUN(markers_are_refused());
        RUN(gates_are_refused());
        RUN(bug_in_the_library());
        RUN(bug_behind_a_submission());
        RUN(device_is_lost());
        RUN(destroyed_on_a_lost_device());
    }
    return 0;
}
