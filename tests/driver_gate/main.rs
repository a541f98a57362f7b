//! What only device gates of a driver bring about, on the software device with gates that pretend.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

mod budget;
mod client;
mod stalls;
