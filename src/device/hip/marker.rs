//! Markers: events from a pool, recorded in a stream and returned to the pool when nobody needs them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::sys::{self, HipEvent};
use super::{Driver, HipDevice};
use crate::device::Marker;
use crate::device::driver::{Handle, NOT_READY};
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// The free events of one device. Never destroyed: a process needs as many as it once had in flight.
pub(super) struct EventPool {
    driver: Arc<Driver>,
    free: Mutex<Vec<Handle>>,
}

impl EventPool {
    pub(super) fn new(driver: Arc<Driver>) -> EventPool {
        EventPool {
            driver,
            free: Mutex::default(),
        }
    }

    /// Records an event behind everything launched in the stream so far.
    pub(super) fn record(device: &HipDevice, stream: sys::HipStream) -> Result<HipMarker> {
        device.with(|api| {
            let free = device.events.free.lock().pop();
            let event = match free {
                Some(event) => event,
                None => {
                    let mut made = std::ptr::null_mut();
                    api.hipEventCreateWithFlags(&raw mut made, sys::EVENT_DISABLE_TIMING)?;
                    Handle(made)
                }
            };
            let marker = HipMarker {
                pool: device.events.clone(),
                event: Some(event),
                complete: AtomicBool::new(false),
            };
            api.hipEventRecord(marker.handle(), stream)?;
            Ok(marker)
        })
    }
}

/// A completion point in a stream.
pub(super) struct HipMarker {
    pool: Arc<EventPool>,
    /// Taken back by the pool when the marker is dropped.
    event: Option<Handle>,
    complete: AtomicBool,
}

impl HipMarker {
    fn handle(&self) -> HipEvent {
        self.event
            .as_ref()
            .map_or(std::ptr::null_mut(), |event| event.0)
    }

    fn note_complete(&self) {
        self.complete.store(true, Ordering::Relaxed);
    }
}

impl Marker for HipMarker {
    fn is_complete(&self) -> Result<bool> {
        if self.complete.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let queried = self
            .pool
            .driver
            .relaxed(|api| api.hipEventQuery(self.handle()));
        match queried {
            Ok(()) => {
                self.note_complete();
                Ok(true)
            }
            Err(Error::Hardware {
                code: NOT_READY, ..
            }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn wait(&self) -> Result<()> {
        self.pool
            .driver
            .relaxed(|api| api.hipEventSynchronize(self.handle()))?;
        self.note_complete();
        Ok(())
    }

    fn completed_at_ns(&self) -> Option<u64> {
        None
    }
}

impl Drop for HipMarker {
    fn drop(&mut self) {
        if let Some(event) = self.event.take() {
            self.pool.free.lock().push(event);
        }
    }
}
