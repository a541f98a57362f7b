//! What waiting and watching threads run: synchronise, query, wait until quiet, the monitor's look.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::admission::Word;
use super::in_flight::Ahead;
use super::queue::Queue;
use super::stall::{Look, Progress, StallWatch};
use crate::clock::{self, nanoseconds};
use crate::device::{Marker, Placed};
use crate::error::{Error, Result};

/// A thread that asks for less sleeps for about this long (Linux: 50 us of slack, and the wake-up).
const SHORTEST_SLEEP: Duration = Duration::from_micros(60);

/// Between two looks, `waited_ns` after the first. A launch takes microseconds, so at first only others
/// that want the core come between.
pub(super) fn pause(waited_ns: u64) {
    const BRIEF_NS: u64 = 1_000_000;
    if waited_ns < BRIEF_NS {
        std::thread::yield_now();
    } else {
        std::thread::sleep(SHORTEST_SLEEP);
    }
}

impl Queue {
    /// Commands launched so far.
    pub fn command_count_launched(&self) -> u64 {
        self.admission.word().launched()
    }

    /// Commands launched or waiting to be.
    pub fn command_count(&self) -> i64 {
        let launched = self.command_count_launched() + self.submissions.pending();
        i64::try_from(launched).unwrap_or(i64::MAX)
    }

    /// The application has waited until the first `upto` commands were complete.
    pub fn synchronized(&self, upto: u64) {
        // Now, so that the time until somebody looks next is not taken for the commands'.
        if self.preemptible.load(Ordering::Relaxed)
            && let Err(error) = self.retire()
        {
            self.fail("watching markers", &error);
        }
        self.admission.complete(upto);
        if self.admission.word().has(Word::READY) {
            self.listener.synchronized(self, upto);
        }
    }

    /// Makes a driver call that waits for the stream. A driver may hold the stream's lock meanwhile, so
    /// the monitor records nothing there.
    pub fn while_waited_for<T>(&self, call: impl FnOnce() -> T) -> T {
        self.waited_for.fetch_add(1, Ordering::Relaxed);
        let result = call();
        self.waited_for.fetch_sub(1, Ordering::Relaxed);
        result
    }

    /// Makes a driver call between two markers of ours, never in the middle of one: the one with which
    /// a capture begins.
    pub fn between_markers<T>(&self, call: impl FnOnce() -> T) -> T {
        self.in_flight.locked(call)
    }

    /// A marker behind the first `upto` launched commands, unless recording one might wait.
    pub fn marker_behind(&self, upto: u64) -> Option<Arc<dyn Marker>> {
        let known = self.in_flight.covering(upto);
        if known.is_none() && self.waited_for.load(Ordering::Relaxed) == 0 {
            self.mark().ok()?;
            return self.in_flight.covering(upto);
        }
        known
    }

    /// Device time used so far, as far as markers show it, in nanoseconds.
    pub fn used_ns(&self) -> u64 {
        self.used_ns.load(Ordering::Relaxed)
    }

    /// Waits until the first `upto` launched commands are complete.
    pub(super) fn wait_completed(&self, upto: u64) -> Result<()> {
        if self.admission.completed() >= upto {
            return Ok(());
        }
        let marker = match self.in_flight.covering(upto) {
            Some(marker) => marker,
            None => self.stream.marker()?,
        };
        marker.wait()?;
        self.synchronized(upto);
        Ok(())
    }

    /// Waits until everything submitted so far is complete.
    pub fn wait_all(&self) -> Result<()> {
        self.submissions.wait_settled();
        self.wait_completed(self.command_count_launched())?;
        match self.submissions.take_failure() {
            0 => Ok(()),
            code => Err(Error::Command { code }),
        }
    }

    /// True if nothing submitted is unfinished.
    pub fn is_idle(&self) -> Result<bool> {
        let word = self.admission.word();
        if self.submissions.pending() > 0 || word.launching() > 0 {
            return Ok(false);
        }
        if self.admission.completed() >= word.launched() {
            return Ok(true);
        }
        let drained = self.stream.is_drained()?;
        if drained {
            self.admission.complete(word.launched());
        }
        Ok(drained)
    }

