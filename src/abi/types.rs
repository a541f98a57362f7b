//! The C types of the public API: their names and values are those of XSched 1.2 and never change.
//!
//! The enums exist for the generated header. A C caller may pass any integer, and an out-of-range
//! Rust enum is undefined behaviour, so exported functions take the `Raw*` integer aliases, which
//! cbindgen prints under the enum's name, and convert with a check.

#![allow(non_camel_case_types, non_upper_case_globals, missing_docs)]

use std::ffi::c_void;
use std::os::raw::c_int;

/// A device: its type in the upper 32 bits, its `XDeviceId` in the lower.
pub type XDevice = u64;
/// The PCI address of a device, or its ordinal where it has none.
pub type XDeviceId = u32;
/// A preemptible queue. Never reused within a process; 0 is never valid.
pub type XQueueHandle = u64;
/// A stream of a device, wrapped by `HostQueueCreate`, `HipQueueCreate` or `CudaQueueCreate`.
pub type HwQueueHandle = u64;
/// An explicit command.
pub type HwCommandHandle = u64;
/// An event of the software device.
pub type HostEventHandle = u64;

/// Larger runs first.
pub type Priority = i32;
/// Share of the device in percent.
pub type Utilization = i32;
/// Microseconds.
pub type Timeslice = i64;
/// Microseconds.
pub type Laxity = i64;
/// Microseconds from the moment a queue becomes ready.
pub type Deadline = i64;

/// A queue of this priority never runs.
pub const PRIORITY_NO_EXECUTE: Priority = -256;
pub const PRIORITY_MIN: Priority = -255;
pub const PRIORITY_DEFAULT: Priority = 0;
pub const PRIORITY_MAX: Priority = 255;
pub const UTILIZATION_MIN: Utilization = 0;
pub const UTILIZATION_DEFAULT: Utilization = 100;
pub const UTILIZATION_MAX: Utilization = 100;
pub const TIMESLICE_MIN: Timeslice = 100;
pub const TIMESLICE_DEFAULT: Timeslice = 5000;
pub const TIMESLICE_MAX: Timeslice = 10_000_000;
pub const NO_LAXITY: Laxity = -1;
pub const NO_DEADLINE: Deadline = -1;

