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
/// `CU_EVENT_DISABLE_TIMING`
pub const EVENT_DISABLE_TIMING: u32 = 2;
/// `CU_STREAM_CAPTURE_MODE_RELAXED`
pub const CAPTURE_RELAXED: i32 = 2;
/// `CU_MEMHOSTREGISTER_PORTABLE | CU_MEMHOSTREGISTER_DEVICEMAP`
pub const REGISTER_PORTABLE_MAPPED: u32 = 0x1 | 0x2;
/// `CU_STREAM_WAIT_VALUE_GEQ`: while the word minus the value, as a signed number, is negative.
pub const WAIT_VALUE_GEQ: u32 = 0;
/// `CU_STREAM_WRITE_VALUE_DEFAULT`: what the stream did before is visible before the value is. The flag that
/// does without is refused by these versions of the functions.
pub const WRITE_VALUE_DEFAULT: u32 = 0;

const MEM_OP_WAIT_VALUE_32: u32 = 1;
const MEM_OP_WRITE_VALUE_32: u32 = 2;

/// `CUstreamBatchMemOpParams`, a union of 48 bytes, in the form that waits for and writes 32-bit values.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct MemOp {
    operation: u32,
    address: DevicePointer,
    /// The lower half of a 64-bit field.
    value: u32,
    upper: u32,
    flags: u32,
    /// For the driver's own use.
    alias: DevicePointer,
    rest: u64,
}

const _: () = assert!(size_of::<MemOp>() == 48);

impl MemOp {
    /// The stream waits until the word has come to the value.
    pub fn wait(address: DevicePointer, value: u32) -> MemOp {
        MemOp::new(MEM_OP_WAIT_VALUE_32, address, value, WAIT_VALUE_GEQ)
    }

    /// The stream writes the value.
    pub fn write(address: DevicePointer, value: u32) -> MemOp {
        MemOp::new(MEM_OP_WRITE_VALUE_32, address, value, WRITE_VALUE_DEFAULT)
    }

    fn new(operation: u32, address: DevicePointer, value: u32, flags: u32) -> MemOp {
        MemOp {
            operation,
            address,
            value,
            upper: 0,
            flags,
            alias: 0,
            rest: 0,
        }
    }
}
