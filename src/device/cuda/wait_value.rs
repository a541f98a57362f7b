//! The call that makes a stream wait for a value. Drivers before 11.7 do not have it in this form; without
//! it the gate is the host's.

use super::sys::{DevicePointer, Stream};
use crate::device::driver::driver_calls;

driver_calls! {
    /// The stream waits until the word has come to the value.
    cuStreamWaitValue32 = "cuStreamWaitValue32_v2"(
        stream: Stream, address: DevicePointer, value: u32, flags: u32
    );
}
