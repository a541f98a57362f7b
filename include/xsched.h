/*
 * libxsched: an embedded scheduling runtime for GPU commands.
 *
 * Compatible with the C API of XSched 1.2: names, argument order and values are the same.
 * Every function may be called from any thread; a NULL pointer or a stale handle is an error
 * code, never a crash, and XSchedLastErrorMessage() says what was wrong.
 *
 * Generated from src/abi; do not edit. SPDX-License-Identifier: Apache-2.0
 */

#ifndef XSCHED_H
#define XSCHED_H

#include <stddef.h>
#include <stdint.h>

#define XSCHED_VERSION_MAJOR 0
#define XSCHED_VERSION_MINOR 1
#define XSCHED_VERSION_PATCH 0

typedef enum {
    kQueueStateUnknown = 0,
    /**
     * Nothing submitted is unfinished.
     */
    kQueueStateIdle = 1,
    kQueueStateReady = 2,
} XQueueState;

/**
 * What every call returns. `XSchedLastErrorMessage` has the reason for anything but success.
 */
typedef enum {
    kXSchedSuccess = 0,
    /**
     * The device or its driver reported an error.
     */
    kXSchedErrorHardware = 1,
    /**
     * An argument is NULL, out of range or contradicts another one.
     */
    kXSchedErrorInvalidValue = 2,
    /**
     * The handle is not, or no longer, one of this process.
     */
    kXSchedErrorNotFound = 3,
    /**
     * The call is not allowed in this state or from this thread.
     */
    kXSchedErrorNotAllowed = 4,
    /**
     * This platform, level, policy or flag is not available here.
     */
    kXSchedErrorNotSupported = 5,
    /**
     * A scheduler in another process answered nonsense.
     */
    kXSchedErrorBadResponse = 6,
    /**
     * An internal fault; the process goes on.
     */
    kXSchedErrorUnknown = 999,
} XResult;

typedef enum {
    kPlatformUnknown = 0,
    kPlatformVPI = 1,
    kPlatformCUDA = 2,
    kPlatformCUDLA = 3,
    kPlatformHIP = 4,
    kPlatformAscend = 5,
    kPlatformOpenCL = 6,
    kPlatformLevelZero = 7,
    /**
     * The software device.
     */
    kPlatformHost = 64,
} XPlatform;

typedef enum {
    kDeviceTypeUnknown = 0,
    kDeviceTypeCPU = 1,
    kDeviceTypeGPU = 2,
    kDeviceTypeNPU = 3,
    kDeviceTypeFPGA = 4,
    kDeviceTypeASIC = 5,
    kDeviceTypeMCA = 6,
} XDeviceType;

/**
 * How a queue is suspended.
 */
typedef enum {
    kPreemptLevelUnknown = 0,
    /**
     * Commands that have not started do not start.
     */
    kPreemptLevelBlock = 1,
    /**
     * As Block, and always held by the device itself, in front of the next command.
     */
    kPreemptLevelDeactivate = 2,
    /**
     * The running command is interrupted too.
     */
    kPreemptLevelInterrupt = 3,
    kPreemptLevelMax = 4,
} XPreemptLevel;

typedef enum {
    kQueueFeatureNone = 0,
    kQueueFeatureAsyncSubmit = 1,
    kQueueFeatureDynamicLevel = 2,
    kQueueFeatureDynamicThreshold = 4,
    kQueueFeatureDynamicBatchSize = 8,
    kQueueFeatureSyncSuspend = 16,
    kQueueFeatureResumeDropCommands = 32,
    kQueueFeatureMaskAll = -1,
} XQueueFeature;

typedef enum {
    kQueueCreateFlagNone = 0,
    /**
     * `XQueueSubmit` launches on the calling thread and returns when that is done.
     */
    kQueueCreateFlagBlockingSubmit = 1,
    kQueueCreateFlagMaskAll = -1,
} XQueueCreateFlag;

typedef enum {
    kQueueSuspendFlagNone = 0,
    /**
     * Return when the device runs nothing of this queue any more.
     */
    kQueueSuspendFlagSyncHwQueue = 1,
    /**
     * First wait until every command submitted so far has completed.
     */
    kQueueSuspendFlagWaitAll = 2,
    /**
     * First wait until the queue is idle.
     */
    kQueueSuspendFlagWaitIdle = 4,
    kQueueSuspendFlagMaskAll = -1,
} XQueueSuspendFlag;

