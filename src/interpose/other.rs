//! Two interposers in one process, say an executable with its own and a preloaded one: the one that the
//! dynamic linker finds first is in charge, every other stays silent.

use std::ffi::{CStr, c_void};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use super::dynamic_linker::c_library_dlsym;
use crate::device::loaded::{base_of, path_of};

/// Found by name to see whether another interposer in front of the same driver is in this process.
#[cfg(feature = "interpose-hip")]
#[unsafe(no_mangle)]
pub(crate) static xsched_interposes_hip: u8 = 1;

/// As above.
#[cfg(feature = "interpose-cuda")]
#[unsafe(no_mangle)]
pub(crate) static xsched_interposes_cuda: u8 = 1;

const NAMES: &[&CStr] = &[
    #[cfg(feature = "interpose-hip")]
    c"xsched_interposes_hip",
    #[cfg(feature = "interpose-cuda")]
    c"xsched_interposes_cuda",
];

/// Where the other one begins, if this one is in charge; 0 if there is none.
static OTHER_BASE: AtomicUsize = AtomicUsize::new(0);

/// True if this is code of another interposer, which stays silent.
pub(super) fn is_silent_interposer(address: *const c_void) -> bool {
    let other = OTHER_BASE.load(Ordering::Relaxed);
    other != 0 && base_of(address) == Some(other)
}

const UNKNOWN: u8 = 0;
/// In charge, and the application has called no hook yet.
const IN_CHARGE: u8 = 1;
/// In charge, and the application has called a hook.
const SCHEDULING: u8 = 2;
const SILENT: u8 = 3;

/// True if look-ups are to be answered with hooks; false if another interposer is in charge, or
/// `XSCHED_DISABLE` is set.
pub(super) fn in_charge() -> bool {
    match STATE.load(Ordering::Relaxed) {
        UNKNOWN => decide(),
        state => state != SILENT,
    }
}

/// True if calls are to be scheduled. The application's first call is not where it initialises the
/// driver: no call of ours may come before it.
#[inline]
pub(super) fn schedules(first_initializes: bool) -> bool {
    has_begun() || first_call() && !first_initializes
}

/// True if calls are to be scheduled and one was made already.
#[inline]
pub(super) fn has_begun() -> bool {
    STATE.load(Ordering::Relaxed) == SCHEDULING
}

/// False if this interposer stays silent.
#[cold]
fn first_call() -> bool {
    let scheduling = in_charge();
    if scheduling {
        STATE.store(SCHEDULING, Ordering::Relaxed);
    }
    scheduling
}

static STATE: AtomicU8 = AtomicU8::new(UNKNOWN);

#[cold]
fn decide() -> bool {
    let own = base_of(decide as *const c_void);
    let elsewhere = |handle: *mut c_void| {
        let mut found = NAMES.iter().map(|name| c_library_dlsym(handle, name));
        found.find(|&found| !found.is_null() && base_of(found) != own)
    };
    let first = elsewhere(libc::RTLD_DEFAULT);
    let state = if first.is_some() { SILENT } else { IN_CHARGE };
    // Two threads come to the same answer; the first says so.
    if STATE.swap(state, Ordering::Relaxed) == UNKNOWN
        && state == IN_CHARGE
        && let Some(other) = elsewhere(libc::RTLD_NEXT)
    {
        OTHER_BASE.store(base_of(other).unwrap_or(0), Ordering::Relaxed);
        // Starts the log, too.
        let _ = crate::process::process();
        tracing::warn!(
            "two interposers in this process: {} stays silent",
            path_of(other)
        );
    }
    let disabled = state == IN_CHARGE && crate::process::process().runtime.config().disabled;
    if disabled {
        tracing::info!("XSCHED_DISABLE: every call passes");
        STATE.store(SILENT, Ordering::Relaxed);
    }
    state != SILENT && !disabled
}
