//! Markers: HIP events.

use super::HipDevice;
use super::sys;
use crate::device::driver::Handle;
use crate::device::event_marker::Events;
use crate::error::Result;
use crate::sync::Mutex;

impl Events for HipDevice {
    fn unused(&self) -> &Mutex<Vec<Handle>> {
        &self.events
    }

    fn create(&self) -> Result<Handle> {
        let mut event = std::ptr::null_mut();
        self.with(|api| api.hipEventCreateWithFlags(&raw mut event, sys::EVENT_DISABLE_TIMING))?;
        Ok(Handle(event))
    }

    fn record(&self, event: Handle, stream: Handle) -> Result<()> {
        self.with(|api| api.hipEventRecord(event.0, stream.0))
    }

    fn query(&self, event: Handle) -> Result<()> {
        self.driver.relaxed(|api| api.hipEventQuery(event.0))
    }
}
