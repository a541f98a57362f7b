//! What a launching thread waits for: until its queue goes on, until there is room for its command in what is in
//! flight, or, where launches are paced, for the moment to launch it. Always before its admission, as a
//! suspension waits for the threads that are admitted.

use std::sync::atomic::Ordering;

use super::admission::{Entry, Refusal};
use super::completion::pause;
use super::pace::Reservation;
use super::prediction::Kind;
use super::queue::Queue;
use crate::clock;
use crate::device;
use crate::error::Result;

/// Nothing in flight has completed for this long, and for the time of this many commands: it may be
/// waiting for the very thread that waits for room. Not shorter, because each time lets the work that a
/// suspension may have to wait for grow by a command.
const STALL_NS: u64 = 10_000_000;
const STALL_COMMANDS: u64 = 8;

/// An admission waits no longer than this for a thread that waits until the queue is quiet.
const COURTESY_NS: u64 = 1_000_000;

/// How a thread was admitted, and what its command is.
pub(super) struct Ticket<'a> {
    pub(super) entry: Entry,
    pub(super) kind: Kind,
    /// What the command will take; more than the budget if nothing is known.
    pub(super) predicted_ns: u64,
    /// Kept until the command is counted as launched.
    pub(super) _reservation: Option<Reservation<'a>>,
}

impl Queue {
    /// Waits until this thread may launch. `at_host`: a stopped queue stops it even if the device gate
    /// would stop the command.
    pub(super) fn admit(&self, kind: Kind, at_host: bool) -> Ticket<'_> {
        loop {
            if self.quiet_waiters.load(Ordering::Relaxed) > 0 {
                self.give_way();
            }
            let (predicted_ns, reservation) = self.predict(kind);
            match self.admission.try_enter(at_host) {
                Ok(entry) => {
                    return Ticket {
                        entry,
                        kind,
                        predicted_ns,
                        _reservation: reservation,
                    };
                }
                Err(refusal) => {
                    // Others may launch meanwhile, with the room that was reserved.
                    drop(reservation);
                    self.wait_for(refusal);
                }
            }
        }
    }

    /// Somebody has suspended the queue and looks at its markers, until it is quiet. The driver has locks: it
    /// would wait there for launches that come behind the closed gate anyway.
    #[cold]
    fn give_way(&self) {
        let begin_ns = clock::now_ns();
        while self.quiet_waiters.load(Ordering::Relaxed) > 0 && self.is_stopped() {
            let waited_ns = clock::now_ns().saturating_sub(begin_ns);
            if waited_ns > COURTESY_NS {
                break; // This very thread may be the one that resumes the queue.
            }
            pause(waited_ns);
        }
    }

    fn wait_for(&self, refusal: Refusal) {
        match refusal {
            Refusal::NotReady => self.listener.ready(self),
            Refusal::Stopped => {
                let since = clock::now_ns();
                self.admission.wait_while_stopped();
                self.stats.held(clock::now_ns().saturating_sub(since));
            }
            Refusal::Full => self.wait_for_room(),
            Refusal::Crowded => self.admission.wait_while_crowded(),
        }
    }

    /// What a command of this kind will take; where launches are paced, after waiting for the moment to launch it.
    fn predict(&self, kind: Kind) -> (u64, Option<Reservation<'_>>) {
        let stoppable = self.preemptible.load(Ordering::Relaxed) || self.is_stopped();
        if self.gate.is_none() || !stoppable {
            return (0, None);
        }
        let paced = self.paced.load(Ordering::Relaxed);
        if let Some(reservation) = paced.then(|| self.reserve(kind)).flatten() {
            return (reservation.ns(), Some(reservation));
        }
        let predicted_ns = self.in_flight.predict(kind).or(self.time.estimate_ns());
        (predicted_ns.unwrap_or(self.budget.ns() + 1), None)
    }

    /// Waits for the moment to launch a command of this kind, or until the queue is stopped.
    fn reserve(&self, kind: Kind) -> Option<Reservation<'_>> {
        let mean_ns = self.time.estimate_ns().unwrap_or(0);
        let reserve = |looked| {
            let budget_ns = self.budget.least_ns();
            self.in_flight.reserve(kind, mean_ns, budget_ns, looked)
        };
        if let Ok(reservation) = reserve(false) {
            return Some(reservation);
        }
        let mut completed = self.admission.completed();
        let mut deadline_ns = self.stall_ns();
        loop {
            let unmarked = self.admission.word().launched() > self.marked.load(Ordering::Relaxed);
            self.mark_if(unmarked && self.in_flight.oldest().is_none());
            if let Err(error) = self.retire() {
                self.fail("watching markers", &error);
            }
            let wait = match reserve(true) {
                Ok(reservation) => return Some(reservation),
                Err(wait) => wait,
            };
            if self.is_stopped() || self.bypasses() {
                return None;
            }
            if self.admission.completed() > completed {
                completed = self.admission.completed();
                deadline_ns = self.stall_ns();
            } else if clock::now_ns() >= deadline_ns {
                self.note_stall();
                return Some(self.in_flight.reserve_anyway(mean_ns));
            }
            wait.pause();
        }
    }

    /// Waits, on the launching thread, until something in flight has completed.
    fn wait_for_room(&self) {
        match self.wait_for_completion(self.stall_ns()) {
            Ok(true) => {}
            Ok(false) => {
                self.note_stall();
                self.admission.overdraw();
            }
            Err(error) => self.fail("waiting for room", &error),
        }
    }

    /// When waiting for room has lasted too long. What is in flight may itself wait for this thread, as a command
    /// that waits for the host does, and a driver would have taken the next one: so after a while without any
    /// completion one more is let through.
    fn stall_ns(&self) -> u64 {
        let command_ns = self.time.estimate_ns().unwrap_or(0);
        let patience_ns = STALL_NS.max(command_ns.saturating_mul(STALL_COMMANDS));
        clock::now_ns().saturating_add(patience_ns)
    }

    fn note_stall(&self) {
        if self.stats.stalls.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::debug!(
                "{}: nothing in flight completes; a command goes above the threshold",
                self.name()
            );
        }
    }

    /// False if nothing has completed by then, and the queue is not stopped.
    fn wait_for_completion(&self, deadline_ns: u64) -> Result<bool> {
        let begin_ns = clock::now_ns();
        let before = self.admission.completed();
        loop {
            self.retire()?;
            if self.admission.completed() > before || self.is_stopped() {
                return Ok(true);
            }
            if self.in_flight.oldest().is_none() {
                self.mark()?;
            }
            let now_ns = clock::now_ns();
            if now_ns >= deadline_ns {
                return Ok(false);
            }
            match self.in_flight.oldest() {
                Some(marker) if marker.is_timed() => return marker.wait_until(deadline_ns),
                Some(_) => device::pause(now_ns - begin_ns),
                // No marker although the queue is full: another thread is between launch and marker.
                None => std::thread::yield_now(),
            }
        }
    }
}
