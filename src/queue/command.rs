//! One explicit command: what its callback does, and how far it has come.

use std::sync::Arc;

use super::queue::QueueId;
use crate::device::Stream;
use crate::error::{Error, Result};
use crate::sync::{Condvar, Mutex};

/// Code of a command whose launch the device refused (`kXSchedErrorHardware`).
pub(super) const LAUNCH_REFUSED: i32 = 1;
/// Code of a command whose launch ended in a bug of this library (`kXSchedErrorUnknown`).
pub(super) const LAUNCH_PANICKED: i32 = 999;

/// An explicit command: what its callback does, and how far it has come.
pub struct Command {
    id: u64,
    work: Box<dyn Fn(u64) -> i32 + Send + Sync>,
    pub(super) state: Mutex<State>,
    pub(super) changed: Condvar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    New,
    /// Submitted, not known to be launched.
    Pending,
    /// Launched as the queue's `launched`-th command.
    Launched,
    /// Taken off the pending list by `kQueueResumeFlagDropCommands`.
    Dropped,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) phase: Phase,
    /// `None` for a launch past any queue.
    pub(super) queue: Option<QueueId>,
    /// Counts submissions, so that late news of an earlier one is recognised.
    pub(super) submission: u64,
    pub(super) launched: u64,
    /// Set once the callback has returned, which may be before the launch was noted.
    pub(super) code: Option<i32>,
}

impl Command {
    /// A command that runs `work(hwq)`.
    pub fn new(id: u64, work: impl Fn(u64) -> i32 + Send + Sync + 'static) -> Arc<Command> {
        let state = State {
            phase: Phase::New,
            queue: None,
            submission: 0,
            launched: 0,
            code: None,
        };
        Arc::new(Command {
            id,
            work: Box::new(work),
            state: Mutex::new(state),
            changed: Condvar::new(),
        })
    }

    /// Its handle.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// True between submission and the return of its callback.
    pub fn is_pending(&self) -> bool {
        self.state.lock().is_pending()
    }

    /// How often it was submitted.
    pub fn submissions(&self) -> u64 {
        self.state.lock().submission
    }

    /// Launches it past any queue.
    pub fn launch_unscheduled(self: &Arc<Self>, stream: &dyn Stream, hwq: u64) -> Result<()> {
        let submission = self.begin(None)?;
        let launching = Launching {
            command: self,
            submission,
        };
        let command = self.clone();
        let launched = stream.launch(Box::new(move || command.run(hwq)));
        launching.end(0, &launched);
        launched
    }

    /// A new submission, to this queue; returns its number.
    pub(super) fn begin(&self, queue: Option<QueueId>) -> Result<u64> {
        let mut state = self.state.lock();
        if state.is_pending() {
            return Err(Error::NotAllowed(format!(
                "command {:#x} is pending; submit it again after it has completed",
                self.id
            )));
        }
        let submission = state.submission + 1;
        *state = State {
            phase: Phase::Pending,
            queue,
            submission,
            launched: 0,
            code: None,
        };
        Ok(submission)
    }

    /// Runs the callback and keeps its code. Called by the device.
    pub(super) fn run(&self, hwq: u64) -> i32 {
        let code = (self.work)(hwq);
        self.finish(code);
        code
    }

    fn finish(&self, code: i32) {
        self.state.lock().code = Some(code);
        self.changed.notify_all();
    }

    fn note_launched(&self, submission: u64, launched: u64) {
        let mut state = self.state.lock();
        if state.submission == submission && state.phase == Phase::Pending {
            state.phase = Phase::Launched;
            state.launched = launched;
            self.changed.notify_all();
        }
    }

    pub(super) fn note_dropped(&self) {
        self.state.lock().phase = Phase::Dropped;
        self.changed.notify_all();
    }
}

/// A command between its submission and its launch. However that ends, the command is not left
/// pending: on unwinding it ends with `LAUNCH_PANICKED`.
pub(super) struct Launching<'a> {
    pub(super) command: &'a Command,
    pub(super) submission: u64,
}

impl Launching<'_> {
    /// It was launched as the `count`-th command, or refused.
    pub(super) fn end(self, count: u64, launched: &Result<()>) {
        if launched.is_err() {
            self.command.finish(LAUNCH_REFUSED);
        }
        self.command.note_launched(self.submission, count);
        std::mem::forget(self);
    }
}

impl Drop for Launching<'_> {
    fn drop(&mut self) {
        self.command.finish(LAUNCH_PANICKED);
        self.command.note_launched(self.submission, 0);
    }
}

impl State {
    fn is_pending(&self) -> bool {
        matches!(self.phase, Phase::Pending | Phase::Launched) && self.code.is_none()
    }
}
