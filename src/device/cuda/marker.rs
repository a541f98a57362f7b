//! Markers: CUDA events.

use std::ptr;

use super::context::CudaContext;
use super::sys;
use crate::device::driver::Handle;
use crate::device::event_marker::Events;
use crate::error::Result;
use crate::sync::Mutex;

impl Events for CudaContext {
    fn unused(&self) -> &Mutex<Vec<Handle>> {
        &self.events
    }

    fn create(&self) -> Result<Handle> {
        let mut event = ptr::null_mut();
        self.relaxed(|api| api.cuEventCreate(&raw mut event, sys::EVENT_DISABLE_TIMING))?;
        Ok(Handle(event))
    }

    fn record(&self, event: Handle, stream: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventRecord(event.0, stream.0))
    }

    fn query(&self, event: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventQuery(event.0))
    }
}
