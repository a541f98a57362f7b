//! A queue: one stream made preemptible.
//!
//! Owns admission, gates, markers and idleness of one stream, and the explicit commands submitted to
//! it. Calls the device trait and reports to a `Listener`; knows neither policy nor C caller. Run by
//! launching threads, by the thread that decides and by the monitor. Protocol: `queue/README.md`.

#![forbid(unsafe_code)]

pub mod admission;
#[cfg(not(loom))]
mod budget;
#[cfg(not(loom))]
mod command;
#[cfg(not(loom))]
mod completion;
#[cfg(not(loom))]
mod front;
#[cfg(not(loom))]
mod gate;
#[cfg(not(loom))]
mod idle;
#[cfg(not(loom))]
mod in_flight;
#[cfg(not(loom))]
mod launch;
#[cfg(not(loom))]
mod launch_config;
#[cfg(not(loom))]
mod monitor;
#[cfg(not(loom))]
mod pace;
#[cfg(not(loom))]
mod points;
#[cfg(not(loom))]
mod prediction;
#[cfg(not(loom))]
#[allow(clippy::module_inception)] // the concept's own file, next to its parts
mod queue;
#[cfg(not(loom))]
mod room;
#[cfg(not(loom))]
mod stall;
#[cfg(not(loom))]
mod stop;
#[cfg(not(loom))]
mod submit;
#[cfg(not(loom))]
mod timing;

#[cfg(not(loom))]
pub use self::{
    command::Command,
    idle::IdleWatch,
    monitor::Monitor,
    prediction::Kind,
    queue::{Level, Listener, Queue, QueueId, QueueSettings, SuspendFlags},
    stall::{CALL_NS, StallWatch},
};
