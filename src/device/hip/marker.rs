//! Markers: HIP events.

use std::ptr;

use super::HipDevice;
use crate::device::driver::Handle;
use crate::device::event_marker::{Events, UnusedEvents};
use crate::error::Result;

impl Events for HipDevice {
    fn unused(&self) -> &UnusedEvents {
        &self.events
    }

    fn create(&self, flags: u32) -> Result<Handle> {
        let mut event = ptr::null_mut();
        self.with(|api| api.hipEventCreateWithFlags(&raw mut event, flags))?;
        Ok(Handle(event))
    }

    fn elapsed_ms(&self, begin: Handle, end: Handle) -> Result<f32> {
        let mut milliseconds = 0.0;
        self.with(|api| api.hipEventElapsedTime(&raw mut milliseconds, begin.0, end.0))?;
        Ok(milliseconds)
    }

    fn record(&self, event: Handle, stream: Handle) -> Result<()> {
        self.with(|api| api.hipEventRecord(event.0, stream.0))
    }

    fn query(&self, event: Handle) -> Result<()> {
        self.driver.relaxed(|api| api.hipEventQuery(event.0))
    }
}
