//! The driver API's C types and constants, as far as the adapter needs them. The layouts are the same in
//! CUDA 11, 12 and 13.

use std::ffi::c_void;

/// `CUcontext`
pub type Context = *mut c_void;
/// `CUstream`: a handle, or a special value.
pub type Stream = *mut c_void;
/// `CUevent`
pub type Event = *mut c_void;
/// `CUdeviceptr`
pub type DevicePointer = u64;

/// `CU_STREAM_DEFAULT`: synchronises with the null stream.
pub const STREAM_DEFAULT: u32 = 0;
/// `CU_STREAM_NON_BLOCKING`: does not synchronise with the null stream.
pub const STREAM_NON_BLOCKING: u32 = 1;
/// `CU_STREAM_CAPTURE_MODE_RELAXED`
pub const CAPTURE_RELAXED: i32 = 2;
/// `CU_MEMHOSTREGISTER_PORTABLE | CU_MEMHOSTREGISTER_DEVICEMAP`
pub const REGISTER_PORTABLE_MAPPED: u32 = 0x1 | 0x2;
/// `CU_STREAM_WAIT_VALUE_GEQ`: while the word minus the value, as a signed number, is negative.
pub const WAIT_VALUE_GEQ: u32 = 0;
/// `CU_STREAM_MEM_OP_WAIT_VALUE_32`
pub const MEMORY_WAIT: u32 = 1;
/// `CU_STREAM_MEM_OP_WRITE_VALUE_32`
pub const MEMORY_WRITE: u32 = 2;

/// `CUstreamBatchMemOpParams` of a wait or a write, which have the same members.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct MemoryOperation {
    /// Which of the two.
    pub operation: u32,
    /// The word.
    pub address: DevicePointer,
    /// Its low half counts.
    pub value: u64,
    /// 0 is the ordinary kind of either.
    pub flags: u32,
    /// Not used by either.
    pub alias: DevicePointer,
    /// Others have more members.
    pub padding: u64,
}