typedef enum {
    kQueueResumeFlagNone = 0,
    /**
     * Explicit commands that were not launched yet are dropped; waiting for one of them returns
     * `kXSchedErrorNotAllowed`.
     */
    kQueueResumeFlagDropCommands = 1,
    kQueueResumeFlagMaskAll = -1,
} XQueueResumeFlag;

typedef enum {
    kSchedulerUnknown = 0,
    /**
     * No policy: only `XQueueSuspend` and `XQueueResume` decide.
     */
    kSchedulerAppManaged = 1,
    /**
     * One policy over the queues of this process.
     */
    kSchedulerLocal = 2,
    /**
     * One policy over the queues of all processes.
     */
    kSchedulerGlobal = 3,
    kSchedulerMax = 4,
} XSchedulerType;

typedef enum {
    kPolicyUnknown = 0,
    kPolicyHighestPriorityFirst = 1,
    kPolicyHeterogeneousHighestPriorityFirst = 2,
    kPolicyCPUHighestPriorityFirst = 3,
    kPolicyUtilizationPartition = 4,
    kPolicyProcessUtilizationPartition = 5,
    kPolicyStrictProcessUtilizationPartition = 6,
    kPolicyKEarliestDeadlineFirst = 7,
    kPolicyLaxity = 8,
    kPolicyActiveWindowFirst = 9,
    kPolicyCompletelyFairScheduler = 10,
    kPolicyMultiLevelFeedbackQueue = 11,
    kPolicyMax = 12,
} XPolicyType;

/**
 * Faults the software device can be told to show, for tests of error handling.
 */
typedef enum {
    kHostFaultNone = 0,
    /**
     * A launch fails with `kXSchedErrorHardware`.
     */
    kHostFaultLaunch = 1,
    /**
     * A completion marker cannot be recorded.
     */
    kHostFaultMarker = 2,
    /**
     * A gate cannot be placed.
     */
    kHostFaultGate = 3,
    /**
     * A bug inside the library: the launch panics below the C boundary.
     */
    kHostFaultPanic = 4,
    /**
     * The device is lost: every call on it fails until the fault is cleared.
     */
    kHostFaultDeviceLost = 5,
} HostFault;

/**
 * Opaque: CUDA's stream.
 */
typedef struct CUstream_st CUstream_st;

/**
 * Opaque: HIP's stream.
 */
typedef struct ihipStream_t ihipStream_t;

/**
 * A stream of a device, wrapped by `HostQueueCreate`, `HipQueueCreate` or `CudaQueueCreate`.
 */
typedef uint64_t HwQueueHandle;

/**
 * The same type as in the CUDA driver API's header.
 */
typedef CUstream_st *CUstream;

/**
 * A preemptible queue. Never reused within a process; 0 is never valid.
 */
typedef uint64_t XQueueHandle;

/**
 * Larger runs first.
 */
typedef int32_t Priority;

/**
 * Share of the device in percent.
 */
typedef int32_t Utilization;

/**
 * Microseconds.
 */
typedef int64_t Timeslice;

/**
 * Microseconds.
 */
typedef int64_t Laxity;

/**
 * Microseconds from the moment a queue becomes ready.
 */
typedef int64_t Deadline;

/**
 * The same type as in HIP's own header; repeating the definition is allowed in C11 and C++.
 */
typedef ihipStream_t *hipStream_t;

/**
 * Work behind an explicit command. On the software device the callback is the command: it runs on
 * an execution unit, in stream order, and its result is the command's result. On a GPU it runs on
 * a thread of the queue and enqueues work into the stream behind `HwQueueHandle`. A C++ exception
 * must not leave it. Calls that wait for a device return `kXSchedErrorNotAllowed` from inside it.
 */
typedef XResult (*LaunchCallback)(HwQueueHandle hwq, void *data);

/**
 * An event of the software device.
 */
typedef uint64_t HostEventHandle;

/**
 * An explicit command.
 */
typedef uint64_t HwCommandHandle;

/**
 * A snapshot of one queue's counters. Counts since the queue was created; times in microseconds
 * unless the name says otherwise.
 */
