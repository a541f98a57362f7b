//! What waiting and watching threads run: synchronise, query, wait until quiet, the monitor's look.

use std::sync::atomic::Ordering;

use super::admission::Word;
use super::in_flight::Ahead;
use super::queue::Queue;
use crate::error::{Error, Result};

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
        self.admission.complete(upto);
        if self.admission.word().has(Word::READY) {
            self.listener.synchronized(self, upto);
        }
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

    /// Waits, after a suspension, until the device runs nothing of this queue.
    pub fn wait_quiet(&self) -> Result<()> {
        self.admission.wait_quiescent();
        while self.is_stopped() {
            self.retire()?;
            match self.in_flight.next_gate_or(|| self.point())? {
                Ahead::Gate { reached, passed } => {
                    reached.wait()?;
                    if !passed.is_complete()? {
                        break;
                    }
                }
                // No gate ahead: everything launched is running or done, and nothing follows.
                Ahead::Nothing { all } => {
                    all.wait()?;
                    break;
                }
            }
        }
        self.retire()
    }

    /// The monitor's look: retires markers, records one if the last commands have none. Returns the
    /// commands launched and whether all are complete.
    pub fn poll(&self, quiet: bool) -> (u64, bool) {
        let word = self.admission.word();
        let launched = word.launched();
        let polled = self.retire().and_then(|()| {
            let unmarked = self.admission.completed() < launched
                && self.marked.load(Ordering::Relaxed) < launched;
            if quiet && unmarked && word.launching() == 0 && !self.stream.is_capturing() {
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
