//! Markers: CUDA events.

use std::ptr;

use super::context::CudaContext;
use crate::device::driver::Handle;
use crate::device::event_marker::{Events, UnusedEvents};
use crate::error::Result;

impl Events for CudaContext {
    fn unused(&self) -> &UnusedEvents {
        &self.events
    }

    fn create(&self, flags: u32) -> Result<Handle> {
        let mut event = ptr::null_mut();
        self.relaxed(|api| api.cuEventCreate(&raw mut event, flags))?;
        Ok(Handle(event))
    }

    fn elapsed_ms(&self, begin: Handle, end: Handle) -> Result<f32> {
        let mut milliseconds = 0.0;
        self.relaxed(|api| api.cuEventElapsedTime(&raw mut milliseconds, begin.0, end.0))?;
        Ok(milliseconds)
    }

    fn record(&self, event: Handle, stream: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventRecord(event.0, stream.0))
    }

    fn query(&self, event: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventQuery(event.0))
    }
}
