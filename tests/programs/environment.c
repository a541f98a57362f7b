/*
 * The environment: each setting has its effect, a value that is not understood is reported once on
 * stderr and replaced by the default, and nothing is ever printed to stdout. The program runs
 * itself once per setting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "check.h"

#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

static atomic_int runs;

static XResult count_run(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_fetch_add(&runs, 1);
    return kXSchedSuccess;
}

/* --- what a child does ------------------------------------------------------------------------ */

static void works(void) {
    Lane lane = lane_open(kPreemptLevelBlock);
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    CHECK_OK(HwQueueSynchronize(lane.stream));
    CHECK(atomic_load(&runs) == 1);
    lane_close(lane);
}

/* A policy is in force exactly if a queue that must never run does not run. */
static void submit_what_must_not_run(Lane *lane) {
    HwCommandHandle command = 0;
    *lane = lane_open(kPreemptLevelBlock);
    CHECK_OK(HwCommandCreateCallback(&command, count_run, NULL));
    CHECK_OK(XHintPriority(lane->queue, PRIORITY_NO_EXECUTE));
    CHECK_OK(XQueueSubmit(lane->queue, command));
}

static void app_managed(void) {
    Lane lane;
    submit_what_must_not_run(&lane);
    WAIT_FOR(atomic_load(&runs) == 1);
    lane_close(lane);
}

static void local(void) {
    Lane lane;
    submit_what_must_not_run(&lane);
    CHECK_STANDS_STILL(atomic_load(&runs));
    CHECK(atomic_load(&runs) == 0);
    CHECK_OK(XHintPriority(lane.queue, PRIORITY_DEFAULT));
    WAIT_FOR(atomic_load(&runs) == 1);
    lane_close(lane);
}

