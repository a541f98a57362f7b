//! What goes into the state machine and what comes out.

use super::hint::Hint;

/// A queue, as the scheduler knows it; never reused.
pub type QueueId = u64;

/// Something the scheduler must know. Unknown queues are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A queue exists; it is idle and has default hints.
    Created(QueueId),
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
    /// Time has passed. For policies with time slices.
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
