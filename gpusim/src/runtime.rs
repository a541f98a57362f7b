//! What exists once per process: the devices, made at the first call that needs one. A forked child
//! of a process that used them is refused.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config;
use crate::device::Device;
use crate::error::{Code, Result};

static DEVICES: OnceLock<Vec<Device>> = OnceLock::new();
static FORKED: AtomicBool = AtomicBool::new(false);

pub fn devices() -> &'static [Device] {
    DEVICES.get_or_init(|| {
        // SAFETY: the handler only stores to an atomic, which is allowed in a forked child.
        unsafe { libc::pthread_atfork(None, None, Some(in_forked_child)) };
        (0..config::get().devices).map(Device::new).collect()
    })
}

/// False until a call needed a device: asking does not change that.
pub fn is_used() -> bool {
    DEVICES.get().is_some()
}

extern "C" fn in_forked_child() {
    FORKED.store(true, Ordering::Relaxed);
}

/// True in a child of a process in which the runtime was in use: locks may be held by threads that
/// the child does not have, so nothing may be touched.
pub fn is_forked_child() -> bool {
    FORKED.load(Ordering::Relaxed)
}

pub fn device(ordinal: i32) -> Result<&'static Device> {
    let ordinal = usize::try_from(ordinal).map_err(|_| Code::INVALID_DEVICE)?;
    devices().get(ordinal).ok_or(Code::INVALID_DEVICE)
}
