//! The core over the software device: each promise of the queue, one test.
//!
//! No test asserts a time. What must happen is waited for with a generous deadline; what must not
//! happen is counted.

#![allow(clippy::unwrap_used)] // clippy.toml's exception covers test functions, not their helpers

mod client;
mod faults;
mod limits;
mod priorities;
mod suspension;
mod waits;
