//! Explicit commands: handed over now, launched later by the queue's own thread, in order.
//!
//! Owns the pending list and the launching thread, which starts with the first submission and parks
//! while there is nothing to launch. The thread passes the admission point like any other.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

use crate::sync::{Condvar, Mutex};

use super::command::{Command, LAUNCH_PANICKED, LAUNCH_REFUSED, Launching, Phase};
use super::launch::Admitted;
use super::prediction::Kind;
use super::queue::Queue;
use super::room::Ticket;
use crate::device::InCommand;
use crate::error::{Error, Result};

/// A command in the list.
struct Entrusted {
    command: Arc<Command>,
    /// How often the command had been submitted then, this time included.
    submission: u64,
    /// Its place among all that the queue was handed.
    number: u64,
}

struct Pending {
    /// Not launched yet, in order.
    list: VecDeque<Entrusted>,
    /// Commands handed over so far: the number of the last one.
    last: u64,
    /// The number of the one that was taken off the list and is being launched.
    launching: Option<u64>,
    closing: bool,
    thread: Option<JoinHandle<()>>,
    started: bool,
    /// First failing code since `take_failure`.
    failure: i32,
}

/// The submission side of one queue.
pub(super) struct Submissions {
    queue: Weak<Queue>,
    blocking: bool,
    pending: Mutex<Pending>,
    /// The launching thread waits here for work.
    work: Condvar,
    /// Callers wait here until what they submitted was launched or dropped.
    settled: Condvar,
}

impl Submissions {
    pub(super) fn new(queue: Weak<Queue>, blocking: bool) -> Submissions {
        Submissions {
            queue,
            blocking,
            pending: Mutex::new(Pending {
                list: VecDeque::new(),
                last: 0,
                launching: None,
                closing: false,
                thread: None,
                started: false,
                failure: 0,
            }),
            work: Condvar::new(),
            settled: Condvar::new(),
        }
    }

    /// Commands not launched yet.
    pub(super) fn pending(&self) -> u64 {
        let pending = self.pending.lock();
        let waiting = u64::try_from(pending.list.len()).unwrap_or(u64::MAX);
        waiting + u64::from(pending.launching.is_some())
    }

    pub(super) fn take_failure(&self) -> i32 {
        std::mem::take(&mut self.pending.lock().failure)
    }

    fn note_failure(&self, code: i32) {
        let mut pending = self.pending.lock();
        if pending.failure == 0 {
            pending.failure = code;
        }
    }

    /// Waits until everything submitted so far has been launched or dropped.
    pub(super) fn wait_settled(&self) {
        let mut pending = self.pending.lock();
        let last = pending.last;
        let is_before = |number: u64| number <= last;
        while pending.launching.is_some_and(is_before)
            || pending
                .list
                .front()
                .is_some_and(|next| is_before(next.number))
        {
            pending = self.settled.wait(pending);
        }
    }

    /// Drops what was not launched; returns how many.
    pub(super) fn drop_pending(&self) -> usize {
        let dropped = std::mem::take(&mut self.pending.lock().list);
        for entrusted in &dropped {
            entrusted.command.note_dropped();
        }
        self.settled.notify_all();
        dropped.len()
    }

