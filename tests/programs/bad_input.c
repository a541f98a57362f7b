/*
 * Every function with every wrong argument that is not a handle (bad_handle.c has those): NULL,
 * out of range, contradicting, not available here, not allowed in this state.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "bad_input.h"

static Lane lane;

static void null_outputs(void) {
    REFUSED(InvalidValue, "xq", XQueueCreate(NULL, lane.stream, kPreemptLevelBlock, 0));
    REFUSED(InvalidValue, "xq", XQueueGet(NULL, lane.stream));
    REFUSED(InvalidValue, "state", XQueueQuery(lane.queue, NULL));
    REFUSED(InvalidValue, "count", XQueueProfileHwCommandCount(lane.queue, NULL));
    REFUSED(InvalidValue, "stats", XQueueGetStats(lane.queue, NULL));
    REFUSED(InvalidValue, "stats", XSchedGetHookStats(NULL));
    REFUSED(InvalidValue, "hw_cmd", HwCommandCreateCallback(NULL, succeed, NULL));
    REFUSED(InvalidValue, "hwq", HostQueueCreate(NULL, PRIORITY_DEFAULT));
    REFUSED(InvalidValue, "event", HostEventCreate(NULL));
    REFUSED(InvalidValue, "hwq", HipQueueCreate(NULL, NULL));
    REFUSED(InvalidValue, "hwq", CudaQueueCreate(NULL, NULL));
    REFUSED(InvalidValue, "hwq", CudaQueueGet(NULL, NULL));
}

static void null_output_of_event_query(void) {
    HostEventHandle event = 0;
    CHECK_OK(HostEventCreate(&event));
    REFUSED(InvalidValue, "completed", HostEventQuery(event, NULL));
    CHECK_OK(HostEventDestroy(event));
}

static void null_inputs(void) {
    HwCommandHandle command = UNTOUCHED;
    REFUSED(InvalidValue, "launch", HwCommandCreateCallback(&command, NULL, NULL));
    CHECK(command == UNTOUCHED);
    REFUSED(InvalidValue, "callback", HostQueueLaunch(lane.stream, NULL, NULL));
    REFUSED(InvalidValue, "name", XQueueSetName(lane.queue, NULL));
    REFUSED(InvalidValue, "path", XSchedTraceStart(NULL));
}

static void levels(void) {
    static const int64_t unknown[] = {kPreemptLevelUnknown,
                                      kPreemptLevelMax,
                                      99,
                                      -1,
                                      INT64_MAX,
                                      (int64_t)1 << 32 | kPreemptLevelBlock};
    const size_t unknown_count = sizeof(unknown) / sizeof(unknown[0]);
    HwQueueHandle stream = 0;
    XQueueHandle xq = UNTOUCHED;
    XQueueStats stats;

    CHECK_OK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    for (size_t i = 0; i < unknown_count; i++) {
        REFUSED(InvalidValue, "level", XQueueCreate(&xq, stream, unknown[i], 0));
    }
    REFUSED(NotSupported, "level", XQueueCreate(&xq, stream, kPreemptLevelInterrupt, 0));
    CHECK(xq == UNTOUCHED);
    REFUSED(NotFound, "hwq", XQueueGet(&xq, stream));
    CHECK(xq == UNTOUCHED);
    CHECK_OK(HwQueueDestroy(stream));

    CHECK_OK(XQueueSetPreemptLevel(lane.queue, kPreemptLevelDeactivate));
    REFUSED(InvalidValue, "level", XQueueSetPreemptLevel(lane.queue, kPreemptLevelUnknown));
    REFUSED(InvalidValue, "level", XQueueSetPreemptLevel(lane.queue, kPreemptLevelMax));
    REFUSED(InvalidValue, "level", XQueueSetPreemptLevel(lane.queue, (XPreemptLevel)99));
    REFUSED(InvalidValue, "level", XQueueSetPreemptLevel(lane.queue, (XPreemptLevel)-1));
    REFUSED(NotSupported, "level", XQueueSetPreemptLevel(lane.queue, kPreemptLevelInterrupt));
    CHECK_OK(XQueueGetStats(lane.queue, &stats));
    CHECK(stats.level == kPreemptLevelDeactivate);
    CHECK_OK(XQueueSetPreemptLevel(lane.queue, kPreemptLevelBlock));
}

/* For each set of flags every bit that is not one of them is refused; -1 is all of them. */
static void flags(void) {
    HwQueueHandle stream = 0;
    XQueueHandle xq = UNTOUCHED;
    CHECK_OK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    for (int bit = 0; bit < 64; bit++) {
        const int64_t flag = (int64_t)((uint64_t)1 << bit);
        if (bit >= 1) {
            REFUSED(InvalidValue, "flags", XQueueCreate(&xq, stream, kPreemptLevelBlock, flag));
            REFUSED(InvalidValue, "flags", XQueueCreate(&xq, stream, kPreemptLevelBlock, flag | 1));
            REFUSED(InvalidValue, "flags", XQueueResume(lane.queue, flag));
        }
        if (bit >= 3) {
            REFUSED(InvalidValue, "flags", XQueueSuspend(lane.queue, flag));
            REFUSED(InvalidValue, "flags", XQueueSuspend(lane.queue, flag | 7));
        }
    }
    CHECK(xq == UNTOUCHED);
    CHECK_OK(XQueueCreate(&xq, stream, kPreemptLevelBlock, kQueueCreateFlagMaskAll));
    CHECK_OK(XQueueSuspend(xq, kQueueSuspendFlagMaskAll));
    CHECK_OK(XQueueResume(xq, kQueueResumeFlagMaskAll));
    lane_close((Lane){stream, xq});
}

