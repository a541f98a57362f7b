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
        self.create_event(sys::EVENT_DISABLE_TIMING)
    }

    fn unused_timed(&self) -> &Mutex<Vec<(Handle, Handle)>> {
        &self.timed_events
    }

    fn create_timed(&self) -> Result<Handle> {
        self.create_event(sys::EVENT_DEFAULT)
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

impl CudaContext {
    fn create_event(&self, flags: u32) -> Result<Handle> {
        let mut event = ptr::null_mut();
        self.relaxed(|api| api.cuEventCreate(&raw mut event, flags))?;
        Ok(Handle(event))
    }
}
