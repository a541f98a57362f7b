//! The calling thread's current device; each device has one context, its primary one.

use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use gpusim::context::Context;
use gpusim::device::Device;
use gpusim::error::{Code, Result};
use gpusim::runtime;

thread_local! {
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

pub(crate) fn device() -> Result<&'static Device> {
    runtime::devices().get(CURRENT.get()).ok_or(Code::NO_DEVICE)
}

pub(crate) fn set_device(ordinal: i32) -> Result {
    CURRENT.set(runtime::device(ordinal)?.ordinal);
    Ok(())
}

pub(crate) fn context() -> Result<Arc<Context>> {
    device().map(|device| context_of(device.ordinal).clone())
}

/// The context of a device that exists.
pub(crate) fn context_of(ordinal: usize) -> &'static Arc<Context> {
    static CONTEXTS: OnceLock<Vec<Arc<Context>>> = OnceLock::new();
    let contexts = CONTEXTS.get_or_init(|| runtime::devices().iter().map(Context::new).collect());
    &contexts[ordinal]
}
