//! The launch path's look-up: each thread remembers the streams it used last.

use std::cell::RefCell;
use std::sync::Arc;

use super::process;
use crate::error::{Error, Result};
use crate::queue::Queue;
use crate::runtime::HwQueue;

/// A stream and its queue, as one thread last found them.
struct Cached {
    key: u64,
    epoch: u64,
    hw_queue: Arc<HwQueue>,
    queue: Option<Arc<Queue>>,
}

const CACHED: usize = 4;

thread_local! {
    /// Only this thread touches it. Keeps at most four streams and queues from being freed.
    static STREAMS: RefCell<[Option<Cached>; CACHED]> = const { RefCell::new([None, None, None, None]) };
}

/// Calls `with` with the stream of this handle and its queue. One thread-local look-up and one atomic
/// load if this thread has launched there before.
#[inline]
pub fn with_stream<T>(
    hwq: u64,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> Result<T>,
) -> Result<T> {
    with_stream_at(hwq, || process().runtime.hw_queues.get(hwq), with)
}

/// As `with_stream`, for a stream that this thread knows by another number: `find` finds it the first
/// time, and whenever it or its queue has changed. No such number equals a handle.
#[inline]
pub(super) fn with_stream_at<T>(
    key: u64,
    find: impl FnOnce() -> Result<Arc<HwQueue>>,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> Result<T>,
) -> Result<T> {
    let mut with = Some(with);
    let hit = with_cached(key, |cached| {
        let with = with.take()?;
        Some(with(&cached.hw_queue, cached.queue.as_ref()))
    });
    match (hit.flatten(), with) {
        (Some(result), _) => result,
        (None, Some(with)) => with_uncached_stream(key, find, with),
        (None, None) => Err(Error::Internal("look-up lost its caller".into())),
    }
}

/// Calls `with` with the queue, if any, of the stream that this thread knows by `key`, if it has used the
/// stream lately and nothing has changed since. Looks nothing up.
#[inline]
pub(super) fn with_known_stream<T>(key: u64, with: impl FnOnce(Option<&Queue>) -> T) -> Option<T> {
    with_cached(key, |cached| with(cached.queue.as_deref()))
}

#[inline]
fn with_cached<T>(key: u64, with: impl FnOnce(&Cached) -> T) -> Option<T> {
    let hit = STREAMS.try_with(|streams| {
        let streams = streams.try_borrow().ok()?;
        let cached = streams[slot_of(key)].as_ref()?;
        let current = cached.key == key && cached.hw_queue.epoch() == cached.epoch;
        current.then(|| with(cached))
    });
    hit.ok().flatten()
}

/// Handles count up, a driver's addresses are multiples of 16: both spread over the slots.
#[inline]
fn slot_of(key: u64) -> usize {
    usize::try_from((key ^ key >> 4 ^ key >> 7) & (CACHED as u64 - 1)).unwrap_or(0)
}

#[cold]
fn with_uncached_stream<T>(
    key: u64,
    find: impl FnOnce() -> Result<Arc<HwQueue>>,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> Result<T>,
) -> Result<T> {
    let hw_queue = find()?;
    // Read before the queue: a change in between makes the copy look old, never new.
    let epoch = hw_queue.epoch();
    let queue = hw_queue.queue();
    let cached = Cached {
        key,
        epoch,
        hw_queue: hw_queue.clone(),
        queue: queue.clone(),
    };
    let old = STREAMS.try_with(|streams| {
        streams
            .try_borrow_mut()
            .ok()
            .and_then(|mut streams| streams[slot_of(key)].replace(cached))
    });
    drop(old);
    with(&hw_queue, queue.as_ref())
}

pub(super) fn forget_cached_streams() {
    let _ = STREAMS.try_with(|streams| {
        if let Ok(mut streams) = streams.try_borrow_mut() {
            // Dropping the last owner would lock the parent's device.
            std::mem::forget(std::mem::take(&mut *streams));
        }
    });
}
