//! The device gate of one queue: when a wait must stand in front of the next command.
//!
//! Launching threads ask `is_due` and place; the deciding thread closes and opens under its device's
//! lock. Placement is by time: one gate per budget of predicted work, unless the application has said after how
//! many commands; and always one before the first command behind a closed gate word, because the stream may
//! have passed every gate placed earlier.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::device::{Gate, Placed, Stream};
use crate::error::Result;

/// Work between two gates may exceed the budget by this part of it, as whoever suspends comes in the middle of it.
const MORE_PART: u64 = 12;

/// What stands between two gates at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spacing {
    /// Anything: only a closed word asks for one.
    None,
    /// So many commands.
    Commands(u32),
    /// Commands predicted to take so many nanoseconds, or a longer one.
    Work(u64),
}

/// See the module.
pub(super) struct DeviceGate {
    gate: Box<dyn Gate>,
    /// Commands launched since the last placed gate; starts high so that the first gets one.
    since: AtomicU32,
    /// What those were predicted to take.
    since_ns: AtomicU64,
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
            since_ns: AtomicU64::new(u64::MAX / 2),
            closed: AtomicU64::new(0),
            placed_at: AtomicU64::new(0),
        }
    }

    /// True if the next command, predicted to take so long, needs a gate in front of it. Counts that command.
    pub(super) fn is_due(&self, stopped: bool, spacing: Spacing, predicted_ns: u64) -> bool {
        let since = self.since.fetch_add(1, Ordering::Relaxed);
        let since_ns = self.since_ns.fetch_add(predicted_ns, Ordering::Relaxed);
        // Acquire pairs with `close`: a thread that saw the queue stopped sees its count.
        let behind = self.placed_at.load(Ordering::Relaxed) != self.closed.load(Ordering::Acquire);
        let enough = match spacing {
            Spacing::None => false,
            Spacing::Commands(commands) => since >= commands,
            Spacing::Work(budget_ns) => {
                let most_ns = budget_ns.saturating_add(budget_ns / MORE_PART);
                since_ns.saturating_add(predicted_ns) > most_ns
            }
        };
        enough || (stopped && behind)
    }

    /// Puts the wait into the stream, in front of a command predicted to take so long.
    pub(super) fn place(&self, stream: &dyn Stream, predicted_ns: u64) -> Result<Placed> {
        let closed = self.closed.load(Ordering::Acquire);
        let placed = self.gate.place(stream)?;
        self.placed_at.store(closed, Ordering::Relaxed);
        self.since.store(1, Ordering::Relaxed);
        self.since_ns.store(predicted_ns, Ordering::Relaxed);
        Ok(placed)
    }

    /// Closes the word.
    pub(super) fn close(&self) {
        self.closed.fetch_add(1, Ordering::Release);
        self.gate.close();
    }

    /// See `Gate::is_free`.
    pub(super) fn is_free(&self) -> bool {
        self.gate.is_free()
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
