//! HIP's C types and constants, as far as the adapter and the hooks need them. The layouts are the same
//! in ROCm 5, 6 and 7.

use std::ffi::c_void;

/// `hipStream_t`: a handle, or one of the values below.
pub type HipStream = *mut c_void;
/// `hipEvent_t`.
pub type HipEvent = *mut c_void;

/// `hipStreamDefault`: synchronises with the null stream.
pub const STREAM_DEFAULT: u32 = 0;
/// `hipStreamNonBlocking`: does not synchronise with the null stream.
pub const STREAM_NON_BLOCKING: u32 = 1;
/// `hipStreamWaitValueGte`
pub const WAIT_VALUE_GTE: u32 = 0;
/// `hipHostMallocMapped | hipHostMallocCoherent`: the device reads what the host stores, uncached.
pub const HOST_MAPPED_COHERENT: u32 = 0x2 | 0x4000_0000;
/// `hipStreamCaptureModeRelaxed`
pub const CAPTURE_RELAXED: i32 = 2;
