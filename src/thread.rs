//! Threads that start without the standard library's preparations.
//!
//! Those register a thread-local destructor, for which the C library takes the dynamic linker's lock. A
//! thread that runs a static constructor inside `dlopen` holds that lock; if it waits at an admission
//! point meanwhile, the thread that is to let it go on must be able to start.

use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use crate::error::{Error, Result};

type Run = Box<dyn FnOnce() + Send>;

/// Starts a detached thread of this name, at most 15 bytes, with the caller's signal mask. `run` must not
/// use thread-local values that have a destructor before it waits for anything.
pub(crate) fn start_detached(name: &CStr, run: impl FnOnce() + Send + 'static) -> Result<()> {
    let run: *mut Run = Box::into_raw(Box::new(Box::new(run)));
    let mut thread = MaybeUninit::<libc::pthread_t>::zeroed();
    // SAFETY: `begin` takes the box made above, once, if the thread starts.
    let code = unsafe { libc::pthread_create(thread.as_mut_ptr(), ptr::null(), begin, run.cast()) };
    if code != 0 {
        // SAFETY: came from `into_raw` above, and no thread has it.
        drop(unsafe { Box::from_raw(run) });
        return Err(Error::Internal(format!("a thread did not start ({code})")));
    }
    // SAFETY: just written by `pthread_create`; nobody joins the thread.
    let thread = unsafe { thread.assume_init() };
    // SAFETY: a live or ended thread that was not joined or detached before; a NUL-terminated name.
    unsafe { libc::pthread_setname_np(thread, name.as_ptr()) };
    // SAFETY: as above.
    unsafe { libc::pthread_detach(thread) };
    Ok(())
}

extern "C" fn begin(run: *mut c_void) -> *mut c_void {
    // SAFETY: the box that `start_detached` leaked for this thread.
    let run = unsafe { Box::from_raw(run.cast::<Run>()) };
    if catch_unwind(AssertUnwindSafe(run)).is_err() {
        tracing::error!("internal fault (panic) in a thread of this library");
    }
    ptr::null_mut()
}