static void launch_config(void) {
    XQueueStats stats;
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 8, 4));
    REFUSED(InvalidValue, "batch_size", XQueueSetLaunchConfig(lane.queue, 4, 8));
    REFUSED(InvalidValue, "batch_size", XQueueSetLaunchConfig(lane.queue, 1, 2));
    /* The value that is left alone counts, too. */
    REFUSED(InvalidValue, "batch_size", XQueueSetLaunchConfig(lane.queue, 0, 9));
    REFUSED(InvalidValue, "batch_size", XQueueSetLaunchConfig(lane.queue, 3, 0));
    REFUSED(InvalidValue, "batch_size", XQueueSetLaunchConfig(lane.queue, -1, INT64_MAX));
    CHECK_OK(XQueueGetStats(lane.queue, &stats));
    CHECK(stats.threshold == 8 && stats.batch_size == 4);
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, 0, 0));
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, INT64_MIN, -1));
    CHECK_OK(XQueueGetStats(lane.queue, &stats));
    CHECK(stats.threshold == 8 && stats.batch_size == 4);
    CHECK_OK(XQueueSetLaunchConfig(lane.queue, INT64_MAX, INT64_MAX));
}

static void schedulers(void) {
    static const int unknown[] = {kSchedulerUnknown, kSchedulerMax, 99, -1};
    static const int bad_policy[] = {kPolicyUnknown, kPolicyMax, 99, -1};
    const XPolicyType highest_first = kPolicyHighestPriorityFirst;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        const XSchedulerType scheduler = (XSchedulerType)unknown[i];
        REFUSED(InvalidValue, "scheduler", XHintSetScheduler(scheduler, highest_first));
    }
    for (size_t i = 0; i < sizeof(bad_policy) / sizeof(bad_policy[0]); i++) {
        const XPolicyType policy = (XPolicyType)bad_policy[i];
        REFUSED(InvalidValue, "policy", XHintSetScheduler(kSchedulerLocal, policy));
        /* Without a policy there is nothing wrong with it. */
        CHECK_OK(XHintSetScheduler(kSchedulerAppManaged, policy));
    }
    for (int policy = kPolicyMax - 1; policy > kPolicyUnknown; policy--) {
        CHECK_OK(XHintSetScheduler(kSchedulerLocal, (XPolicyType)policy));
    }
    REFUSED(NotSupported, "scheduler", XHintSetScheduler(kSchedulerGlobal, highest_first));
}