typedef struct {
    /**
     * Commands submitted: launched directly or handed over by `XQueueSubmit`.
     */
    int64_t commands;
    /**
     * Commands that passed because nobody competed for the device.
     */
    int64_t passed;
    /**
     * Commands handed over by `XQueueSubmit` and not launched yet.
     */
    int64_t pending;
    /**
     * Commands launched and not known to have completed.
     */
    int64_t in_flight;
    /**
     * Launches that the device refused.
     */
    int64_t launch_errors;
    /**
     * Times the scheduler suspended this queue.
     */
    int64_t suspends;
    /**
     * Times the scheduler resumed this queue.
     */
    int64_t resumes;
    /**
     * Times the application suspended this queue.
     */
    int64_t app_suspends;
    /**
     * Times the application resumed this queue.
     */
    int64_t app_resumes;
    /**
     * Time this queue has spent suspended, by anyone.
     */
    int64_t suspended_us;
    /**
     * Times a launching thread had to wait at the host gate.
     */
    int64_t held_threads;
    /**
     * Time launching threads have spent waiting at the host gate.
     */
    int64_t held_us;
    /**
     * Device gates placed.
     */
    int64_t gates;
    /**
     * Completion markers placed.
     */
    int64_t markers;
    /**
     * Commands that bypassed scheduling because the queue had failed.
     */
    int64_t bypass_failed;
    /**
     * Commands that bypassed scheduling because the stream was being captured.
     */
    int64_t bypass_capture;
    /**
     * Most commands in flight; 0 while nothing limits them.
     */
    int64_t threshold;
    /**
     * Commands between two completion markers.
     */
    int64_t batch_size;
    /**
     * Estimated device time of one command in nanoseconds; 0 while unknown.
     */
    int64_t command_time_ns;
    /**
     * The priority hint.
     */
    int64_t priority;
    /**
     * The preemption level in force, see `XPreemptLevel`.
     */
    int64_t level;
    /**
     * 1 if the device gate holds this queue, 0 if the host gate does.
     */
    int64_t device_gate;
    /**
     * 1 while suspended by anyone.
     */
    int64_t suspended;
    /**
     * 1 after an internal fault turned this queue to pass-through.
     */
    int64_t failed;
    /**
     * The utilization hint in percent.
     */
    int64_t utilization;
    /**
     * The deadline hint in microseconds, `NO_DEADLINE` without one.
     */
    int64_t deadline_us;
    /**
     * The laxity hint in microseconds, `NO_LAXITY` without one.
     */
    int64_t laxity_us;
    /**
     * Device time used, as far as markers show it; not counted while nobody competes. Spans of
     * commands that share the device with other streams' include those.
     */
    int64_t device_time_us;
    /**
     * Part of `device_time_us` that is commands times mean command time instead of a measured span.
     */
    int64_t device_time_estimated_us;
    /**
     * Commands let through above the threshold because nothing in flight completed for a while; see
     * `XQueueSetLaunchConfig`.
     */
    int64_t stalls;
    /**
     * Work that suspending this queue may have to wait for now, as predicted: `XSCHED_BUDGET_US`, by default
     * 100, and with a device gate more where the scheduler's suspensions last longer.
     */
    int64_t budget_us;
    /**
     * Zero; room for further counters.
     */
    int64_t reserved[6];
} XQueueStats;

/**
 * A snapshot of what this library saw of the driver's calls it stands in front of, in this
 * process. Counts since the process began.
 */
typedef struct {
    /**
     * Hooked calls: the sum of the counts below but `queues`.
     */
    int64_t calls;
    /**
     * Commands that passed a queue's admission point, those that the driver then refused included.
     */
    int64_t admitted;
    /**
     * Calls that enqueue nothing: they wait for streams or events, ask for them, make or end them,
     * or look functions up.
     */
    int64_t waits;
    /**
     * Commands of a stream that has no XQueue.
     */
    int64_t bypass_no_queue;
    /**
     * Commands that were captured instead of executed, while somebody competed.
     */
    int64_t bypass_capture;
    /**
     * Calls that the driver made of its own functions.
     */
    int64_t bypass_nested;
    /**
     * Calls while disabled, beside another interposer, or at a fault of this library.
     */
    int64_t bypass_other;
    /**
     * Streams known.
     */
    int64_t queues;
    /**
     * Zero; room for further counters.
     */
    int64_t reserved[8];
} XSchedHookStats;

