//! The calls that make a stream wait for a value. Drivers before 11.7 do not have them in this form; without
//! them the gate is the host's.

use super::sys::{DevicePointer, MemoryOperation, Stream};
use crate::device::driver::driver_calls;

driver_calls! {
    /// The stream waits until the word has come to the value.
    cuStreamWaitValue32 = "cuStreamWaitValue32_v2"(
        stream: Stream, address: DevicePointer, value: u32, flags: u32
    );
    /// Waits and writes, one after the other.
    cuStreamBatchMemOp = "cuStreamBatchMemOp_v2"(
        stream: Stream, count: u32, operations: *mut MemoryOperation, flags: u32
    );
}
