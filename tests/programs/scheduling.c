/*
 * The local scheduler with highest-priority-first over two queues. The device has two execution
 * units, so that whatever keeps the low queue from running is the scheduler and not a busy device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>

/* A queue with a thread that launches commands of about 200 us on it, as many as it can. */
typedef struct {
    Lane lane;
    pthread_t thread;
    atomic_long completed;
    atomic_int stop;
} Load;

static int64_t level;
static Load low, high;

static XResult work(HwQueueHandle hwq, void *data) {
    (void)hwq;
    sleep_us(200);
    atomic_fetch_add((atomic_long *)data, 1);
    return kXSchedSuccess;
}

static void *launch_until_stopped(void *data) {
    Load *load = (Load *)data;
    while (!atomic_load(&load->stop)) {
        CHECK_OK(HostQueueLaunch(load->lane.stream, work, &load->completed));
    }
    CHECK_OK(HwQueueSynchronize(load->lane.stream));
    return NULL;
}

static void load_open(Load *load, Priority priority) {
    load->lane = lane_open(level);
    atomic_store(&load->completed, 0);
    atomic_store(&load->stop, 0);
    CHECK_OK(XQueueSetLaunchConfig(load->lane.queue, 1, 1));
    CHECK_OK(XHintPriority(load->lane.queue, priority));
}

static void load_start(Load *load) {
    CHECK(pthread_create(&load->thread, NULL, launch_until_stopped, load) == 0);
}

static void load_stop(Load *load) {
    atomic_store(&load->stop, 1);
    CHECK(pthread_join(load->thread, NULL) == 0);
}

static void open_both(void) {
    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    load_open(&low, 1);
    load_open(&high, 10);
}

static void close_both(void) {
    lane_close(high.lane);
    lane_close(low.lane);
}

static void wait_for_progress(Load *load) {
    const long before = atomic_load(&load->completed);
    WAIT_FOR(atomic_load(&load->completed) >= before + 10);
}

/* One command may be running when its queue is suspended; after that nothing moves. */
static void check_held(Load *load) {
    const long before = atomic_load(&load->completed);
    sleep_us(50000);
    CHECK(atomic_load(&load->completed) <= before + 1);
    CHECK_STANDS_STILL(atomic_load(&load->completed));
}

/* --- a command that makes a queue ready until it is released ---------------------------------- */

static atomic_int released;

static XResult block(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    WAIT_FOR(atomic_load(&released));
    return kXSchedSuccess;
}

static void make_ready(Load *load) {
    atomic_store(&released, 0);
    CHECK_OK(HostQueueLaunch(load->lane.stream, block, NULL));
}

static void make_idle(Load *load) {
    atomic_store(&released, 1);
    CHECK_OK(HwQueueSynchronize(load->lane.stream));
}

/* --- tests ------------------------------------------------------------------------------------ */

static void low_waits_for_high(void) {
    XQueueStats stats;
    open_both();
    load_start(&low);
    wait_for_progress(&low);
    for (int request = 0; request < 5; request++) {
        make_ready(&high);
        check_held(&low);
        make_idle(&high);
        wait_for_progress(&low);
    }
    CHECK_OK(XQueueGetStats(low.lane.queue, &stats));
    CHECK(stats.suspends >= 5 && stats.resumes >= 5 && stats.suspended_us > 0);
    CHECK_OK(XQueueGetStats(high.lane.queue, &stats));
    CHECK(stats.suspends == 0);
    load_stop(&low);
    close_both();
}

/* The queue of explicit commands is held in the same way. */
static void explicit_commands_wait_too(void) {
    enum { COUNT = 200 };
    HwCommandHandle commands[COUNT];
    open_both();
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(HwCommandCreateCallback(&commands[i], work, &low.completed));
        CHECK_OK(XQueueSubmit(low.lane.queue, commands[i]));
    }
    WAIT_FOR(atomic_load(&low.completed) >= 5);
    make_ready(&high);
    check_held(&low);
    CHECK(atomic_load(&low.completed) < COUNT);
    make_idle(&high);
    CHECK_OK(XQueueWaitAll(low.lane.queue));
    CHECK(atomic_load(&low.completed) == COUNT);
    for (int i = 0; i < COUNT; i++) {
        CHECK_OK(HwCommandDestroy(commands[i]));
    }
    close_both();
}

static void priorities_change(void) {
    open_both();
    load_start(&low);
    make_ready(&high);
    check_held(&low);

    /* `high` is ready all the time; only the hints change. */
    CHECK_OK(XHintPriority(low.lane.queue, 20));
    wait_for_progress(&low);
    CHECK_OK(XHintPriority(low.lane.queue, 1));
    check_held(&low);
    CHECK_OK(XHintPriority(high.lane.queue, PRIORITY_MIN));
    wait_for_progress(&low);
    CHECK_OK(XHintPriority(high.lane.queue, 10));
    check_held(&low);

    make_idle(&high);
    load_stop(&low);
    close_both();
}