static void host_gate(void) {
    HwQueueHandle stream = 0;
    XQueueHandle queue = 0;
    XQueueStats stats;
    CHECK_OK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    CHECK_RESULT(kXSchedErrorNotSupported,
                 XQueueCreate(&queue, stream, kPreemptLevelDeactivate, kQueueCreateFlagNone));
    CHECK_OK(XQueueCreate(&queue, stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK_OK(XQueueGetStats(queue, &stats));
    CHECK(stats.device_gate == 0);
    lane_close((Lane){stream, queue});
    works();
}

static void disabled(void) {
    Lane lane = lane_open(kPreemptLevelBlock);
    CHECK_OK(XQueueSuspend(lane.queue, kQueueSuspendFlagNone));
    CHECK_OK(HostQueueLaunch(lane.stream, count_run, NULL));
    WAIT_FOR(atomic_load(&runs) == 1);
    lane_close(lane);
}

/* Two commands that are released together run at the same time only on two units. */
static atomic_int together;

static XResult meet(HwQueueHandle hwq, void *data) {
    (void)hwq;
    (void)data;
    atomic_fetch_add(&together, 1);
    WAIT_FOR(atomic_load(&together) == 2);
    return kXSchedSuccess;
}

static void two_units(void) {
    Lane first = lane_open(kPreemptLevelBlock), second = lane_open(kPreemptLevelBlock);
    CHECK_OK(HostQueueLaunch(first.stream, meet, NULL));
    CHECK_OK(HostQueueLaunch(second.stream, meet, NULL));
    lane_close(first);
    lane_close(second);
}

/* --- the parent ------------------------------------------------------------------------------- */

static const char *const trace_path = "environment-trace.json";

typedef struct {
    const char *variable;
    const char *value;
    void (*body)(void);
    /* What stderr must contain; NULL: stderr stays empty. */
    const char *reported;
} Setting;

static const Setting settings[] = {
    {"XSCHED_SCHEDULER", "APP", app_managed, NULL},
    {"XSCHED_SCHEDULER", "LCL", local, NULL},
    {"XSCHED_SCHEDULER", "", app_managed, NULL},
    {"XSCHED_SCHEDULER", "lcl", app_managed, "XSCHED_SCHEDULER=lcl"},
    {"XSCHED_SCHEDULER", "GLB", app_managed, "XSCHED_SCHEDULER=GLB"},
    {"XSCHED_POLICY", "HPF", works, NULL},
    {"XSCHED_POLICY", "FIFO", works, "XSCHED_POLICY=FIFO"},
    {"XSCHED_GATE", "auto", works, NULL},
    {"XSCHED_GATE", "device", works, NULL},
    {"XSCHED_GATE", "host", host_gate, NULL},
    {"XSCHED_GATE", "fence", works, "XSCHED_GATE=fence"},
    {"XSCHED_BUDGET_US", "0", works, NULL},
    {"XSCHED_BUDGET_US", "auto", works, NULL},
    {"XSCHED_BUDGET_US", "ten", works, "XSCHED_BUDGET_US=ten"},
    {"XSCHED_BUDGET_US", "99999999999999999999", works, "XSCHED_BUDGET_US=9999"},
    {"XSCHED_GRACE_US", "1000", works, NULL},
    {"XSCHED_GRACE_US", "-5", works, "XSCHED_GRACE_US=-5"},
    {"XSCHED_DISABLE", "ON", disabled, NULL},
    {"XSCHED_DISABLE", "maybe", works, "XSCHED_DISABLE=maybe"},
    {"XSCHED_HOST_UNITS", "2", two_units, NULL},
    {"XSCHED_HOST_UNITS", "0", works, "XSCHED_HOST_UNITS=0"},
    {"XLOG_LEVEL", "ERRO", works, NULL},
    {"XLOG_LEVEL", "INFO", works, "libxsched " /* version, scheduler, policy, device, gate */},
    {"XLOG_LEVEL", "LOUD", works, "XLOG_LEVEL=LOUD"},
    {"XSCHED_TRACE", "environment-trace.json", works, NULL},
    {"XSCHED_TRACE", "/nonexistent/trace.json", works, "XSCHED_TRACE"},
};

static size_t occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

/* Runs the program again with its output in `text`, stdout behind stderr. */
static void run_child(const char *program, const Setting *setting, size_t number, char *text,
                      size_t size) {
    char argument[16];
    int ends[2], status = 0;
    size_t length = 0;
    CHECK(pipe(ends) == 0);
    fflush(NULL);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setenv(setting->variable, setting->value, 1) == 0);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        alarm(CHECK_DEADLINE_S);
        snprintf(argument, sizeof(argument), "%zu", number);
        execl(program, program, argument, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    for (ssize_t got; length + 1 < size; length += (size_t)got) {
        got = read(ends[0], text + length, size - length - 1);
        if (got <= 0) {
            break;
        }
    }
    text[length] = '\0';
    close(ends[0]);
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "wait status %#x, output:\n%s", (unsigned)status, text);
        check_failed(__FILE__, __LINE__, "the child ends without an error");
    }
}

static void check_setting(const char *program, size_t number) {
    const Setting *setting = &settings[number];
    char text[16384];
    printf("%s=%s\n", setting->variable, setting->value);
    run_child(program, setting, number, text, sizeof(text));
    const size_t expected = setting->reported != NULL;
    const size_t found = expected ? occurrences(text, setting->reported) : strlen(text);
    if (found != expected) {
        fprintf(stderr, "expected %s once; output:\n%s",
                setting->reported ? setting->reported : "nothing", text);
        check_failed(__FILE__, __LINE__, "what is reported");
    }
}

int main(int argc, char **argv) {
    const size_t count = sizeof(settings) / sizeof(settings[0]);
    struct stat trace;
    if (argc > 1) {
        settings[strtoul(argv[1], NULL, 10)].body();
        return 0;
    }
    (void)unlink(trace_path);
    for (size_t i = 0; i < count; i++) {
        check_setting(argv[0], i);
    }
    /* The trace is written when the process ends. */
    CHECK(stat(trace_path, &trace) == 0 && trace.st_size > 0);
    CHECK(unlink(trace_path) == 0);
    return 0;
}
