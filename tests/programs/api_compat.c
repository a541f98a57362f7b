/*
 * Every function, type, enumerator and constant of the XSched 1.2 public API, by its own name and
 * header path, as a program written for XSched uses them. Compiled as C11 and as C++17.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _POSIX_C_SOURCE 200809L /* for check.h, which must come after the headers under test */

#include <xsched/types.h>
#include <xsched/xqueue.h>
#include <xsched/hint.h>
#include <xsched/xsched.h>
#include <xsched/cuda/hal.h>
#include <xsched/hip/hal.h>

#include "check.h"

#include <assert.h>

#define VALUE(name, value) static_assert((long long)(name) == (value), #name)
#define TYPE(name, bytes, is_signed)                                                               \
    static_assert(sizeof(name) == (bytes) && ((name)-1 > (name)0) != (is_signed), #name)

TYPE(XDevice, 8, 0);
TYPE(XDeviceId, 4, 0);
TYPE(XQueueHandle, 8, 0);
TYPE(HwQueueHandle, 8, 0);
TYPE(HwCommandHandle, 8, 0);
TYPE(Priority, 4, 1);
TYPE(Utilization, 4, 1);
TYPE(Timeslice, 8, 1);
TYPE(Laxity, 8, 1);
TYPE(Deadline, 8, 1);
/* Enums travel as C int; a wider one would change every signature. */
static_assert(sizeof(XResult) == 4 && sizeof(XQueueState) == 4 && sizeof(XPreemptLevel) == 4, "");
static_assert(sizeof(XSchedulerType) == 4 && sizeof(XPolicyType) == 4, "");

VALUE(kXSchedSuccess, 0);
VALUE(kXSchedErrorHardware, 1);
VALUE(kXSchedErrorInvalidValue, 2);
VALUE(kXSchedErrorNotFound, 3);
VALUE(kXSchedErrorNotAllowed, 4);
VALUE(kXSchedErrorNotSupported, 5);
VALUE(kXSchedErrorBadResponse, 6);
VALUE(kXSchedErrorUnknown, 999);

VALUE(kPlatformUnknown, 0);
VALUE(kPlatformVPI, 1);
VALUE(kPlatformCUDA, 2);
VALUE(kPlatformCUDLA, 3);
VALUE(kPlatformHIP, 4);
VALUE(kPlatformAscend, 5);
VALUE(kPlatformOpenCL, 6);
VALUE(kPlatformLevelZero, 7);
VALUE(kPlatformHost, 64);

VALUE(kDeviceTypeUnknown, 0);
VALUE(kDeviceTypeCPU, 1);
VALUE(kDeviceTypeGPU, 2);
VALUE(kDeviceTypeNPU, 3);
VALUE(kDeviceTypeFPGA, 4);
VALUE(kDeviceTypeASIC, 5);
VALUE(kDeviceTypeMCA, 6);

VALUE(kPreemptLevelUnknown, 0);
VALUE(kPreemptLevelBlock, 1);
VALUE(kPreemptLevelDeactivate, 2);
VALUE(kPreemptLevelInterrupt, 3);
VALUE(kPreemptLevelMax, 4);

VALUE(kQueueStateUnknown, 0);
VALUE(kQueueStateIdle, 1);
VALUE(kQueueStateReady, 2);

VALUE(kQueueFeatureNone, 0);
VALUE(kQueueFeatureAsyncSubmit, 1);
VALUE(kQueueFeatureDynamicLevel, 2);
VALUE(kQueueFeatureDynamicThreshold, 4);
VALUE(kQueueFeatureDynamicBatchSize, 8);
VALUE(kQueueFeatureSyncSuspend, 0x10);
VALUE(kQueueFeatureResumeDropCommands, 0x20);
VALUE(kQueueFeatureMaskAll, -1);

VALUE(kQueueCreateFlagNone, 0);
VALUE(kQueueCreateFlagBlockingSubmit, 1);
VALUE(kQueueCreateFlagMaskAll, -1);

VALUE(kQueueSuspendFlagNone, 0);
VALUE(kQueueSuspendFlagSyncHwQueue, 1);
VALUE(kQueueSuspendFlagWaitAll, 2);
VALUE(kQueueSuspendFlagWaitIdle, 4);
VALUE(kQueueSuspendFlagMaskAll, -1);

VALUE(kQueueResumeFlagNone, 0);
VALUE(kQueueResumeFlagDropCommands, 1);
VALUE(kQueueResumeFlagMaskAll, -1);

VALUE(kSchedulerUnknown, 0);
VALUE(kSchedulerAppManaged, 1);
VALUE(kSchedulerLocal, 2);
VALUE(kSchedulerGlobal, 3);
VALUE(kSchedulerMax, 4);

VALUE(kPolicyUnknown, 0);
VALUE(kPolicyHighestPriorityFirst, 1);
VALUE(kPolicyHeterogeneousHighestPriorityFirst, 2);
VALUE(kPolicyCPUHighestPriorityFirst, 3);
VALUE(kPolicyUtilizationPartition, 4);
VALUE(kPolicyProcessUtilizationPartition, 5);
VALUE(kPolicyStrictProcessUtilizationPartition, 6);
VALUE(kPolicyKEarliestDeadlineFirst, 7);
VALUE(kPolicyLaxity, 8);
VALUE(kPolicyActiveWindowFirst, 9);
VALUE(kPolicyCompletelyFairScheduler, 10);
VALUE(kPolicyMultiLevelFeedbackQueue, 11);
VALUE(kPolicyMax, 12);

VALUE(PRIORITY_NO_EXECUTE, -256);
VALUE(PRIORITY_MIN, -255);
VALUE(PRIORITY_DEFAULT, 0);
VALUE(PRIORITY_MAX, 255);
VALUE(UTILIZATION_MIN, 0);
VALUE(UTILIZATION_DEFAULT, 100);
VALUE(UTILIZATION_MAX, 100);
VALUE(TIMESLICE_MIN, 100);
VALUE(TIMESLICE_DEFAULT, 5000);
VALUE(TIMESLICE_MAX, 10000000);
VALUE(NO_LAXITY, -1);
VALUE(NO_DEADLINE, -1);

/* The signatures: a pointer of the documented type must accept each function as it is. */
static const struct {
    XResult (*queue_create)(XQueueHandle *, HwQueueHandle, int64_t, int64_t);
    XResult (*queue_get)(XQueueHandle *, HwQueueHandle);
    XResult (*queue_destroy)(XQueueHandle);
    XResult (*queue_set_preempt_level)(XQueueHandle, XPreemptLevel);
    XResult (*queue_set_launch_config)(XQueueHandle, int64_t, int64_t);
    XResult (*queue_submit)(XQueueHandle, HwCommandHandle);
    XResult (*queue_wait)(XQueueHandle, HwCommandHandle);
    XResult (*queue_wait_all)(XQueueHandle);
    XResult (*queue_query)(XQueueHandle, XQueueState *);
    XResult (*queue_suspend)(XQueueHandle, int64_t);
    XResult (*queue_resume)(XQueueHandle, int64_t);
    XResult (*queue_profile)(XQueueHandle, int64_t *);
    XResult (*stream_destroy)(HwQueueHandle);
    XResult (*stream_synchronize)(HwQueueHandle);
    XResult (*stream_launch)(HwQueueHandle, HwCommandHandle);
    XResult (*command_create)(HwCommandHandle *, LaunchCallback, void *);
    XResult (*command_destroy)(HwCommandHandle);
    XResult (*hint_set_scheduler)(XSchedulerType, XPolicyType);
    XResult (*hint_priority)(XQueueHandle, Priority);
    XResult (*hint_utilization)(XQueueHandle, Utilization);
    XResult (*hint_timeslice)(Timeslice);
    XResult (*hint_laxity)(XQueueHandle, Laxity, Priority, Priority);
    XResult (*hint_deadline)(XQueueHandle, Deadline);
    XResult (*hint_k_deadline)(size_t);
    XResult (*hip_create)(HwQueueHandle *, hipStream_t);
    XResult (*cuda_create)(HwQueueHandle *, CUstream);
    XResult (*cuda_get)(HwQueueHandle *, CUstream);
} api = {
    XQueueCreate,          XQueueGet,          XQueueDestroy, XQueueSetPreemptLevel,
    XQueueSetLaunchConfig, XQueueSubmit,       XQueueWait,    XQueueWaitAll,
    XQueueQuery,           XQueueSuspend,      XQueueResume,  XQueueProfileHwCommandCount,
    HwQueueDestroy,        HwQueueSynchronize, HwQueueLaunch, HwCommandCreateCallback,
    HwCommandDestroy,      XHintSetScheduler,  XHintPriority, XHintUtilization,
    XHintTimeslice,        XHintLaxity,        XHintDeadline, XHintKDeadline,
    HipQueueCreate,        CudaQueueCreate,    CudaQueueGet,
};

/* Written by the execution unit, read after a wait for the command: no further synchronisation. */
static int runs;

static XResult count_run(HwQueueHandle hwq, void *data) {
    CHECK(hwq == *(HwQueueHandle *)data);
    runs++;
    return kXSchedSuccess;
}

/* A hint whose policy this version lacks says so; one that has it accepts the value. */
static void check_accepted_or_absent(XResult result) {
    CHECK(result == kXSchedSuccess || result == kXSchedErrorNotSupported);
}

static void use_streams_of_gpus(void) {
    HwQueueHandle hwq = 0;
    hipStream_t hip_stream = NULL;
    CUstream cuda_stream = NULL;
    check_accepted_or_absent(api.hip_create(&hwq, hip_stream));
    check_accepted_or_absent(api.cuda_create(&hwq, cuda_stream));
    check_accepted_or_absent(api.cuda_get(&hwq, cuda_stream));
}

static void use_hints(XQueueHandle xq) {
    CHECK_OK(api.hint_set_scheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    CHECK_OK(api.hint_priority(xq, PRIORITY_MAX));
    CHECK_OK(api.hint_priority(xq, PRIORITY_DEFAULT));
    check_accepted_or_absent(api.hint_utilization(xq, UTILIZATION_DEFAULT));
    check_accepted_or_absent(api.hint_timeslice(TIMESLICE_DEFAULT));
    check_accepted_or_absent(api.hint_laxity(xq, NO_LAXITY, PRIORITY_MIN, PRIORITY_MAX));
    check_accepted_or_absent(api.hint_deadline(xq, NO_DEADLINE));
    check_accepted_or_absent(api.hint_k_deadline(1));
    CHECK_OK(api.hint_set_scheduler(kSchedulerAppManaged, kPolicyUnknown));
}

static void use_queue(void) {
    HwQueueHandle hwq = 0;
    HwCommandHandle command = 0;
    XQueueHandle xq = 0, found = 0;
    XQueueState state = kQueueStateUnknown;
    int64_t count = 0;

    CHECK_OK(HostQueueCreate(&hwq, PRIORITY_DEFAULT));
    CHECK_OK(api.queue_create(&xq, hwq, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK_OK(api.queue_get(&found, hwq));
    CHECK(found == xq);
    CHECK_OK(api.queue_set_preempt_level(xq, kPreemptLevelDeactivate));
    CHECK_OK(api.queue_set_launch_config(xq, 16, 8));
    CHECK_OK(api.command_create(&command, count_run, &hwq));

    CHECK_OK(api.queue_suspend(xq, kQueueSuspendFlagSyncHwQueue));
    CHECK_OK(api.queue_submit(xq, command));
    CHECK_OK(api.queue_query(xq, &state));
    CHECK(state == kQueueStateReady);
    CHECK_OK(api.queue_resume(xq, kQueueResumeFlagNone));
    CHECK_OK(api.queue_wait(xq, command));
    CHECK(runs == 1);

    CHECK_OK(api.stream_launch(hwq, command));
    CHECK_OK(api.stream_synchronize(hwq));
    CHECK(runs == 2);

    CHECK_OK(api.queue_submit(xq, command));
    CHECK_OK(api.queue_wait_all(xq));
    CHECK(runs == 3);
    CHECK_OK(api.queue_query(xq, &state));
    CHECK(state == kQueueStateIdle);
    CHECK_OK(api.queue_profile(xq, &count));
    CHECK(count == 2);

    use_hints(xq);
    CHECK_OK(api.queue_destroy(xq));
    CHECK_OK(api.command_destroy(command));
    CHECK_OK(api.stream_destroy(hwq));
}

int main(void) {
    RUN(use_queue());
    RUN(use_streams_of_gpus());
    return 0;
}