static void equal_priorities_share(void) {
    open_both();
    CHECK_OK(XHintPriority(low.lane.queue, 10));
    load_start(&low);
    load_start(&high);
    for (int i = 0; i < 3; i++) {
        wait_for_progress(&low);
        wait_for_progress(&high);
    }
    load_stop(&low);
    load_stop(&high);
    close_both();
}

static void no_execute(void) {
    open_both();
    load_start(&low);
    wait_for_progress(&low);
    CHECK_OK(XHintPriority(low.lane.queue, PRIORITY_NO_EXECUTE));
    check_held(&low);
    CHECK_OK(XHintPriority(low.lane.queue, PRIORITY_MIN));
    wait_for_progress(&low);
    load_stop(&low);
    close_both();
}

static void scheduler_changes(void) {
    open_both();
    load_start(&low);
    make_ready(&high);
    check_held(&low);
    CHECK_OK(XHintSetScheduler(kSchedulerAppManaged, kPolicyUnknown));
    wait_for_progress(&low);
    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    check_held(&low);
    make_idle(&high);
    wait_for_progress(&low);
    load_stop(&low);
    close_both();
}

/* The application's own suspend stays in force whatever the scheduler does, and the reverse. */
static void application_and_scheduler_both_suspend(void) {
    open_both();
    load_start(&low);
    wait_for_progress(&low);
    CHECK_OK(XQueueSuspend(low.lane.queue, kQueueSuspendFlagNone));
    check_held(&low);
    make_ready(&high);
    make_idle(&high);
    check_held(&low);
    make_ready(&high);
    CHECK_OK(XQueueResume(low.lane.queue, kQueueResumeFlagNone));
    check_held(&low);
    make_idle(&high);
    wait_for_progress(&low);
    load_stop(&low);
    close_both();
}

/* A queue that is destroyed while it is held loses nothing, and the thread it held goes on. */
static void destroyed_while_held(void) {
    open_both();
    load_start(&low);
    make_ready(&high);
    check_held(&low);
    /* Told to stop before: without a queue nothing limits how much it launches. */
    atomic_store(&low.stop, 1);
    CHECK_OK(XQueueDestroy(low.lane.queue));
    load_stop(&low);
    make_idle(&high);
    CHECK_OK(HwQueueDestroy(low.lane.stream));
    lane_close(high.lane);
}

/* High waits on the device for an event of low, while low is held: low runs up to the event. */
static void inversion_is_resolved(void) {
    HostEventHandle event = 0;
    atomic_long after_event;
    atomic_init(&after_event, 0);
    open_both();
    /* Room enough that everything below is launched, behind a gate or not. */
    CHECK_OK(XQueueSetLaunchConfig(low.lane.queue, 16, 1));
    CHECK_OK(XQueueSetLaunchConfig(high.lane.queue, 16, 1));
    CHECK_OK(HostEventCreate(&event));

    make_ready(&low);
    for (int i = 0; i < 4; i++) {
        CHECK_OK(HostQueueLaunch(low.lane.stream, work, &low.completed));
    }
    CHECK_OK(HostEventRecord(event, low.lane.stream));
    CHECK_OK(HostQueueWaitEvent(high.lane.stream, event));
    CHECK_OK(HostQueueLaunch(high.lane.stream, work, &after_event));
    CHECK_STANDS_STILL(atomic_load(&after_event));
    atomic_store(&released, 1);
    WAIT_FOR(atomic_load(&after_event) == 1);
    CHECK(atomic_load(&low.completed) == 4);

    CHECK_OK(HwQueueSynchronize(high.lane.stream));
    CHECK_OK(HwQueueSynchronize(low.lane.stream));
    CHECK_OK(HostEventDestroy(event));
    close_both();
}

int main(void) {
    CHECK(setenv("XSCHED_HOST_UNITS", "2", 1) == 0);
    for (level = kPreemptLevelBlock; level <= kPreemptLevelDeactivate; level++) {
        printf("level %d\n", (int)level);
        RUN(low_waits_for_high());
        RUN(explicit_commands_wait_too());
        RUN(priorities_change());
        RUN(equal_priorities_share());
        RUN(no_execute());
        RUN(scheduler_changes());
        RUN(application_and_scheduler_both_suspend());
        RUN(destroyed_while_held());
        RUN(inversion_is_resolved());
    }
    return 0;
}
