//! The calls that make a stream wait for values and write them. Drivers before 11.7 do not have them in this
//! form; without them the gate is the host's.

use super::sys::{DevicePointer, MemOp, Stream};
use crate::device::driver::driver_calls;

driver_calls! {
    /// The stream writes a value.
    cuStreamWriteValue32 = "cuStreamWriteValue32_v2"(
        stream: Stream, address: DevicePointer, value: u32, flags: u32
    );
    /// The stream waits for and writes values, in the order of the array.
    cuStreamBatchMemOp = "cuStreamBatchMemOp_v2"(
        stream: Stream, count: u32, operations: *mut MemOp, flags: u32
    );
}