/**
 * A device: its type in the upper 32 bits, its `XDeviceId` in the lower.
 */
typedef uint64_t XDevice;

/**
 * The PCI address of a device, or its ordinal where it has none.
 */
typedef uint32_t XDeviceId;

/**
 * A queue of this priority never runs.
 */
#define PRIORITY_NO_EXECUTE -256

#define PRIORITY_MIN -255

#define PRIORITY_DEFAULT 0

#define PRIORITY_MAX 255

#define UTILIZATION_MIN 0

#define UTILIZATION_DEFAULT 100

#define UTILIZATION_MAX 100

#define TIMESLICE_MIN 100

#define TIMESLICE_DEFAULT 5000

#define TIMESLICE_MAX 10000000

#define NO_LAXITY -1

#define NO_DEADLINE -1

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Adopts a CUDA stream: NULL and `CU_STREAM_LEGACY` are the null stream of the calling thread's current
 * context, `CU_STREAM_PER_THREAD` is the calling thread's own there. The stream stays the application's.
 * A stream that is adopted already keeps its handle. In a program without interposition every launch on
 * the stream must be an explicit command (`XQueueSubmit`) to be scheduled, and `HwQueueDestroy` must come
 * before `cuStreamDestroy` and before the end of its context; with it, plain CUDA calls are scheduled and
 * destroyed streams forgotten.
 *
 * Errors: `InvalidValue` (`hwq` is NULL), `NotAllowed` (a special stream, and the calling thread has no
 * current context), `NotSupported` (no CUDA driver is loaded or installed), `Hardware` (the driver's own
 * error, for example an unknown stream).
 */
XResult CudaQueueCreate(HwQueueHandle *hwq,
                        CUstream stream);

/**
 * Finds the adopted CUDA stream.
 *
 * Errors: `InvalidValue` (`hwq` is NULL), `NotFound` (not adopted), and as `CudaQueueCreate`.
 */
XResult CudaQueueGet(HwQueueHandle *hwq, CUstream stream);

/**
 * Chooses who decides. Existing queues are re-decided at once. `policy` is ignored when
 * `scheduler` is `kSchedulerAppManaged`.
 *
 * Errors: `InvalidValue` (no such scheduler or policy), `NotSupported` (`kSchedulerGlobal`);
 * nothing is changed then.
 */
XResult XHintSetScheduler(XSchedulerType scheduler, XPolicyType policy);

/**
 * Sets the queue's priority: `PRIORITY_MIN` to `PRIORITY_MAX`, larger runs first, or
 * `PRIORITY_NO_EXECUTE`.
 *
 * Errors: `NotFound`, `InvalidValue` (outside that range).
 */
XResult XHintPriority(XQueueHandle xq, Priority prio);

/**
 * Sets the queue's share of the device in percent, `UTILIZATION_MIN` to `UTILIZATION_MAX`. Read by the
 * policies that partition the device, kept under the others.
 *
 * Errors: `NotFound`, `InvalidValue` (outside that range).
 */
XResult XHintUtilization(XQueueHandle xq,
                         Utilization util);

/**
 * Sets the time slice of the policy in microseconds, `TIMESLICE_MIN` to `TIMESLICE_MAX`. Read by the
 * policies that share the device by time, kept under the others.
 *
 * Errors: `InvalidValue` (outside that range).
 */
XResult XHintTimeslice(Timeslice ts_us);

/**
 * Sets how long the queue can wait in microseconds (or `NO_LAXITY`), its priority until then and
 * its priority after. Read by the laxity policy, kept under the others.
 *
 * Errors: `NotFound`, `InvalidValue` (outside their ranges).
 */
XResult XHintLaxity(XQueueHandle xq, Laxity lax_us, Priority lax_prio, Priority crit_prio);

/**
 * Sets the queue's deadline in microseconds after it becomes ready, or `NO_DEADLINE`. Read by the
 * deadline policy, kept under the others.
 *
 * Errors: `NotFound`, `InvalidValue` (below -1).
 */