    /// Refuses further submissions and ends the thread once the list is empty.
    pub(super) fn close(&self) {
        let thread = {
            let mut pending = self.pending.lock();
            pending.closing = true;
            self.work.notify_all();
            pending.thread.take()
        };
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("a queue's launching thread ended with a panic");
        }
    }

    fn push(&self, command: Arc<Command>, queue: &Arc<Queue>) -> Result<()> {
        let mut pending = self.pending.lock();
        if pending.closing {
            return Err(closing());
        }
        if !pending.started {
            let own = queue.clone();
            let thread = std::thread::Builder::new()
                .name("xsched-launch".into())
                .spawn(move || own.submissions.run(&own))
                .map_err(|error| {
                    Error::Internal(format!("the launching thread did not start: {error}"))
                })?;
            pending.thread = Some(thread);
            pending.started = true;
        }
        let submission = command.begin(Some(queue.id))?;
        pending.last += 1;
        let number = pending.last;
        pending.list.push_back(Entrusted {
            command,
            submission,
            number,
        });
        self.work.notify_one();
        Ok(())
    }

    /// The launching thread.
    fn run(&self, queue: &Arc<Queue>) {
        let mut pending = self.pending.lock();
        loop {
            if pending.list.is_empty() {
                if pending.closing {
                    return;
                }
                pending = self.work.wait(pending);
                continue;
            }
            drop(pending);
            // Admission first, then the choice of the command: while the queue is stopped all
            // of them stay on the list, where they can be dropped.
            let ticket = queue.admit(Kind::UNKNOWN, true);
            let admitted = Admitted { queue };
            if let Some(Entrusted {
                command,
                submission,
                ..
            }) = self.take_next()
            {
                // A bug must not end this thread: whatever is submitted later would never run.
                let launched = catch_unwind(AssertUnwindSafe(|| {
                    queue.launch_command(&command, submission, ticket, admitted)
                }));
                match launched {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => {
                        tracing::warn!("{}: a command was not launched: {error}", queue.name());
                    }
                    Err(_) => {
                        let error = Error::Internal("a panic".into());
                        self.note_failure(LAUNCH_PANICKED);
                        queue.fail("launching a command", &error);
                    }
                }
                self.pending.lock().launching = None;
                self.settled.notify_all();
            }
            pending = self.pending.lock();
        }
    }

    fn take_next(&self) -> Option<Entrusted> {
        let mut pending = self.pending.lock();
        let next = pending.list.pop_front()?;
        pending.launching = Some(next.number);
        Some(next)
    }
}

fn closing() -> Error {
    Error::NotFound {
        argument: "xq",
        reason: "the queue is being destroyed".into(),
    }
}

impl Queue {
    /// Hands over an explicit command.
    pub fn submit(&self, command: &Arc<Command>) -> Result<()> {
        let submissions = &self.submissions;
        let queue = submissions.queue.upgrade().ok_or_else(closing)?;
        if !submissions.blocking {
            return submissions.push(command.clone(), &queue);
        }
        if submissions.pending.lock().closing {
            return Err(closing());
        }
        crate::device::forbid_in_command("XQueueSubmit to a queue with blocking submission")?;
        let submission = command.begin(Some(self.id))?;
        let ticket = queue.admit(Kind::UNKNOWN, true);
        queue.launch_command(command, submission, ticket, Admitted { queue: &queue })
    }

    fn launch_command(
        self: &Arc<Self>,
        command: &Arc<Command>,
        submission: u64,
        ticket: Ticket<'_>,
        admitted: Admitted<'_>,
    ) -> Result<()> {
        let launching = Launching {
            command,
            submission,
        };
        let (count, launched) = self.launch_admitted(ticket, admitted, || {
            let (queue, command) = (self.clone(), command.clone());
            // On a GPU the callback runs right here, and must not wait for its own launch.
            let _in_command = InCommand::enter();
            self.stream.launch(Box::new(move || {
                let code = command.run(queue.hwq);
                if code != 0 {
                    queue.submissions.note_failure(code);
                }
                0 // Reported by the queue, not once more by its stream.
            }))
        });
        launching.end(count, &launched);
        if launched.is_err() {
            self.submissions.note_failure(LAUNCH_REFUSED);
        }
        launched
    }

    /// Waits for a command and returns its own result.
    pub fn wait(&self, command: &Command) -> Result<()> {
        let refuse = |why: &str| {
            Err(Error::NotAllowed(format!(
                "command {:#x} {why}",
                command.id()
            )))
        };
        let mut state = command.state.lock();
        let submission = state.submission;
        if state.phase == Phase::New {
            return refuse("was never submitted");
        }
        if state.queue != Some(self.id) {
            return refuse("was not submitted to this queue");
        }
        while state.phase == Phase::Pending && state.submission == submission {
            state = command.changed.wait(state);
        }
        if state.phase == Phase::Dropped {
            return refuse("was dropped");
        }
        let launched = state.launched;
        drop(state);
        self.wait_completed(launched)?;
        let mut state = command.state.lock();
        while state.code.is_none() && state.submission == submission {
            state = command.changed.wait(state);
        }
        match state.code {
            // A number of its own means another thread submitted it again: this one is over.
            Some(code) if code != 0 && state.submission == submission => {
                Err(Error::Command { code })
            }
            _ => Ok(()),
        }
    }

    /// Drops the explicit commands not launched yet.
    pub fn drop_pending(&self) -> usize {
        self.submissions.drop_pending()
    }

    /// Refuses further submissions; to be followed by `wait_all` and `close`.
    pub fn close_submissions(&self) {
        self.submissions.close();
    }
}