    /// The watchdog's look at whether this queue gets anywhere.
    pub fn look_for_stall(&self, watch: &mut StallWatch, held_since_ns: u64, now_ns: u64) -> bool {
        let word = self.admission.word();
        let progress = Progress {
            launched: word.launched(),
            completed: self.admission.completed(),
            launching: word.launching(),
        };
        watch.look(Look {
            progress,
            stopped: word.stopped(),
            waits: self.waited_for.load(Ordering::Relaxed) > 0,
            watched: word.has(Word::READY),
            command_ns: self.time.estimate_ns().unwrap_or(0),
            held_since_ns,
            now_ns,
        })
    }

    /// A thread launches, or has launched since that look.
    pub fn is_busy_since(&self, watch: &StallWatch) -> bool {
        let word = self.admission.word();
        word.launching() > 0 || word.launched() != watch.launched()
    }

    /// The gates of others give way to this queue.
    pub fn count_stall(&self) {
        self.stats.stalls.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits, after a suspension, until the device runs nothing of this queue.
    pub fn wait_quiet(&self) -> Result<()> {
        self.quiet_waiters.fetch_add(1, Ordering::Relaxed);
        if self.gate.is_none() {
            self.admission.wait_quiescent();
        }
        let quiet = self.wait_running();
        self.quiet_waiters.fetch_sub(1, Ordering::Relaxed);
        quiet
    }

    /// Until what the device runs has completed, or the queue goes on.
    fn wait_running(&self) -> Result<()> {
        let begin_ns = clock::now_ns();
        while self.is_stopped() {
            // A thread that is launching may be stuck behind the closed gate, in a call that waits for the
            // stream; or it places no gate and its command runs: which of the two will show.
            let busy = || self.admission.word().launching() > 0;
            match self.in_flight.next_gate_or(busy, || self.point())? {
                Ahead::Unknown => pause(clock::now_ns().saturating_sub(begin_ns)),
                Ahead::Gate(Placed { reached, passed }) => {
                    // Asked before the look, so that it comes later.
                    let closed_ns = self.closed_for_long();
                    let comes_now = closed_ns.is_some() && !reached.is_complete()?;
                    reached.wait()?;
                    if comes_now && self.closed_for_long() == closed_ns {
                        break;
                    }
                    self.wait_settled_gate();
                    if !passed.is_complete()? {
                        break;
                    }
                }
                // No gate ahead: everything launched is running or done, and nothing follows.
                Ahead::Nothing { all } => return all.map_or(Ok(()), |all| all.wait()),
            }
        }
        Ok(())
    }

    /// When the gate was closed, if that is so long ago that a stream that has not shown to be there yet will stop
    /// there: this spares the question whether it has passed, which takes an H200's driver 4 us, at times 12.
    fn closed_for_long(&self) -> Option<u64> {
        let gate = self.gate.as_ref()?;
        let closed_ns = gate.closed_ns();
        let long_ns = 2 * nanoseconds(gate.settle());
        let closed = !self.lifted.load(Ordering::Acquire);
        let for_long = clock::now_ns().saturating_sub(closed_ns) >= long_ns;
        (closed && for_long).then_some(closed_ns)
    }

    /// A stream that found the gate open before it was closed shows that within this time.
    fn wait_settled_gate(&self) {
        let Some(gate) = &self.gate else { return };
        let end_ns = gate.closed_ns().saturating_add(nanoseconds(gate.settle()));
        let rest = Duration::from_nanos(end_ns.saturating_sub(clock::now_ns()));
        if rest >= SHORTEST_SLEEP {
            return std::thread::sleep(rest);
        }
        while clock::now_ns() < end_ns {
            std::hint::spin_loop();
        }
    }

    /// The monitor's look: retires markers, records one if the last commands have none. Returns the
    /// commands launched and whether all are complete.
    pub fn poll(&self, quiet: bool) -> (u64, bool) {
        let word = self.admission.word();
        let launched = word.launched();
        if self.in_flight.is_busy() {
            // A thread records a point, and may be stuck in the driver: it will be seen next time.
            return (launched, false);
        }
        let polled = self.retire().and_then(|()| {
            let unmarked = self.admission.completed() < launched
                && self.marked.load(Ordering::Relaxed) < launched;
            let free = !self.private
                && word.launching() == 0
                && self.waited_for.load(Ordering::Relaxed) == 0;
            if quiet && unmarked && free {
                self.mark()?;
            }
            Ok(())
        });
        if let Err(error) = polled {
            self.fail("watching markers", &error);
        }
        let complete = word.launching() == 0 && self.admission.completed() >= launched;
        (launched, complete && self.submissions.pending() == 0)
    }
}
