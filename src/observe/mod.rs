//! What the runtime shows of itself: counters and traces. Any thread may write to both.

#![forbid(unsafe_code)]

pub mod hooks;
pub mod stats;
pub mod trace;
