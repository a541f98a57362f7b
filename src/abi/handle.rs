//! From the numbers and pointers of C to objects, and nothing else.

use std::ffi::c_void;
use std::sync::Arc;

use crate::abi::types::{HwQueueHandle, LaunchCallback, RawResult};
use crate::error::{Error, Result};
use crate::process::Process;
use crate::queue::{Command, Queue};
use crate::runtime::{HostEvent, HwQueue};

pub(super) fn queue(process: &Process, handle: u64) -> Result<Arc<Queue>> {
    process.runtime.queues.get(handle)
}

pub(super) fn hw_queue(process: &Process, handle: u64) -> Result<Arc<HwQueue>> {
    process.runtime.hw_queues.get(handle)
}

pub(super) fn command(process: &Process, handle: u64) -> Result<Arc<Command>> {
    process.runtime.commands.get(handle)
}

pub(super) fn host_event(process: &Process, handle: u64) -> Result<Arc<HostEvent>> {
    process.runtime.events.get(handle)
}

/// A C callback with its data.
#[derive(Clone, Copy)]
pub(super) struct Callback {
    launch: unsafe extern "C" fn(HwQueueHandle, *mut c_void) -> RawResult,
    data: *mut c_void,
}

// SAFETY: the pointer is only handed back to the callback; that both may be used from another thread
// is the documented contract of every function that takes a callback.
unsafe impl Send for Callback {}
// SAFETY: as above; `call` takes `&self` and a command runs once at a time.
unsafe impl Sync for Callback {}

impl Callback {
    /// `argument` is the callback's name in the header.
    pub(super) fn new(
        argument: &'static str,
        launch: LaunchCallback,
        data: *mut c_void,
    ) -> Result<Callback> {
        launch
            .map(|launch| Callback { launch, data })
            .ok_or_else(|| Error::null(argument))
    }

    pub(super) fn call(&self, hwq: HwQueueHandle) -> i32 {
        // SAFETY: a live C function of this type, and data it understands, are what the caller of
        // `new` promised until the command has completed.
        unsafe { (self.launch)(hwq, self.data) }
    }
}
