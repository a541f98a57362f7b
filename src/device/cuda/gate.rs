//! What CUDA does for device gates.
//!
//! The memory of the words is our own, so a store to one is safe whatever has become of the context.

use std::ffi::c_void;
use std::ptr;
use std::time::Duration;

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use super::context::CudaContext;
use super::sys::{
    MEMORY_WAIT, MEMORY_WRITE, MemoryOperation, REGISTER_PORTABLE_MAPPED, WAIT_VALUE_GEQ,
};
use super::wait_value;
use crate::device::driver::Handle;
use crate::device::event_marker::{EVENT_UNTIMED, Events};
use crate::device::gate_words::{BYTES_AT_ONCE, GateWords, WordIs};
use crate::device::word_gate::{CountedWait, GateDriver};
use crate::error::{Error, Result};

impl GateDriver for CudaContext {
    /// An H200 started its last kernel up to 3.8 us after such a store (P99, bench/cuda/gate_cost.cpp).
    const SETTLE: Duration = Duration::from_micros(5);

    fn words(&self) -> &GateWords {
        &self.words
    }

    fn memory(&self) -> Result<(*mut c_void, usize)> {
        let page = Page::map()?;
        let address = page.0;
        let mut device = 0;
        self.relaxed(|api| {
            api.cuMemHostRegister(address, BYTES_AT_ONCE, REGISTER_PORTABLE_MAPPED)?;
            api.cuMemHostGetDevicePointer(&raw mut device, address, 0)
        })?;
        self.pages.lock().push(page);
        let device = usize::try_from(device)
            .map_err(|_| Error::Internal("a device address of more than 64 bits".into()))?;
        Ok((address, device))
    }

    fn append_wait(&self, stream: Handle, word: usize, value: u32) -> Result<()> {
        let api = self.wait_value()?;
        self.within(|_| api.cuStreamWaitValue32(stream.0, word as u64, value, WAIT_VALUE_GEQ))
    }

    fn append_counted_wait(&self, stream: Handle, counted: CountedWait) -> Result<()> {
        let operation = |operation, WordIs { word, value }| MemoryOperation {
            operation,
            address: word as u64,
            value: value.into(),
            flags: 0, // for a wait `CU_STREAM_WAIT_VALUE_GEQ`
            alias: 0,
            padding: 0,
        };
        let mut operations = [
            operation(MEMORY_WRITE, counted.reached),
            operation(MEMORY_WAIT, counted.open),
            operation(MEMORY_WRITE, counted.passed),
        ];
        self.health.get_or_try_init(|| {
            let event = self.create(EVENT_UNTIMED)?;
            self.record(event, stream).map(|()| event)
        })?;
        let api = self.wait_value()?;
        self.within(|_| api.cuStreamBatchMemOp(stream.0, 3, operations.as_mut_ptr(), 0))
    }

    /// Whatever has become of the stream that the event is in: each call returns a context's failure.
    fn check(&self) -> Result<()> {
        self.health
            .get()
            .map_or(Ok(()), |&event| self.is_past(event).map(drop))
    }
}

impl CudaContext {
    fn wait_value(&self) -> Result<&wait_value::Api> {
        self.driver.wait_value.as_ref().ok_or_else(|| {
            Error::NotSupported(
                "this CUDA driver cannot wait for values (it is older than 11.7)".into(),
            )
        })
    }
}

/// Memory for words.
pub(super) struct Page(*mut c_void);

// SAFETY: nothing but an address.
unsafe impl Send for Page {}

impl Page {
    fn map() -> Result<Page> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping, at an address of the kernel's choice.
        let page =
            unsafe { mmap_anonymous(ptr::null_mut(), BYTES_AT_ONCE, access, MapFlags::PRIVATE) };
        page.map(Page)
            .map_err(|error| Error::Internal(format!("no memory for gate words: {error}")))
    }
}

impl Drop for Page {
    /// Comes when its context is destroyed, or about to be, and no gate of ours is left in it: the device
    /// does not use it any more. The context's end takes the driver's note of it along.
    fn drop(&mut self) {
        // SAFETY: mapped by `map`; whoever has a word of it keeps the context, and so this, alive.
        if let Err(error) = unsafe { munmap(self.0, BYTES_AT_ONCE) } {
            tracing::warn!("a page of gate words stays: {error}");
        }
    }
}
