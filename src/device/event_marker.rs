//! Markers that are a driver's events: from a pool, recorded in a stream and returned to the pool when
//! nobody needs them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Marker;
use super::driver::{Handle, NOT_READY};
use crate::clock;
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// What a driver does with events of one device or context.
pub(super) trait Events: Send + Sync {
    /// The unused ones. Never destroyed: a process needs as many as it once had in flight.
    fn unused(&self) -> &Mutex<Vec<Handle>>;
    /// Makes one, without timing.
    fn create(&self) -> Result<Handle>;
    /// Unused pairs of events with times; not destroyed either.
    fn unused_timed(&self) -> &Mutex<Vec<(Handle, Handle)>>;
    /// Makes one, with timing.
    fn create_timed(&self) -> Result<Handle>;
    /// From one to the other, both complete.
    fn elapsed_ms(&self, begin: Handle, end: Handle) -> Result<f32>;
    /// Records it behind everything launched in the stream so far.
    fn record(&self, event: Handle, stream: Handle) -> Result<()>;
    /// Success if it is complete, otherwise `NOT_READY`.
    fn query(&self, event: Handle) -> Result<()>;
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
        let unused = events.unused().lock().pop();
        let marker = EventMarker {
            events: events.clone(),
            event: unused.map_or_else(|| events.create(), Ok)?,
            complete: AtomicBool::new(false),
        };
        events.record(marker.event, stream)?;
        Ok(marker)
    }

    fn note_complete(&self) {
        self.complete.store(true, Ordering::Relaxed);
    }
}

impl<E: Events> Marker for EventMarker<E> {
    fn is_complete(&self) -> Result<bool> {
        if self.complete.load(Ordering::Relaxed) {
            return Ok(true);
        }
        match self.events.query(self.event) {
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

    /// By looking again and again: whoever waits has suspended a queue, or is about to use what it computed,
    /// and a driver's own wait may hold its locks, or take 10 us longer (H200).
    fn wait(&self) -> Result<()> {
        /// So short a wait is not worth a system call.
        const AWAKE_NS: u64 = 20_000;
        /// For this long looking without a pause is worth its while, as the shortest sleep takes 60 us.
        const WITHOUT_PAUSE_NS: u64 = 1_000_000;
        /// Then it sleeps for this part of the time waited so far.
        const PAUSE_PART: u64 = 32;
        let begin_ns = clock::now_ns();
        while !self.is_complete()? {
            let waited_ns = clock::now_ns().saturating_sub(begin_ns);
            if waited_ns < AWAKE_NS {
                std::hint::spin_loop();
            } else if waited_ns < WITHOUT_PAUSE_NS {
                // Costs nothing on an idle core, and leaves a busy one to whoever has something to do.
                std::thread::yield_now();
            } else {
                std::thread::sleep(Duration::from_nanos(waited_ns / PAUSE_PART));
            }
        }
        Ok(())
    }

    fn completed_at_ns(&self) -> Option<u64> {
        None
    }
}

impl<E: Events> Drop for EventMarker<E> {
    fn drop(&mut self) {
        self.events.unused().lock().push(self.event);
    }
}
