//! The library in front of a driver: entry points of the driver's own names, which the application's
//! calls reach first.
//!
//! A hook is thin: it re-makes the application's own call, on its thread and with its arguments, behind
//! the admission point of the stream it concerns (`hip/ops.rs`). Whatever this library does not
//! understand passes. Nothing imports this module; it exists only in the products that interpose.

mod dynamic_linker;
mod elf;
mod hip;
mod other;
mod outcome;

pub use self::dynamic_linker::{dlsym, dlvsym};
pub use self::hip::hooks;
