//! Markers that are a driver's events: from a pool, recorded in a stream and returned to the pool when
//! nobody needs them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::driver::{CAPTURE_UNSUPPORTED, Handle, NOT_READY};
use super::{Marker, look_until};
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// `cudaEventDefault`, `hipEventDefault`: with a time.
pub(super) const EVENT_TIMED: u32 = 0;
/// `CU_EVENT_DISABLE_TIMING`, `hipEventDisableTiming`
pub(super) const EVENT_UNTIMED: u32 = 2;

/// Events that nobody needs, those with times in pairs. Never destroyed: a process needs as many as it once had
/// in flight.
#[derive(Default)]
pub(super) struct UnusedEvents {
    untimed: Mutex<Vec<Handle>>,
    pub(super) timed: Mutex<Vec<(Handle, Handle)>>,
}

/// What a driver does with events of one device or context.
pub(super) trait Events: Send + Sync {
    /// The unused ones.
    fn unused(&self) -> &UnusedEvents;
    /// Makes one with these flags.
    fn create(&self, flags: u32) -> Result<Handle>;
    /// Records it behind everything launched in the stream so far.
    fn record(&self, event: Handle, stream: Handle) -> Result<()>;
    /// Success if it is complete, otherwise `NOT_READY`.
    fn query(&self, event: Handle) -> Result<()>;
    /// From one event with a time to another, both complete.
    fn elapsed_ms(&self, begin: Handle, end: Handle) -> Result<f32>;
    /// The device has come to it, as far as the driver tells.
    fn is_past(&self, event: Handle) -> Result<bool> {
        match self.query(event) {
            Ok(()) => Ok(true),
            // HIP runtimes before February 2026 refuse this while any thread captures in the global mode, also to a
            // thread whose own mode is relaxed (ROCm/rocm-systems, pull request 3176). Captures end.
            Err(Error::Hardware {
                code: NOT_READY | CAPTURE_UNSUPPORTED,
                ..
            }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A completion point in a stream.
pub(super) struct EventMarker<E: Events> {
    events: Arc<E>,
    event: Handle,
    complete: AtomicBool,
}

impl<E: Events> EventMarker<E> {
    /// One behind everything launched in the stream so far.
    pub(super) fn record(events: &Arc<E>, stream: Handle) -> Result<EventMarker<E>> {
        let unused = events.unused().untimed.lock().pop();
        let marker = EventMarker {
            events: events.clone(),
            event: unused.map_or_else(|| events.create(EVENT_UNTIMED), Ok)?,
            complete: AtomicBool::new(false),
        };
        events.record(marker.event, stream)?;
        Ok(marker)
    }
}

impl<E: Events> Marker for EventMarker<E> {
    fn is_complete(&self) -> Result<bool> {
        if self.complete.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let complete = self.events.is_past(self.event)?;
        if complete {
            self.complete.store(true, Ordering::Relaxed);
        }
        Ok(complete)
    }

    fn wait_until(&self, deadline_ns: u64) -> Result<bool> {
        look_until(deadline_ns, || self.is_complete())
    }

    fn completed_at_ns(&self) -> Option<u64> {
        None
    }
}

impl<E: Events> Drop for EventMarker<E> {
    fn drop(&mut self) {
        self.events.unused().untimed.lock().push(self.event);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI32, AtomicUsize};

    use super::*;
    use crate::device::driver::SUCCESS;

    /// A driver whose events are numbers, and all in one state.
    #[derive(Default)]
    struct Fake {
        unused: UnusedEvents,
        created: AtomicUsize,
        /// What a query returns.
        state: AtomicI32,
    }

    impl Events for Fake {
        fn unused(&self) -> &UnusedEvents {
            &self.unused
        }
        fn create(&self, _flags: u32) -> Result<Handle> {
            let number = self.created.fetch_add(1, Ordering::Relaxed) + 1;
            Ok(Handle(std::ptr::without_provenance_mut(number)))
        }
        fn record(&self, _event: Handle, _stream: Handle) -> Result<()> {
            Ok(())
        }
        fn query(&self, _event: Handle) -> Result<()> {
            match self.state.load(Ordering::Relaxed) {
                SUCCESS => Ok(()),
                code => Err(Error::Hardware {
                    call: "query",
                    code,
                }),
            }
        }
        fn elapsed_ms(&self, _begin: Handle, _end: Handle) -> Result<f32> {
            Ok(0.0)
        }
    }

    fn record(driver: &Arc<Fake>) -> EventMarker<Fake> {
        EventMarker::record(driver, Handle(std::ptr::null_mut())).unwrap()
    }

    #[test]
    fn a_process_has_as_many_events_as_it_once_had_in_flight() {
        let driver = Arc::new(Fake::default());
        for _ in 0..10 {
            drop([record(&driver), record(&driver)]);
        }
        assert_eq!(driver.created.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_marker_that_cannot_be_asked_for_during_a_capture_is_not_complete() {
        let driver = Arc::new(Fake::default());
        let marker = record(&driver);
        for code in [NOT_READY, CAPTURE_UNSUPPORTED] {
            driver.state.store(code, Ordering::Relaxed);
            assert_eq!(marker.is_complete(), Ok(false));
        }
        driver.state.store(SUCCESS, Ordering::Relaxed);
        assert_eq!(marker.is_complete(), Ok(true));
    }

    #[test]
    fn other_errors_are_the_callers() {
        const LAUNCH_FAILED: i32 = 719;
        let driver = Arc::new(Fake::default());
        driver.state.store(LAUNCH_FAILED, Ordering::Relaxed);
        let failed = record(&driver).is_complete();
        assert!(matches!(
            failed,
            Err(Error::Hardware {
                code: LAUNCH_FAILED,
                ..
            })
        ));
    }
}
