//! The device gate of one queue: when a wait must stand in front of the next command.
//!
//! Launching threads ask `is_due` and place; the deciding thread closes and opens under its device's
//! lock. Placement is by time: one gate per budget of predicted work, unless the application has said after how
//! many commands; and always one before the first command behind a closed gate word, because the stream may
//! have passed every gate placed earlier.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::points::MOST_KINDS;
use crate::clock;
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
    /// When it last was.
    closed_ns: AtomicU64,
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
            closed_ns: AtomicU64::new(0),
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
                // Of more commands it would not be known of what kinds they are, so that they are never timed.
                since >= MOST_KINDS || since_ns.saturating_add(predicted_ns) > most_ns
            }
        };
        enough || (stopped && behind)
    }

    /// Puts the wait into the stream, in front of a command predicted to take so long.
    pub(super) fn place(
        &self,
        stream: &dyn Stream,
        spacing: Spacing,
        predicted_ns: u64,
    ) -> Result<Placed> {
        let closed = self.closed.load(Ordering::Acquire);
        // Who stops the queue then wants to know as soon as can be, whatever it costs.
        let placed = if spacing == Spacing::Work(0) {
            self.gate.place_counted(stream)?
        } else {
            self.gate.place(stream)?
        };
        self.placed_at.store(closed, Ordering::Relaxed);
        self.since.store(1, Ordering::Relaxed);
        self.since_ns.store(predicted_ns, Ordering::Relaxed);
        Ok(placed)
    }

    /// Closes the word.
    pub(super) fn close(&self) {
        self.closed.fetch_add(1, Ordering::Release);
        self.gate.close();
        self.closed_ns.store(clock::now_ns(), Ordering::Relaxed);
    }

    /// When the word was last closed.
    pub(super) fn closed_ns(&self) -> u64 {
        self.closed_ns.load(Ordering::Relaxed)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::device::host::{HostDevice, HostStream};

    const BUDGET: Spacing = Spacing::Work(120);

    struct Queue {
        stream: Arc<HostStream>,
        gate: DeviceGate,
    }

    impl Queue {
        fn new() -> Queue {
            let stream = HostDevice::new(1).create_stream(0);
            let gate = DeviceGate::new(stream.gate().unwrap());
            Queue { stream, gate }
        }

        /// Launches a command; did it need a gate?
        fn launch(&self, stopped: bool, spacing: Spacing, predicted_ns: u64) -> bool {
            let due = self.gate.is_due(stopped, spacing, predicted_ns);
            if due {
                let stream = self.stream.as_ref();
                self.gate.place(stream, spacing, predicted_ns).unwrap();
            }
            due
        }

        fn gates<const N: usize>(&self, spacing: Spacing, predicted_ns: [u64; N]) -> [bool; N] {
            predicted_ns.map(|ns| self.launch(false, spacing, ns))
        }
    }

    #[test]
    fn commands_share_a_gate_while_they_fit_into_the_budget() {
        let gates = Queue::new().gates(BUDGET, [40, 40, 40, 40, 40, 40]);
        assert_eq!(gates, [true, false, false, true, false, false]);
    }

    #[test]
    fn no_more_commands_share_a_gate_than_are_remembered() {
        let queue = Queue::new();
        let gates = (0..3 * MOST_KINDS).filter(|_| queue.launch(false, BUDGET, 0));
        assert_eq!(gates.count(), 3);
    }

    #[test]
    fn a_twelfth_more_than_the_budget_needs_no_gate() {
        assert_eq!(Queue::new().gates(BUDGET, [65, 65, 1]), [true, false, true]);
    }

    #[test]
    fn a_long_command_has_a_gate_to_itself() {
        let gates = Queue::new().gates(BUDGET, [10, 10, 5_000, 10, 10]);
        assert_eq!(gates, [true, false, true, true, false]);
    }

    #[test]
    fn without_a_budget_every_command_has_a_gate() {
        assert_eq!(Queue::new().gates(Spacing::Work(0), [1, 1]), [true, true]);
    }

    #[test]
    fn the_application_says_after_how_many_commands() {
        let gates = Queue::new().gates(Spacing::Commands(2), [500, 1, 500, 1, 500]);
        assert_eq!(gates, [true, false, true, false, true]);
    }

    #[test]
    fn a_closed_word_asks_for_one_gate_each_time() {
        let queue = Queue::new();
        assert!(!queue.launch(false, Spacing::None, 500));
        for _ in 0..2 {
            queue.gate.close();
            assert!(!queue.launch(false, Spacing::None, 1), "opened meanwhile");
            assert!(queue.launch(true, Spacing::None, 1));
            assert!(!queue.launch(true, Spacing::None, 1));
            queue.gate.open();
        }
    }
}
