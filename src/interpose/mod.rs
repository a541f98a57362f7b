//! The library in front of a driver: entry points of the driver's own names, which the application's
//! calls reach first.
//!
//! A hook is thin: it re-makes the application's own call, on its thread and with its arguments, behind
//! the admission point of the stream it concerns (`ops.rs`). Whatever this library does not understand
//! passes. Nothing imports this module; it exists only in the products that interpose.

#[cfg(feature = "interpose-cuda")]
mod cuda;
mod dynamic_linker;
mod elf;
#[cfg(feature = "interpose-hip")]
mod hip;
mod hook;
mod lookup;
mod ops;
mod original;
mod other;
mod outcome;

use self::hook::Hook;
use self::lookup::Hooks;
use crate::process::Driver;

#[cfg(feature = "interpose-cuda")]
pub use self::cuda::hooks as cuda_hooks;
pub use self::dynamic_linker::{dlsym, dlvsym};
#[cfg(feature = "interpose-hip")]
pub use self::hip::hooks as hip_hooks;

/// A driver with hooks in front of it.
trait Interposed: Driver {
    /// The application's first call initialises the driver, whichever it is.
    const FIRST_CALL_INITIALIZES: bool;
}

static ALL: &[&Hooks] = &[
    #[cfg(feature = "interpose-hip")]
    &hip::HIP,
    #[cfg(feature = "interpose-cuda")]
    &cuda::CUDA,
];

/// The hook of this name.
fn hook_named(name: &[u8]) -> Option<(&'static Hooks, &'static Hook)> {
    ALL.iter()
        .find_map(|hooks| Some((*hooks, hooks.named(name)?)))
}
