/*
 * A process that ends while a queue is suspended and work is pending ends at once, however it ends.
 * The program runs itself once per way to end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

static Lane lane;
static atomic_int entered;

static XResult work(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    return kXSchedSuccess;
}

static XResult block(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_store(&entered, 1);
    pause();
    return kXSchedSuccess;
}

static void *launch_for_ever(void *unused) {
    (void)unused;
    for (;;) {
        /* Once the process is on its way out a launch may be refused, but it must not crash. */
        (void)HostQueueLaunch(lane.stream, work, NULL);
    }
    return NULL;
}

static void *exit_0(void *unused) {
    (void)unused;
    exit(0);
}

/* Suspended, with explicit commands pending and a thread that launches and is held. */
static void suspend_with_work_pending(void) {
    pthread_t thread;
    lane = lane_open(kPreemptLevelDeactivate);
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 4, 2));
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagSyncHwQueue));
    for (int i = 0; i < 100; i++) {
        HwCommandHandle command = 0;
        CHECK_OK(HwCommandCreateCallback(&command, work, NULL));
        CHECK_OK(XQueueSubmit(lane.queue, command));
    }
    CHECK(pthread_create(&thread, NULL, launch_for_ever, NULL) == 0);
    sleep_us(20000);
}

static void exit_during_command(void) {
    HwCommandHandle command = 0;
    lane = lane_open(kPreemptLevelBlock);
    CHECK_OK(HwCommandCreateCallback(&command, block, NULL));
    CHECK_OK(XQueueSubmit(lane.queue, command));
    WAIT_FOR(atomic_load(&entered));
    exit(0);
}

static void use_in_exit_handler(void) {
    (void)XQueueResume(lane.queue, kQueueResumeFlagNone);
    (void)XQueueSuspend(lane.queue, kQueueSuspendFlagNone);
    (void)XSchedLastErrorMessage();
}

static int end_by(const char *way) {
    if (strcmp(way, "running command") == 0) {
        exit_during_command();
    }
    suspend_with_work_pending();
    if (strcmp(way, "exit") == 0) {
        exit(0);
    } else if (strcmp(way, "_exit") == 0) {
        _exit(0);
    } else if (strcmp(way, "quick_exit") == 0) {
        quick_exit(0);
    } else if (strcmp(way, "exit handler") == 0) {
        CHECK(atexit(use_in_exit_handler) == 0);
    } else if (strcmp(way, "exit on a thread") == 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, exit_0, NULL) == 0);
        pause();
    } else if (strcmp(way, "exec") == 0) {
        execl("/bin/true", "true", (char *)NULL);
        return 1;
    }
    return 0;
}

static void check_ends(const char *program, const char *way) {
    const double deadline = check_now_s() + CHECK_DEADLINE_S;
    int status = 0;
    printf("%s\n", way);
    fflush(stdout);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        execl(program, program, way, (char *)NULL);
        _exit(127);
    }
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (check_now_s() > deadline) {
            kill(child, SIGKILL);
            check_failed(__FILE__, __LINE__, "the child ends");
        }
        sleep_us(1000);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "wait status %#x\n", (unsigned)status);
        check_failed(__FILE__, __LINE__, "the child ends without an error");
    }
}

int main(int argc, char **argv) {
    static const char *const ways[] = {"return from main", "exit",           "_exit",
                                       "quick_exit",       "exec",           "exit handler",
                                       "exit on a thread", "running command"};
    if (argc > 1) {
        return end_by(argv[1]);
    }
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        check_ends(argv[0], ways[i]);
    }
    return 0;
}