static void hints(void) {
    XQueueStats stats;
    const XQueueHandle xq = lane.queue;
    CHECK_OK(XHintPriority(xq, 7));
    REFUSED(InvalidValue, "prio", XHintPriority(xq, PRIORITY_MAX + 1));
    REFUSED(InvalidValue, "prio", XHintPriority(xq, PRIORITY_NO_EXECUTE - 1));
    REFUSED(InvalidValue, "prio", XHintPriority(xq, INT32_MAX));
    REFUSED(InvalidValue, "prio", XHintPriority(xq, INT32_MIN));
    CHECK_OK(XQueueGetStats(xq, &stats));
    CHECK(stats.priority == 7);

    REFUSED(InvalidValue, "util", XHintUtilization(xq, UTILIZATION_MIN - 1));
    REFUSED(InvalidValue, "util", XHintUtilization(xq, UTILIZATION_MAX + 1));
    REFUSED(InvalidValue, "ts_us", XHintTimeslice(TIMESLICE_MIN - 1));
    REFUSED(InvalidValue, "ts_us", XHintTimeslice(TIMESLICE_MAX + 1));
    REFUSED(InvalidValue, "ts_us", XHintTimeslice(INT64_MIN));
    REFUSED(InvalidValue, "lax_us", XHintLaxity(xq, -2, PRIORITY_MIN, PRIORITY_MAX));
    REFUSED(InvalidValue, "lax_prio", XHintLaxity(xq, 1, PRIORITY_MAX + 1, PRIORITY_MAX));
    REFUSED(InvalidValue, "crit_prio", XHintLaxity(xq, 1, PRIORITY_MIN, PRIORITY_NO_EXECUTE - 1));
    REFUSED(InvalidValue, "ddl_us", XHintDeadline(xq, -2));
    REFUSED(InvalidValue, "k", XHintKDeadline(0));
    REFUSED(InvalidValue, "pid", XHintActiveWindow(-1));

    /* Kept, whatever the policy, and not changed by what was refused. */
    CHECK_OK(XHintUtilization(xq, 40));
    CHECK_OK(XHintTimeslice(TIMESLICE_DEFAULT));
    CHECK_OK(XHintLaxity(xq, 3000, PRIORITY_MIN, PRIORITY_MAX));
    CHECK_OK(XHintDeadline(xq, 16000));
    CHECK_OK(XHintKDeadline(1));
    CHECK_OK(XHintActiveWindow(0));
    REFUSED(InvalidValue, "util", XHintUtilization(xq, UTILIZATION_MAX + 1));
    REFUSED(InvalidValue, "ddl_us", XHintDeadline(xq, -2));
    CHECK_OK(XQueueGetStats(xq, &stats));
    CHECK(stats.utilization == 40);
    CHECK(stats.laxity_us == 3000);
    CHECK(stats.deadline_us == 16000);
}

static void absent_platforms(void) {
    HwQueueHandle hwq = UNTOUCHED;
    int not_a_stream = 0;
    hipStream_t hip_stream = (hipStream_t)(void *)&not_a_stream;
    CUstream cuda_stream = (CUstream)(void *)&not_a_stream;
    REFUSED(NotSupported, "HIP", HipQueueCreate(&hwq, NULL));
    REFUSED(NotSupported, "HIP", HipQueueCreate(&hwq, hip_stream));
    REFUSED(NotSupported, "CUDA", CudaQueueCreate(&hwq, NULL));
    REFUSED(NotSupported, "CUDA", CudaQueueCreate(&hwq, cuda_stream));
    REFUSED(NotSupported, "CUDA", CudaQueueGet(&hwq, NULL));
    REFUSED(NotSupported, "CUDA", CudaQueueGet(&hwq, cuda_stream));
    CHECK(hwq == UNTOUCHED);
}

static void software_device(void) {
    HwQueueHandle hwq = UNTOUCHED;
    REFUSED(InvalidValue, "priority", HostQueueCreate(&hwq, PRIORITY_MAX + 1));
    REFUSED(InvalidValue, "priority", HostQueueCreate(&hwq, PRIORITY_MIN - 1));
    REFUSED(InvalidValue, "priority", HostQueueCreate(&hwq, PRIORITY_NO_EXECUTE));
    CHECK(hwq == UNTOUCHED);
    REFUSED(InvalidValue, "duration_us", HostQueueDelay(lane.stream, -1));
    REFUSED(InvalidValue, "duration_us", HostQueueDelay(lane.stream, INT64_MIN));
    REFUSED(InvalidValue, "fault", HostSetFault((HostFault)6, 0));
    REFUSED(InvalidValue, "fault", HostSetFault((HostFault)-1, 0));
    REFUSED(InvalidValue, "after", HostSetFault(kHostFaultLaunch, -1));
    CHECK_OK(HostQueueDelay(lane.stream, 0));
}