XResult XHintDeadline(XQueueHandle xq, Deadline ddl_us);

/**
 * Sets how many queues of earliest deadline run together. Read by the deadline policy, kept under
 * the others.
 *
 * Errors: `InvalidValue` (0).
 */
XResult XHintKDeadline(size_t k);

/**
 * Tells which process owns the active window; 0 if that is not known. Read by the active-window
 * policy, which acts as highest-priority-first while it is not.
 *
 * Errors: `InvalidValue` (negative).
 */
XResult XHintActiveWindow(int32_t pid);

/**
 * Adopts a HIP stream of the calling thread's current device: NULL and `hipStreamLegacy` are its null
 * stream, `hipStreamPerThread` is the calling thread's own. The stream stays the application's. A stream
 * that is adopted already keeps its handle. In a program without interposition every launch on the
 * stream must be an explicit command (`XQueueSubmit`) to be scheduled, and `HwQueueDestroy` must come
 * before `hipStreamDestroy`; with it, plain HIP calls are scheduled and destroyed streams forgotten.
 *
 * Errors: `InvalidValue` (`hwq` is NULL, HIP does not know the stream), `NotSupported` (no HIP runtime
 * is loaded or installed), `Hardware` (the runtime's own error, for example no device).
 */
XResult HipQueueCreate(HwQueueHandle *hwq,
                       hipStream_t stream);

/**
 * Creates a stream on the software device. `priority` is the stream's own, `PRIORITY_MIN` to
 * `PRIORITY_MAX`: when an execution unit becomes free, the first command of the stream with the
 * largest priority runs next, among equals the one that became ready first. It is independent of
 * `XHintPriority`. `XSCHED_HOST_UNITS` sets the number of execution units (default 1).
 *
 * Errors: `InvalidValue` (`hwq` is NULL, priority out of range).
 */
XResult HostQueueCreate(HwQueueHandle *hwq, Priority priority);

/**
 * Launches `callback(hwq, data)` on the stream and returns: an execution unit runs it in stream
 * order. This is the device's own launch call. With an XQueue on the stream the calling thread
 * passes its admission point first, and may wait there. `HwQueueSynchronize` reports a failing callback.
 *
 * Errors: `NotFound`, `InvalidValue` (`callback` is NULL), `NotAllowed` (from inside a command),
 * `Hardware`.
 */
XResult HostQueueLaunch(HwQueueHandle hwq,
                        LaunchCallback callback,
                        void *data);

/**
 * Launches a command that occupies an execution unit for `duration_us` microseconds and does nothing.
 *
 * Errors: as `HostQueueLaunch`; `InvalidValue` (`duration_us` is negative).
 */
XResult HostQueueDelay(HwQueueHandle hwq,
                       int64_t duration_us);

/**
 * Creates an event of the software device.
 *
 * Errors: `InvalidValue` (`event` is NULL).
 */
XResult HostEventCreate(HostEventHandle *event);

/**
 * Destroys an event. Waits already enqueued for it stay valid.
 *
 * Errors: `NotFound`.
 */
XResult HostEventDestroy(HostEventHandle event);

/**
 * Records the event in the stream: it completes when everything launched there before has. Recording
 * it again gives it a new completion. A command like any other: passes the admission point.
 *
 * Errors: `NotFound`, `NotAllowed` (from inside a command), `Hardware`.
 */
XResult HostEventRecord(HostEventHandle event,
                        HwQueueHandle hwq);

/**
 * Makes the stream wait, on the device, for the event's last recording. A high-priority queue that
 * waits for a lower one lends it its priority until the event has passed.
 *
 * Errors: `NotFound`, `NotAllowed` (from inside a command), `Hardware`. Does not wait for the event.
 */
XResult HostQueueWaitEvent(HwQueueHandle hwq,
                           HostEventHandle event);

/**
 * Tells whether the event's last recording has completed (1) or not (0); 1 if never recorded.
 *
 * Errors: `InvalidValue` (`completed` is NULL), `NotFound`.
 */
XResult HostEventQuery(HostEventHandle event, int32_t *completed);

/**
 * Waits until the event's last recording has completed.
 *
 * Errors: `NotFound`, `NotAllowed` (from inside a command). Blocks.
 */
XResult HostEventSynchronize(HostEventHandle event);