/// What every call returns. `XSchedLastErrorMessage` has the reason for anything but success.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XResult {
    kXSchedSuccess = 0,
    /// The device or its driver reported an error.
    kXSchedErrorHardware = 1,
    /// An argument is NULL, out of range or contradicts another one.
    kXSchedErrorInvalidValue = 2,
    /// The handle is not, or no longer, one of this process.
    kXSchedErrorNotFound = 3,
    /// The call is not allowed in this state or from this thread.
    kXSchedErrorNotAllowed = 4,
    /// This platform, level, policy or flag is not available here.
    kXSchedErrorNotSupported = 5,
    /// A scheduler in another process answered nonsense.
    kXSchedErrorBadResponse = 6,
    /// An internal fault; the process goes on.
    kXSchedErrorUnknown = 999,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XPlatform {
    kPlatformUnknown = 0,
    kPlatformVPI = 1,
    kPlatformCUDA = 2,
    kPlatformCUDLA = 3,
    kPlatformHIP = 4,
    kPlatformAscend = 5,
    kPlatformOpenCL = 6,
    kPlatformLevelZero = 7,
    /// The software device.
    kPlatformHost = 64,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XDeviceType {
    kDeviceTypeUnknown = 0,
    kDeviceTypeCPU = 1,
    kDeviceTypeGPU = 2,
    kDeviceTypeNPU = 3,
    kDeviceTypeFPGA = 4,
    kDeviceTypeASIC = 5,
    kDeviceTypeMCA = 6,
}

/// How a queue is suspended.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XPreemptLevel {
    kPreemptLevelUnknown = 0,
    /// Commands that have not started do not start.
    kPreemptLevelBlock = 1,
    /// As Block, and always held by the device itself, in front of the next command.
    kPreemptLevelDeactivate = 2,
    /// The running command is interrupted too.
    kPreemptLevelInterrupt = 3,
    kPreemptLevelMax = 4,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XQueueState {
    kQueueStateUnknown = 0,
    /// Nothing submitted is unfinished.
    kQueueStateIdle = 1,
    kQueueStateReady = 2,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XQueueFeature {
    kQueueFeatureNone = 0,
    kQueueFeatureAsyncSubmit = 1,
    kQueueFeatureDynamicLevel = 2,
    kQueueFeatureDynamicThreshold = 4,
    kQueueFeatureDynamicBatchSize = 8,
    kQueueFeatureSyncSuspend = 0x10,
    kQueueFeatureResumeDropCommands = 0x20,
    kQueueFeatureMaskAll = -1,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XQueueCreateFlag {
    kQueueCreateFlagNone = 0,
    /// `XQueueSubmit` launches on the calling thread and returns when that is done.
    kQueueCreateFlagBlockingSubmit = 1,
    kQueueCreateFlagMaskAll = -1,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XQueueSuspendFlag {
    kQueueSuspendFlagNone = 0,
    /// Return when the device runs nothing of this queue any more.
    kQueueSuspendFlagSyncHwQueue = 1,
    /// First wait until every command submitted so far has completed.
    kQueueSuspendFlagWaitAll = 2,
    /// First wait until the queue is idle.
    kQueueSuspendFlagWaitIdle = 4,
    kQueueSuspendFlagMaskAll = -1,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XQueueResumeFlag {
    kQueueResumeFlagNone = 0,
    /// Explicit commands that were not launched yet are dropped; waiting for one of them returns
    /// `kXSchedErrorNotAllowed`.
    kQueueResumeFlagDropCommands = 1,
    kQueueResumeFlagMaskAll = -1,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XSchedulerType {
    kSchedulerUnknown = 0,
    /// No policy: only `XQueueSuspend` and `XQueueResume` decide.
    kSchedulerAppManaged = 1,
    /// One policy over the queues of this process.
    kSchedulerLocal = 2,
    /// One policy over the queues of all processes.
    kSchedulerGlobal = 3,
    kSchedulerMax = 4,
}

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XPolicyType {
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
}

/// Faults the software device can be told to show, for tests of error handling.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFault {
    kHostFaultNone = 0,
    /// A launch fails with `kXSchedErrorHardware`.
    kHostFaultLaunch = 1,
    /// A completion marker cannot be recorded.
    kHostFaultMarker = 2,
    /// A gate cannot be placed.
    kHostFaultGate = 3,
    /// A bug inside the library: the launch panics below the C boundary.
    kHostFaultPanic = 4,
    /// The device is lost: every call on it fails until the fault is cleared.
    kHostFaultDeviceLost = 5,
}

pub(crate) type RawPreemptLevel = c_int;
pub(crate) type RawSchedulerType = c_int;
pub(crate) type RawPolicyType = c_int;
pub(crate) type RawHostFault = c_int;
/// What a `LaunchCallback` returned: any integer, so not the Rust enum.
pub(crate) type RawResult = c_int;

/// Work behind an explicit command. On the software device the callback is the command: it runs on
/// an execution unit, in stream order, and its result is the command's result. On a GPU it runs on
/// a thread of the queue and enqueues work into the stream behind `HwQueueHandle`. A C++ exception
/// must not leave it. Calls that wait for a device return `kXSchedErrorNotAllowed` from inside it.
pub type LaunchCallback =
    Option<unsafe extern "C" fn(hwq: HwQueueHandle, data: *mut c_void) -> RawResult>;

/// Opaque: HIP's stream.
pub struct ihipStream_t {
    _private: [u8; 0],
}
/// The same type as in HIP's own header; repeating the definition is allowed in C11 and C++.
pub type hipStream_t = *mut ihipStream_t;
/// Opaque: CUDA's stream.
pub struct CUstream_st {
    _private: [u8; 0],
}
/// The same type as in the CUDA driver API's header.
pub type CUstream = *mut CUstream_st;

/// A snapshot of one queue's counters. Counts since the queue was created; times in microseconds
/// unless the name says otherwise.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XQueueStats {
    /// Commands submitted: launched directly or handed over by `XQueueSubmit`.
    pub commands: i64,
    /// Commands that passed because nobody competed for the device.
    pub passed: i64,
    /// Commands handed over by `XQueueSubmit` and not launched yet.
    pub pending: i64,
    /// Commands launched and not known to have completed.
    pub in_flight: i64,
    /// Launches that the device refused.
    pub launch_errors: i64,
    /// Times the scheduler suspended this queue.
    pub suspends: i64,
    /// Times the scheduler resumed this queue.
    pub resumes: i64,
    /// Times the application suspended this queue.
    pub app_suspends: i64,
    /// Times the application resumed this queue.
    pub app_resumes: i64,
    /// Time this queue has spent suspended, by anyone.
    pub suspended_us: i64,
    /// Times a launching thread had to wait at the host gate.
    pub held_threads: i64,
    /// Time launching threads have spent waiting at the host gate.
    pub held_us: i64,
    /// Device gates placed.
    pub gates: i64,
    /// Completion markers placed.
    pub markers: i64,
    /// Commands that bypassed scheduling because the queue had failed.
    pub bypass_failed: i64,
    /// Commands that bypassed scheduling because the stream was being captured.
    pub bypass_capture: i64,
    /// Most commands in flight; 0 while nothing limits them.
    pub threshold: i64,
    /// Commands between two completion markers.
    pub batch_size: i64,
    /// Estimated device time of one command in nanoseconds; 0 while unknown.
    pub command_time_ns: i64,
    /// The priority hint.
    pub priority: i64,
    /// The preemption level in force, see `XPreemptLevel`.
    pub level: i64,
    /// 1 if the device gate holds this queue, 0 if the host gate does.
    pub device_gate: i64,
    /// 1 while suspended by anyone.
    pub suspended: i64,
    /// 1 after an internal fault turned this queue to pass-through.
    pub failed: i64,
    /// The utilization hint in percent.
    pub utilization: i64,
    /// The deadline hint in microseconds, `NO_DEADLINE` without one.
    pub deadline_us: i64,
    /// The laxity hint in microseconds, `NO_LAXITY` without one.
    pub laxity_us: i64,
    /// Device time used, as far as markers show it; not counted while nobody competes. Spans of
    /// commands that share the device with other streams' include those.
    pub device_time_us: i64,
    /// Part of `device_time_us` that is commands times mean command time instead of a measured span.
    pub device_time_estimated_us: i64,
    /// Commands let through above the threshold because nothing in flight completed for a while; see
    /// `XQueueSetLaunchConfig`.
    pub stalls: i64,
    /// Work that suspending this queue may have to wait for now, as predicted: `XSCHED_BUDGET_US`, by default
    /// 100, and with a device gate more where the scheduler's suspensions last longer.
    pub budget_us: i64,
    /// Zero; room for further counters.
    pub reserved: [i64; 6],
}

/// A snapshot of what this library saw of the driver's calls it stands in front of, in this
/// process. Counts since the process began.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct XSchedHookStats {
    /// Hooked calls: the sum of the counts below but `queues`.
    pub calls: i64,
    /// Commands that passed a queue's admission point, those that the driver then refused included.
    pub admitted: i64,
    /// Calls that enqueue nothing: they wait for streams or events, ask for them, make or end them,
    /// or look functions up.
    pub waits: i64,
    /// Commands of a stream that has no XQueue.
    pub bypass_no_queue: i64,
    /// Commands that were captured instead of executed, while somebody competed.
    pub bypass_capture: i64,
    /// Calls that the driver made of its own functions.
    pub bypass_nested: i64,
    /// Calls while disabled, beside another interposer, or at a fault of this library.
    pub bypass_other: i64,
    /// Streams known.
    pub queues: i64,
    /// Zero; room for further counters.
    pub reserved: [i64; 8],
}
