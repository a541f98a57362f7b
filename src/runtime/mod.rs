//! What owns the queues and devices of a process: feeds events to `sched`, applies its operations to
//! queues. Decisions run on the thread that caused the event, under one lock per device.

#![forbid(unsafe_code)]

mod adopt;
mod app;
mod commands;
mod decide;
mod event;
mod hw_queue;
mod local;
mod open_calls;
mod queues;
mod recorded;
mod registry;
mod stall;
mod waits;
mod watch;

pub use self::adopt::{Adopted, StreamKey};
pub use self::app::Runtime;
pub use self::event::HostEvent;
pub use self::hw_queue::HwQueue;
pub use self::local::DeviceQueues;
pub use self::registry::{Kind, Table};
