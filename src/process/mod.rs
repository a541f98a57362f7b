//! What exists once per process, from the first call on: the runtime, logging, fork and exit.
//!
//! Nothing happens at load time. A forked child starts with a fresh runtime: its parent's threads do
//! not exist there and its parent's locks may be held for ever, so none of that is touched again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use once_cell::sync::OnceCell;

use crate::config::{Config, Delivery};
use crate::device::cuda::Cuda;
use crate::device::hip::Hip;
use crate::log;
use crate::observe::hooks::{HOOKS, Passage};
use crate::runtime::Runtime;

mod cuda;
mod driver;
mod hip;
mod streams;

pub use self::driver::{
    Driver, adopt_stream, find_stream, stream_key, with_driver_stream, with_known_driver_stream,
};
pub use self::streams::with_stream;

use self::streams::forget_cached_streams;

/// See the module.
pub struct Process {
    /// The runtime.
    pub runtime: Runtime,
    /// The HIP runtime, from the first stream of it on.
    hip: OnceCell<Hip>,
    /// The CUDA driver, likewise.
    cuda: OnceCell<Cuda>,
}

static CURRENT: AtomicPtr<Process> = AtomicPtr::new(ptr::null_mut());
/// The parent's, in a forked child before its first call.
static PARENT: AtomicPtr<Process> = AtomicPtr::new(ptr::null_mut());

/// The process's one instance, made on first use and never freed.
#[inline]
pub fn process() -> &'static Process {
    // Acquire pairs with the release that published the instance.
    let current = CURRENT.load(Ordering::Acquire);
    if current.is_null() {
        return first_use();
    }
    // SAFETY: CURRENT is NULL or points to a leaked box, which is never freed or mutated.
    unsafe { &*current }
}

/// The instance, if there is one.
fn current() -> Option<&'static Process> {
    // SAFETY: as in `process`.
    unsafe { CURRENT.load(Ordering::Acquire).as_ref() }
}

#[cold]
fn first_use() -> &'static Process {
    // In a forked child this lock may be held by a thread of the parent; PARENT tells.
    static FIRST: OnceCell<()> = OnceCell::new();
    let parent = PARENT.load(Ordering::Acquire);
    if parent.is_null() {
        FIRST.get_or_init(|| publish(None));
    } else {
        // SAFETY: as in `process`; only the counters behind atomics are read.
        publish(Some(unsafe { &*parent }));
    }
    process()
}

/// With entry points of a driver in it and outside the executable, this library was put in front of an
/// application that does not know of it.
fn delivery() -> Delivery {
    let interposes = cfg!(any(feature = "interpose-hip", feature = "interpose-cuda"));
    if interposes && !crate::device::loaded::in_executable() {
        Delivery::Preloaded
    } else {
        Delivery::Embedded
    }
}

/// Makes an instance, unless another thread has meanwhile.
fn publish(parent: Option<&Process>) {
    let (config, complaints) = match parent {
        Some(parent) => (parent.runtime.config().clone(), Vec::new()),
        None => Config::from_environment(delivery()),
    };
    if parent.is_none() {
        log::start(config.log_level);
        for complaint in complaints {
            tracing::warn!("{complaint}");
        }
        // SAFETY: the handlers are plain functions of this library, which stays loaded.
        let registered = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        if registered != 0 {
            tracing::warn!("no fork handler ({registered}): do not use the library after fork");
        }
        // SAFETY: as above.
        if unsafe { libc::atexit(at_exit) } != 0 {
            tracing::warn!("no exit handler: queues stay suspended while the process ends");
        }
    }
    let trace = config.trace.clone();
    let runtime = Runtime::new(config, parent.map(|parent| &parent.runtime));
    let made = Box::into_raw(Box::new(Process {
        runtime,
        hip: OnceCell::new(),
        cuda: OnceCell::new(),
    }));
    let published =
        CURRENT.compare_exchange(ptr::null_mut(), made, Ordering::AcqRel, Ordering::Acquire);
    if published.is_err() {
        // SAFETY: `made` came from `into_raw` above and was not published.
        drop(unsafe { Box::from_raw(made) });
    } else if let Some(parent) = parent {
        HOOKS.add(Passage::Wait, parent.runtime.calls_that_may_wait());
    } else if let Some(path) = trace
        && let Err(error) = process().runtime.trace().start(&path)
    {
        tracing::warn!("XSCHED_TRACE: {error}");
    }
}

/// Runs in a forked child, on its only thread. Must not take any lock.
extern "C" fn in_child() {
    let parent = CURRENT.swap(ptr::null_mut(), Ordering::AcqRel);
    if !parent.is_null() {
        PARENT.store(parent, Ordering::Release);
    }
    forget_cached_streams();
}

/// Runs at exit, on the exiting thread.
extern "C" fn at_exit() {
    if let Some(current) = current() {
        // A panic must not unwind into the C library's exit.
        let _ = catch_unwind(AssertUnwindSafe(|| current.runtime.shut_down()));
    }
}
