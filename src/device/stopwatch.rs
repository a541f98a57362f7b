//! Stopwatches that are two of a driver's events with times.

use std::sync::Arc;
use std::time::Duration;

use super::Stopwatch;
use super::driver::Handle;
use super::event_marker::{EVENT_TIMED, Events};
use crate::error::Result;

/// Times one part of a stream after the other.
pub(super) struct EventStopwatch<E: Events> {
    events: Arc<E>,
    stream: Handle,
    begin: Handle,
    end: Handle,
}

impl<E: Events> EventStopwatch<E> {
    /// For this stream.
    pub(super) fn new(events: Arc<E>, stream: Handle) -> Result<EventStopwatch<E>> {
        let unused = events.unused().timed.lock().pop();
        let (begin, end) = match unused {
            Some(pair) => pair,
            None => (events.create(EVENT_TIMED)?, events.create(EVENT_TIMED)?),
        };
        Ok(EventStopwatch {
            events,
            stream,
            begin,
            end,
        })
    }
}

impl<E: Events> Stopwatch for EventStopwatch<E> {
    fn begin(&self) -> Result<()> {
        self.events.record(self.begin, self.stream)
    }

    fn has_begun(&self) -> Result<bool> {
        self.events.is_past(self.begin)
    }

    fn end(&self) -> Result<()> {
        self.events.record(self.end, self.stream)
    }

    fn elapsed_ns(&self) -> Result<Option<u64>> {
        if !self.events.is_past(self.end)? {
            return Ok(None);
        }
        let milliseconds = self.events.elapsed_ms(self.begin, self.end)?;
        let elapsed = Duration::try_from_secs_f32(milliseconds / 1e3).unwrap_or_default();
        Ok(u64::try_from(elapsed.as_nanos()).ok())
    }
}

impl<E: Events> Drop for EventStopwatch<E> {
    fn drop(&mut self) {
        let pair = (self.begin, self.end);
        self.events.unused().timed.lock().push(pair);
    }
}