static void names_and_traces(void) {
    REFUSED(InvalidValue, "name", XQueueSetName(lane.queue, "\xff\xfe"));
    CHECK_OK(XQueueSetName(lane.queue, ""));
    /* Cut after 64 bytes, which here is in the middle of a character. */
    char name[] = "0123456789012345678901234567890123456789012345678901234567890..\xc3\xa4";
    CHECK(strlen(name) == 65);
    CHECK_OK(XQueueSetName(lane.queue, name));
    REFUSED(InvalidValue, "path", XSchedTraceStart("\xff"));
    REFUSED(InvalidValue, "path", XSchedTraceStart(""));
    REFUSED(InvalidValue, "path", XSchedTraceStart("/nonexistent/directory/trace.json"));
    REFUSED(NotAllowed, "", XSchedTraceStop());
}

static void one_trace_at_a_time(void) {
    char path[] = "/tmp/xsched-trace-XXXXXX";
    const int file = mkstemp(path);
    CHECK(file >= 0);
    close(file);
    CHECK_OK(XSchedTraceStart(path));
    REFUSED(NotAllowed, "", XSchedTraceStart(path));
    CHECK_OK(XSchedTraceStop());
    REFUSED(NotAllowed, "", XSchedTraceStop());
    CHECK(unlink(path) == 0);
}

static void wrong_state(void) {
    Lane other = lane_open(kPreemptLevelBlock);
    HwCommandHandle command = 0;
    XQueueHandle again = 0;

    REFUSED(NotAllowed, "", HwQueueDestroy(other.stream));
    CHECK_OK(XQueueCreate(&again, other.stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK(again == other.queue);

    CHECK_OK(HwCommandCreateCallback(&command, succeed, NULL));
    REFUSED(NotAllowed, "", XQueueWait(other.queue, command));
    CHECK_OK(XQueueSuspend(other.queue, kQueueSuspendFlagSyncHwQueue));
    CHECK_OK(XQueueSubmit(other.queue, command));
    REFUSED(NotAllowed, "", XQueueSubmit(other.queue, command));
    REFUSED(NotAllowed, "", XQueueSubmit(lane.queue, command));
    REFUSED(NotAllowed, "", HwQueueLaunch(other.stream, command));
    REFUSED(NotAllowed, "", HwCommandDestroy(command));
    REFUSED(NotAllowed, "", XQueueWait(lane.queue, command));
    CHECK_OK(XQueueResume(other.queue, kQueueResumeFlagNone));
    CHECK_OK(XQueueWait(other.queue, command));
    CHECK_OK(HwCommandDestroy(command));
    lane_close(other);
}

static void version(void) {
    char expected[64];
    snprintf(expected, sizeof(expected), "%d.%d.%d", XSCHED_VERSION_MAJOR, XSCHED_VERSION_MINOR,
             XSCHED_VERSION_PATCH);
    CHECK(strcmp(XSchedVersion(), expected) == 0);
}

int main(void) {
    /* A machine of the project may have ROCm; what happens without it is tested here. */
    CHECK(setenv("XSCHED_HIP_LIB", "no-such-library", 1) == 0);
    CHECK(strcmp(XSchedLastErrorMessage(), "") == 0);
    RUN(version());
    RUN(null_outputs());
    CHECK_OK(HostQueueCreate(&lane.stream, PRIORITY_DEFAULT));
    CHECK_OK(XQueueCreate(&lane.queue, lane.stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    RUN(null_outputs());
    RUN(null_output_of_event_query());
    RUN(null_inputs());
    RUN(levels());
    RUN(flags());
    RUN(launch_config());
    RUN(schedulers());
    RUN(hints());
    RUN(absent_platforms());
    RUN(software_device());
    RUN(names_and_traces());
    RUN(one_trace_at_a_time());
    RUN(wrong_state());
    lane_close(lane);
    return 0;
}
