//! What exists once per process: the devices, made at the first call that needs one, and the
//! calling thread's current device. A forked child of a process that used them is refused.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config;
use crate::device::Device;
use crate::error::{Code, Result};

static DEVICES: OnceLock<Vec<Device>> = OnceLock::new();
static FORKED: AtomicBool = AtomicBool::new(false);

thread_local! {
    static CURRENT: Cell<usize> = const { Cell::new(0) };
}

pub(crate) fn devices() -> &'static [Device] {
    DEVICES.get_or_init(|| {
        // SAFETY: the handler only stores to an atomic, which is allowed in a forked child.
        unsafe { libc::pthread_atfork(None, None, Some(in_forked_child)) };
        (0..config::get().devices).map(Device::new).collect()
    })
}

extern "C" fn in_forked_child() {
    FORKED.store(true, Ordering::Relaxed);
}

/// True in a child of a process in which the runtime was in use: locks may be held by threads that
/// the child does not have, so nothing may be touched.
pub(crate) fn is_forked_child() -> bool {
    FORKED.load(Ordering::Relaxed)
}

pub(crate) fn device(ordinal: i32) -> Result<&'static Device> {
    let ordinal = usize::try_from(ordinal).map_err(|_| Code::INVALID_DEVICE)?;
    devices().get(ordinal).ok_or(Code::INVALID_DEVICE)
}

pub(crate) fn current_device() -> Result<&'static Device> {
    devices().get(CURRENT.get()).ok_or(Code::NO_DEVICE)
}

pub(crate) fn set_current_device(ordinal: i32) -> Result {
    CURRENT.set(device(ordinal)?.ordinal);
    Ok(())
}