/**
 * Makes the software device show a fault, for tests: after `after` more calls of that kind have
 * succeeded, the next ones fail until `kHostFaultNone` is set.
 *
 * Errors: `InvalidValue` (no such fault, negative `after`).
 */
XResult HostSetFault(HostFault fault, int64_t after);

/**
 * Creates an explicit command that runs `launch(hwq, data)`. `data` must stay valid until the
 * command has completed; the library never touches it.
 *
 * Errors: `InvalidValue` (`hw_cmd` or `launch` is NULL; `data` may be).
 */
XResult HwCommandCreateCallback(HwCommandHandle *hw_cmd, LaunchCallback launch, void *data);

/**
 * Destroys a command.
 *
 * Errors: `NotFound` (unknown or already destroyed), `NotAllowed` (submitted and not completed).
 */
XResult HwCommandDestroy(HwCommandHandle hw_cmd);

/**
 * Launches a command straight to the device, past the stream's queue and whatever holds it.
 *
 * Errors: `NotFound`, `NotAllowed` (the command is pending already), `Hardware`.
 */
XResult HwQueueLaunch(HwQueueHandle hwq, HwCommandHandle hw_cmd);

/**
 * Waits until everything launched on the stream has completed. Returns the first failure of a
 * directly launched command since the last call. Blocks; for ever if the stream's queue stays suspended.
 *
 * Errors: `NotFound`, `NotAllowed` (from inside a command), `Hardware`.
 */
XResult HwQueueSynchronize(HwQueueHandle hwq);

/**
 * Forgets a stream, after its last command has completed. A stream made by `HostQueueCreate` is
 * destroyed; one that was adopted (`HipQueueCreate`, `CudaQueueCreate`) stays the application's.
 *
 * Errors: `NotFound`, `NotAllowed` (it still has an XQueue, or called from inside a command).
 */
XResult HwQueueDestroy(HwQueueHandle hwq);

/**
 * Creates a queue over the stream `hwq` and attaches it: from here on every launch on that stream
 * passes the queue's admission point. `level` is an `XPreemptLevel` the device can do, `flags` are
 * `XQueueCreateFlag`. If the stream already has a queue, that queue's handle is returned.
 *
 * Errors: `InvalidValue` (`xq` is NULL, unknown level or flag), `NotFound` (`hwq`),
 * `NotSupported` (the device cannot do this level). Never blocks.
 */
XResult XQueueCreate(XQueueHandle *xq, HwQueueHandle hwq, int64_t level, int64_t flags);

/**
 * Destroys a queue: resumes it, waits until everything submitted to it has completed, detaches it
 * from its stream. The stream and launches on it go on unscheduled. Threads waiting at its gate go on.
 *
 * Errors: `NotFound` (`xq` unknown or already destroyed), `NotAllowed` (from inside a command or a
 * launch callback). Blocks as long as the submitted work takes.
 */
XResult XQueueDestroy(XQueueHandle xq);

/**
 * Finds the queue attached to the stream `hwq`.
 *
 * Errors: `InvalidValue` (`xq` is NULL), `NotFound` (`hwq` unknown, or without a queue).
 */
XResult XQueueGet(XQueueHandle *xq, HwQueueHandle hwq);

/**
 * Changes the preemption level at any time.
 *
 * Errors: `NotFound`, `InvalidValue` (no such level), `NotSupported` (the device cannot do it; the
 * level stays as it was).
 */
XResult XQueueSetPreemptLevel(XQueueHandle xq, XPreemptLevel level);

/**
 * Sets the most commands in flight (`threshold`) and the commands between two completion markers
 * (`batch_size`); 1 <= batch_size <= threshold. A value <= 0 leaves that setting as it is. Both are
 * chosen automatically until set. Safe at any time from any thread; commands in flight stay. What is in
 * flight may wait for the very thread that waits for room, for example by `hipStreamWaitValue32`: if
 * nothing completes for 10 ms and for 8 times the mean command time, one command more is let through
 * (`stalls` of `XQueueStats`).
 *
 * Errors: `NotFound`, `InvalidValue` (batch_size > threshold; nothing is changed).
 */
XResult XQueueSetLaunchConfig(XQueueHandle xq,
                              int64_t threshold,
                              int64_t batch_size);

