//! What goes into the state machine and what comes out.

use super::hint::{Hint, PolicyHints};

/// A queue, as the scheduler knows it; never reused.
pub type QueueId = u64;

/// What the scheduler is told about a queue when it comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attributes {
    /// The device its commands run on; queues of different devices compete under some policies only.
    pub device: u64,
    /// The process it belongs to.
    pub process: u32,
    /// That process's nice value, -20 (first) to 19 (last).
    pub nice: i32,
}

/// Something the scheduler must know. Unknown queues are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A queue exists; it is idle and has default hints. Of a known queue: its process has another
    /// nice value; nothing else is taken then.
    Created(QueueId, Attributes),
    /// It no longer exists. What it held goes on.
    Destroyed(QueueId),
    /// It has work for the device.
    Ready(QueueId),
    /// It has none.
    Idle(QueueId),
    /// Its hint has changed.
    Hint(QueueId, Hint),
    /// The first queue waits, on the device, for work of the second.
    Waits(QueueId, QueueId),
    /// One such wait is over.
    WaitOver(QueueId, QueueId),
    /// Nanoseconds of device time that it has used since this was last reported. Known when commands
    /// complete, so late by a command or a marker interval.
    UsedNs(QueueId, u64),
    /// The hints to the policy as a whole have changed.
    Policy(PolicyHints),
    /// The process that owns the active window, if that is known.
    ActiveWindow(Option<u32>),
    /// Time has passed, see `Scheduler::next_tick_us`.
    Tick,
}

/// What to do with a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Stop launching from it.
    Suspend,
    /// Go on.
    Resume,
}

/// One decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Whom it concerns.
    pub queue: QueueId,
    /// What to do.
    pub action: Action,
    /// The queue whose event led to it.
    pub cause: Option<QueueId>,
}
