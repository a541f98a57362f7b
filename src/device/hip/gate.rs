//! What HIP does for device gates.
//!
//! The words are never given back to the driver: freeing host memory waits for every stream.

use std::ffi::c_void;
use std::time::Duration;

use super::HipDevice;
use super::sys::{HOST_MAPPED_COHERENT, WAIT_VALUE_GTE};
use crate::device::driver::Handle;
use crate::device::gate_words::{BYTES_AT_ONCE, GateWords};
use crate::device::word_gate::GateDriver;
use crate::error::Result;

impl GateDriver for HipDevice {
    /// The front end reads the word again every few microseconds at most; not measured on AMD.
    const SETTLE: Duration = Duration::from_micros(50);

    fn words(&self) -> &GateWords {
        &self.words
    }

    fn memory(&self) -> Result<(*mut c_void, usize)> {
        let (mut host, mut device) = (std::ptr::null_mut(), std::ptr::null_mut());
        self.with(|api| {
            api.hipHostMalloc(&raw mut host, BYTES_AT_ONCE, HOST_MAPPED_COHERENT)?;
            api.hipHostGetDevicePointer(&raw mut device, host, 0)
        })?;
        Ok((host, device as usize))
    }

    fn append_wait(&self, stream: Handle, word: usize, value: u32) -> Result<()> {
        let word = word as *mut c_void;
        self.api()
            .hipStreamWaitValue32(stream.0, word, value, WAIT_VALUE_GTE, u32::MAX)
    }
}