/**
 * Hands `hw_cmd` to the queue and returns at once (with `kQueueCreateFlagBlockingSubmit`: after it
 * was launched on this thread). Commands of one thread are launched in the order of their submission.
 * The command may be submitted again after it has completed. The library keeps the last 65,536
 * completed commands that nobody destroyed; older handles become unknown.
 *
 * Errors: `NotFound`, `NotAllowed` (the command is pending already).
 */
XResult XQueueSubmit(XQueueHandle xq,
                     HwCommandHandle hw_cmd);

/**
 * Waits until a submitted command has completed and returns its own result.
 *
 * Errors: `NotFound`, `NotAllowed` (never submitted, submitted to another queue, dropped, or called
 * from inside a command). Blocks; for ever if the queue stays suspended.
 */
XResult XQueueWait(XQueueHandle xq, HwCommandHandle hw_cmd);

/**
 * Waits until everything submitted to the queue so far, and everything launched on its stream by
 * this library, has completed. Returns the first failure of an explicit command since the last call.
 *
 * Errors: `NotFound`, `NotAllowed` (from inside a command). Blocks; for ever if it stays suspended.
 */
XResult XQueueWaitAll(XQueueHandle xq);

/**
 * Tells whether anything submitted is unfinished. Does not block.
 *
 * Errors: `InvalidValue` (`state` is NULL), `NotFound`.
 */
XResult XQueueQuery(XQueueHandle xq, XQueueState *state);

/**
 * Suspends a queue: commands that have not started do not start. Idempotent. `flags` are
 * `XQueueSuspendFlag`; without one the call does not block.
 *
 * Errors: `NotFound`, `InvalidValue` (unknown flag), `NotAllowed` (a waiting flag from inside a
 * command).
 */
XResult XQueueSuspend(XQueueHandle xq, int64_t flags);

/**
 * Takes back `XQueueSuspend`. Idempotent. A queue that the scheduler holds stays held. `flags` are
 * `XQueueResumeFlag`. Does not block.
 *
 * Errors: `NotFound`, `InvalidValue` (unknown flag).
 */
XResult XQueueResume(XQueueHandle xq, int64_t flags);

/**
 * Counts the commands submitted so far, launched or not.
 *
 * Errors: `InvalidValue` (`count` is NULL), `NotFound`.
 */
XResult XQueueProfileHwCommandCount(XQueueHandle xq, int64_t *count);

/**
 * Version of the library, "major.minor.patch". Never NULL; static.
 */
const char *XSchedVersion(void);

/**
 * What went wrong in the last failing call of this thread: function, argument, reason. Never NULL,
 * empty if no call failed. Valid until the next failing call of this thread.
 */
const char *XSchedLastErrorMessage(void);

/**
 * Takes a snapshot of the queue's counters. Each counter is exact; together they are not a snapshot
 * of one instant while other threads use the queue.
 *
 * Errors: `InvalidValue` (`stats` is NULL), `NotFound`.
 */
XResult XQueueGetStats(XQueueHandle xq, XQueueStats *stats);

/**
 * Names the queue in log lines and traces; copied, cut after 64 bytes.
 *
 * Errors: `NotFound`, `InvalidValue` (`name` is NULL or not UTF-8).
 */
XResult XQueueSetName(XQueueHandle xq, const char *name);

/**
 * Starts recording decisions and admissions; `XSchedTraceStop` writes them to `path` in the Trace
 * Event format that chrome://tracing and Perfetto read. At most 1,000,000 records are kept; later
 * ones are counted and dropped.
 *
 * Errors: `InvalidValue` (`path` is NULL, not UTF-8 or cannot be created), `NotAllowed` (already
 * recording).
 */
XResult XSchedTraceStart(const char *path);

/**
 * Stops recording and writes the file.
 *
 * Errors: `NotAllowed` (not recording), `Unknown` (the file cannot be written).
 */
XResult XSchedTraceStop(void);

/**
 * Takes a snapshot of what this library saw of a driver's calls it stands in front of. All zero in a
 * program without interposition.
 *
 * Errors: `InvalidValue` (`stats` is NULL).
 */
XResult XSchedGetHookStats(XSchedHookStats *stats);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* XSCHED_H */
