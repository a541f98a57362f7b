//! HIP's C types and constants, as far as the adapter and the hooks need them. The layouts are the same
//! in ROCm 5, 6 and 7.

use std::ffi::c_void;

/// `hipError_t`.
pub type HipError = i32;
/// `hipStream_t`: a handle, or one of the values below.
pub type HipStream = *mut c_void;
/// `hipEvent_t`.
pub type HipEvent = *mut c_void;

/// A handle that may be used from any thread: HIP locks inside.
pub(super) struct Handle(pub(super) *mut c_void);

// SAFETY: see the type.
unsafe impl Send for Handle {}
// SAFETY: see the type.
unsafe impl Sync for Handle {}

/// `hipSuccess`
pub const SUCCESS: HipError = 0;
/// `hipErrorNotReady`
pub const NOT_READY: HipError = 600;
/// `hipErrorNotSupported`
pub const NOT_SUPPORTED: HipError = 801;

/// The null stream of the current device, which blocking streams synchronise with.
pub const STREAM_NULL: usize = 0;
/// `hipStreamLegacy`: the same.
pub const STREAM_LEGACY: usize = 1;
/// `hipStreamPerThread`: the calling thread's own default stream on the current device.
pub const STREAM_PER_THREAD: usize = 2;

/// `hipStreamDefault`: synchronises with the null stream.
pub const STREAM_DEFAULT: u32 = 0;
/// `hipStreamNonBlocking`: does not synchronise with the null stream.
pub const STREAM_NON_BLOCKING: u32 = 1;
/// `hipEventDisableTiming`
pub const EVENT_DISABLE_TIMING: u32 = 2;
/// `hipStreamWaitValueGte`
pub const WAIT_VALUE_GTE: u32 = 0;
/// `hipHostMallocMapped | hipHostMallocCoherent`: the device reads what the host stores, uncached.
pub const HOST_MAPPED_COHERENT: u32 = 0x2 | 0x4000_0000;
/// `hipStreamCaptureStatusNone`
pub const CAPTURE_NONE: i32 = 0;
/// `hipStreamCaptureModeRelaxed`
pub const CAPTURE_RELAXED: i32 = 2;
