//! The device gate of one queue: when a wait must stand in front of the next command.
//!
//! Launching threads ask `is_due` and place; the deciding thread closes and opens under its device's
//! lock. Placement is by time: one gate per budget of estimated work, one before every command while
//! the command time is unknown, and always one before the first command behind a closed gate word,
//! because the stream may have passed every gate placed earlier.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::device::{Gate, Placed, Stream};
use crate::error::Result;

/// See the module.
pub(super) struct DeviceGate {
    gate: Box<dyn Gate>,
    /// Commands launched since the last placed gate; starts high so that the first gets one.
    since: AtomicU32,
    /// Times the word was closed.
    closed: AtomicU64,
    /// The value of `closed` when the last gate was placed.
    placed_at: AtomicU64,
}

impl DeviceGate {
    pub(super) fn new(gate: Box<dyn Gate>) -> DeviceGate {
        DeviceGate {
            gate,
            since: AtomicU32::new(u32::MAX / 2),
            closed: AtomicU64::new(0),
            placed_at: AtomicU64::new(0),
        }
    }

    /// True if the next command needs a gate in front of it. Counts that command.
    pub(super) fn is_due(&self, stopped: bool, interval: u32) -> bool {
        let since = self.since.fetch_add(1, Ordering::Relaxed);
        // Acquire pairs with `close`: a thread that saw the queue stopped sees its count.
        let behind = self.placed_at.load(Ordering::Relaxed) != self.closed.load(Ordering::Acquire);
        since >= interval || (stopped && behind)
    }

    /// Puts the wait into the stream.
    pub(super) fn place(&self, stream: &dyn Stream) -> Result<Placed> {
        let closed = self.closed.load(Ordering::Acquire);
        let placed = self.gate.place(stream)?;
        self.placed_at.store(closed, Ordering::Relaxed);
        self.since.store(1, Ordering::Relaxed);
        Ok(placed)
    }

    /// Closes the word.
    pub(super) fn close(&self) {
        self.closed.fetch_add(1, Ordering::Release);
        self.gate.close();
    }

    /// See `Gate::settle`.
    pub(super) fn settle(&self) -> Duration {
        self.gate.settle()
    }

    /// Opens the word.
    pub(super) fn open(&self) {
        self.gate.open();
    }
}
