//! Who runs: a pure state machine. Events go in, operations come out.
//!
//! No clock, no thread, no I/O and no lock: time comes in with the event, so every policy is tested on
//! recorded histories and in virtual time. Depends on nothing. One `Scheduler` may have queues of many
//! devices and processes.

#![forbid(unsafe_code)]

mod event;
mod hint;
mod policy;
mod scheduler;
mod table;
mod waits;

pub use self::event::{Action, Attributes, Event, Operation, QueueId};
pub use self::hint::{
    Hint, Hints, PRIORITY_DEFAULT, PRIORITY_MAX, PRIORITY_MIN, PRIORITY_NO_EXECUTE, PolicyHints,
};
pub use self::policy::PolicyKind;
pub use self::scheduler::Scheduler;
