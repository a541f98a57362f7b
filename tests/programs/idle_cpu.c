/*
 * A runtime that is attached but has nothing to do costs nothing: no processor time, and no thread
 * of it ever wakes up.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <dirent.h>

enum { LANES = 8 };

/* The switches into sleep of all threads but the caller's: each wake-up ends with one. */
static long sleeps_of_other_threads(void) {
    char own[32];
    long total = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    snprintf(own, sizeof(own), "%ld", (long)getpid());
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        char path[300], line[256];
        FILE *status;
        long switches = 0;
        if (task->d_name[0] == '.' || strcmp(task->d_name, own) == 0) {
            continue;
        }
        snprintf(path, sizeof(path), "/proc/self/task/%s/status", task->d_name);
        status = fopen(path, "r");
        if (status == NULL) {
            continue; /* It ended meanwhile. */
        }
        while (fgets(line, sizeof(line), status) != NULL) {
            if (sscanf(line, "voluntary_ctxt_switches: %ld", &switches) == 1) {
                total += switches;
            }
        }
        fclose(status);
    }
    closedir(tasks);
    return total;
}

static double cpu_time_s(void) {
    struct timespec used;
    CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0);
    return (double)used.tv_sec + (double)used.tv_nsec * 1e-9;
}

/* Threads need a moment to find out that there is nothing left to do. */
static void wait_until_quiet(void) {
    const double deadline = check_now_s() + CHECK_DEADLINE_S;
    long before;
    do {
        CHECK(check_now_s() < deadline);
        before = sleeps_of_other_threads();
        sleep_us(300000);
    } while (sleeps_of_other_threads() != before);
}

static void check_costs_nothing(const char *when) {
    wait_until_quiet();
    const long sleeps = sleeps_of_other_threads();
    const double cpu = cpu_time_s();
    sleep_us(1000000);
    const double used_ms = (cpu_time_s() - cpu) * 1e3;
    const long woken = sleeps_of_other_threads() - sleeps;
    printf("  %s: %.3f ms of processor time and %ld wake-ups in one second\n", when, used_ms,
           woken);
    fflush(stdout);
    CHECK(woken == 0);
    CHECK(used_ms < 5.0);
}

static void contend(Lane *lanes) {
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < LANES; i++) {
            CHECK_OK(HostQueueDelay(lanes[i].stream, 200));
        }
    }
    for (int i = 0; i < LANES; i++) {
        CHECK_OK(HwQueueSynchronize(lanes[i].stream));
    }
}

static void idle_by_grace(Lane *lanes) {
    for (int i = 0; i < LANES; i++) {
        CHECK_OK(HostQueueDelay(lanes[i].stream, 200));
    }
}

int main(void) {
    Lane lanes[LANES];
    check_costs_nothing("not used yet");
    for (int i = 0; i < LANES; i++) {
        lanes[i] = lane_open(i % 2 ? kPreemptLevelBlock : kPreemptLevelDeactivate);
        CHECK_OK(XHintPriority(lanes[i].queue, i));
    }
    check_costs_nothing("attached");
    RUN(contend(lanes));
    check_costs_nothing("after work, application-managed");

    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    RUN(contend(lanes));
    check_costs_nothing("after contention, local scheduler");
    RUN(idle_by_grace(lanes));
    check_costs_nothing("after work that nobody waited for");

    CHECK_OK(XQueueSuspend(lanes[0].queue, kQueueSuspendFlagNone));
    check_costs_nothing("with a suspended queue");
    CHECK_OK(XQueueResume(lanes[0].queue, kQueueResumeFlagNone));
    for (int i = 0; i < LANES; i++) {
        lane_close(lanes[i]);
    }
    check_costs_nothing("detached");
    return 0;
}
