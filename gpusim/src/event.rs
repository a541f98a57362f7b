//! Events: a point in a stream, or in a graph while the stream captures.

use std::sync::{Arc, Mutex};

use crate::abi::Address;
use crate::capture::{self, Origin};
use crate::context;
use crate::error::{Code, Result};
use crate::front_end;
use crate::handles::Handles;
use crate::profile::PROFILE;
use crate::sync::lock;
use crate::wait::Mark;

pub const DISABLE_TIMING: u32 = 2;

#[derive(Clone, Default)]
pub enum Point {
    /// Never recorded: counts as complete.
    #[default]
    None,
    Recorded(Arc<Mark>),
    /// Recorded into a graph.
    Captured(Origin),
}

pub struct Event {
    pub flags: u32,
    /// The context that it goes with, see `Context::id`.
    pub owner: u64,
    point: Mutex<Point>,
}

static EVENTS: Handles<Event> = Handles::new();

impl Event {
    pub fn point(&self) -> Point {
        lock(&self.point).clone()
    }

    pub fn set_point(&self, point: Point) {
        *lock(&self.point) = point;
    }

    /// A new recording; the last one no longer counts.
    pub fn record(&self) -> Arc<Mark> {
        let mark = Arc::new(Mark::default());
        self.set_point(Point::Recorded(mark.clone()));
        mark
    }

    /// What the last recording is complete by; `None` if there was none. A captured event never
    /// completes: asking is an error, which also ends the capture.
    pub fn mark(&self) -> Result<Option<Arc<Mark>>> {
        match self.point() {
            Point::None => Ok(None),
            Point::Recorded(mark) => Ok(Some(mark)),
            Point::Captured(origin) => {
                origin.capture.invalidate();
                Err(Code::CAPTURED_EVENT)
            }
        }
    }

    /// Forbidden, whatever the event, by captures in the global mode to every thread that has not said otherwise.
    pub fn query(&self) -> Result {
        let mark = self.mark()?;
        capture::refuse_unsafe()?;
        match mark {
            Some(mark) if !front_end::get().shows(|| mark.is_reached()) => Err(Code::NOT_READY),
            _ => Ok(()),
        }
    }

    pub fn synchronize(&self) -> Result {
        if let Some(mark) = self.mark()? {
            front_end::get().wait_until(|| mark.is_reached());
        }
        Ok(())
    }

    /// Milliseconds from the other event's recording to this one's.
    pub fn elapsed_since(&self, start: &Event) -> Result<f32> {
        if (self.flags | start.flags) & DISABLE_TIMING != 0 {
            return Err(Code::INVALID_HANDLE);
        }
        let start = start.mark()?.ok_or(Code::INVALID_HANDLE)?;
        let stop = self.mark()?.ok_or(Code::INVALID_HANDLE)?;
        let start = start.time().ok_or(Code::NOT_READY)?;
        let stop = stop.time().ok_or(Code::NOT_READY)?;
        let seconds = match stop.checked_sub(start) {
            Some(after) => after.as_secs_f32(),
            None => -start.saturating_sub(stop).as_secs_f32(),
        };
        Ok(seconds * 1e3)
    }
}

pub fn create(flags: u32) -> Address {
    EVENTS.add(Arc::new(Event {
        flags,
        owner: context::current_id(),
        point: Mutex::default(),
    }))
}

/// Does not wait for the recording.
pub fn destroy(handle: Address) -> Result {
    if handle.is_null() {
        return Err(Code::INVALID_HANDLE);
    }
    EVENTS.remove(handle).map(drop).ok_or(PROFILE.stale_handle)
}

/// Destroys what was created while this context was current.
pub fn destroy_all(context: u64) {
    EVENTS.retain(|event| event.owner != context);
}

/// An event argument of an API call.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct EventHandle(pub Address);

impl EventHandle {
    pub fn get(self) -> Result<Arc<Event>> {
        if self.0.is_null() {
            return Err(Code::INVALID_HANDLE);
        }
        EVENTS.get(self.0).ok_or(PROFILE.stale_handle)
    }

    /// For arguments that may be NULL.
    pub fn optional(self) -> Result<Option<Arc<Event>>> {
        if self.0.is_null() {
            Ok(None)
        } else {
            self.get().map(Some)
        }
    }
}
