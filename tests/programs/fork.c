/*
 * After fork the child knows none of its parent's handles, can make and use queues of its own, and
 * the parent notices nothing of all that.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bad_input.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static Lane lane;
static HwCommandHandle command;
static HostEventHandle event;
static atomic_long runs;
static atomic_int stop;

static XResult count_run(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_fetch_add(&runs, 1);
    return kXSchedSuccess;
}

static void use_own_queue(void) {
    const long before = atomic_load(&runs);
    HwCommandHandle own = 0;
    Lane child = lane_open(kPreemptLevelDeactivate);
    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    CHECK_OK(HwCommandCreateCallback(&own, count_run, NULL));
    CHECK_OK(XQueueSuspend(child.queue, kQueueSuspendFlagSyncHwQueue));
    CHECK_OK(XQueueSubmit(child.queue, own));
    CHECK_OK(XQueueResume(child.queue, kQueueResumeFlagNone));
    CHECK_OK(XQueueWait(child.queue, own));
    CHECK_OK(HostQueueLaunch(child.stream, count_run, NULL));
    CHECK_OK(HwQueueSynchronize(child.stream));
    CHECK(atomic_load(&runs) == before + 2);
    CHECK_OK(HwCommandDestroy(own));
    lane_close(child);
}

static void know_no_handle_of_the_parent(void) {
    REFUSED(NotFound, "xq", XQueueResume(lane.queue, kQueueResumeFlagNone));
    REFUSED(NotFound, "xq", XQueueWaitAll(lane.queue));
    REFUSED(NotFound, "xq", XQueueDestroy(lane.queue));
    REFUSED(NotFound, "hwq", HwQueueSynchronize(lane.stream));
    REFUSED(NotFound, "hwq", HostQueueLaunch(lane.stream, count_run, NULL));
    REFUSED(NotFound, "hw_cmd", HwCommandDestroy(command));
    REFUSED(NotFound, "event", HostEventSynchronize(event));
}

/* Runs `body` in a child and expects it to end well. */
static void in_child(void (*body)(void)) {
    int status = 0;
    fflush(NULL);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        /* A child that hangs ends by this signal. */
        alarm(CHECK_DEADLINE_S);
        body();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "wait status %#x\n", (unsigned)status);
        check_failed(__FILE__, __LINE__, "the child ends without an error");
    }
}

static void child_of_suspended_parent(void) {
    know_no_handle_of_the_parent();
    use_own_queue();
    /* What the child made does not bring the parent's handles back. */
    know_no_handle_of_the_parent();
}

static void grandchild(void) {
    use_own_queue();
    in_child(use_own_queue);
    use_own_queue();
}

static void exit_without_queue(void) {
    exit(0);
}

/* Other threads may hold locks at the moment of the fork; the child must not wait for them. */
static void *keep_busy(void *unused) {
    (void)unused;
    while (!atomic_load(&stop)) {
        HwCommandHandle own = 0;
        Lane other = lane_open(kPreemptLevelBlock);
        CHECK_OK(HwCommandCreateCallback(&own, count_run, NULL));
        CHECK_OK(XQueueSubmit(other.queue, own));
        CHECK_OK(XQueueSuspend(other.queue, kQueueSuspendFlagNone));
        CHECK_OK(XQueueResume(other.queue, kQueueResumeFlagNone));
        CHECK_OK(XQueueWait(other.queue, own));
        CHECK_OK(HwCommandDestroy(own));
        lane_close(other);
    }
    return NULL;
}

static void fork_while_busy(void) {
    pthread_t threads[4];
    atomic_store(&stop, 0);
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, keep_busy, NULL) == 0);
    }
    for (int i = 0; i < 30; i++) {
        in_child(use_own_queue);
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

static void parent_goes_on(void) {
    const long before = atomic_load(&runs);
    CHECK_OK(XQueueResume(lane.queue, kQueueResumeFlagNone));
    CHECK_OK(XQueueWait(lane.queue, command));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK(atomic_load(&runs) == before + 1);
    CHECK_OK(HwCommandDestroy(command));
    CHECK_OK(HostEventDestroy(event));
    lane_close(lane);
}

int main(void) {
    RUN(in_child(use_own_queue));

    lane = lane_open(kPreemptLevelDeactivate);
    CHECK_OK(HwCommandCreateCallback(&command, count_run, NULL));
    CHECK_OK(HostEventCreate(&event));
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagSyncHwQueue));
    CHECK_OK(XQueueSubmit(lane.queue, command));

    RUN(in_child(child_of_suspended_parent));
    RUN(in_child(grandchild));
    RUN(in_child(exit_without_queue));
    RUN(fork_while_busy());
    RUN(parent_goes_on());
    return 0;
}
