//! What exists once per process, from the first call on: the runtime, logging, fork and exit.
//!
//! Nothing happens at load time. A forked child starts with a fresh runtime: its parent's threads do
//! not exist there and its parent's locks may be held for ever, so none of that is touched again.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use once_cell::sync::OnceCell;

use crate::config::Config;
use crate::log;
use crate::queue::Queue;
use crate::runtime::{HwQueue, Runtime};

/// See the module.
pub struct Process {
    /// The runtime.
    pub runtime: Runtime,
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

/// Makes an instance, unless another thread has meanwhile.
fn publish(parent: Option<&Process>) {
    let (config, complaints) = match parent {
        Some(parent) => (parent.runtime.config().clone(), Vec::new()),
        None => Config::from_environment(),
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
    let made = Box::into_raw(Box::new(Process { runtime }));
    let published =
        CURRENT.compare_exchange(ptr::null_mut(), made, Ordering::AcqRel, Ordering::Acquire);
    if published.is_err() {
        // SAFETY: `made` came from `into_raw` above and was not published.
        drop(unsafe { Box::from_raw(made) });
    } else if let (Some(path), None) = (trace, parent)
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
    let current = CURRENT.load(Ordering::Acquire);
    if !current.is_null() {
        // SAFETY: as in `process`.
        let current = unsafe { &*current };
        // A panic must not unwind into the C library's exit.
        let _ = catch_unwind(AssertUnwindSafe(|| current.runtime.shut_down()));
    }
}

// ---- the launch path's look-up ------------------------------------------------------------------

/// A stream and its queue, as one thread last found them.
struct Cached {
    epoch: u64,
    hw_queue: Arc<HwQueue>,
    queue: Option<Arc<Queue>>,
}

const CACHED: usize = 4;

thread_local! {
    /// Only this thread touches it. Keeps at most four streams and queues from being freed.
    static STREAMS: RefCell<[Option<Cached>; CACHED]> = const { RefCell::new([None, None, None, None]) };
}

/// Calls `with` with the stream `hwq` and its queue. One thread-local look-up and one atomic load if
/// this thread has launched there before.
#[inline]
pub fn with_stream<T>(
    hwq: u64,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> crate::error::Result<T>,
) -> crate::error::Result<T> {
    let slot = usize::try_from(hwq & (CACHED as u64 - 1)).unwrap_or(0);
    let mut with = Some(with);
    let hit = STREAMS.try_with(|streams| {
        let streams = streams.try_borrow().ok()?;
        let cached = streams[slot].as_ref()?;
        if cached.hw_queue.id() != hwq || cached.hw_queue.epoch() != cached.epoch {
            return None;
        }
        with.take()
            .map(|with| with(&cached.hw_queue, cached.queue.as_ref()))
    });
    match (hit, with) {
        (Ok(Some(result)), _) => result,
        (_, Some(with)) => with_uncached_stream(hwq, slot, with),
        (_, None) => Err(crate::error::Error::Internal(
            "look-up lost its caller".into(),
        )),
    }
}

#[cold]
fn with_uncached_stream<T>(
    hwq: u64,
    slot: usize,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> crate::error::Result<T>,
) -> crate::error::Result<T> {
    let hw_queue = process().runtime.hw_queues.get(hwq)?;
    // Read before the queue: a change in between makes the copy look old, never new.
    let epoch = hw_queue.epoch();
    let queue = hw_queue.queue();
    let cached = Cached {
        epoch,
        hw_queue: hw_queue.clone(),
        queue: queue.clone(),
    };
    let old = STREAMS.try_with(|streams| {
        streams
            .try_borrow_mut()
            .ok()
            .and_then(|mut streams| streams[slot].replace(cached))
    });
    drop(old);
    with(&hw_queue, queue.as_ref())
}

fn forget_cached_streams() {
    let _ = STREAMS.try_with(|streams| {
        if let Ok(mut streams) = streams.try_borrow_mut() {
            // Dropping the last owner would lock the parent's device.
            std::mem::forget(std::mem::take(&mut *streams));
        }
    });
}
