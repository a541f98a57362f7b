//! The application's streams of a vendor's driver: from a handle to what the runtime knows of it.

use std::path::Path;
use std::sync::Arc;

use super::streams::{with_known_stream, with_stream_at};
use super::{Process, process};
use crate::config::Config;
use crate::device::driver::{
    DriverLibrary, STREAM_LEGACY, STREAM_NULL, STREAM_PER_THREAD, thread_id,
};
use crate::device::{Device, Place, Stream};
use crate::error::Result;
use crate::queue::Queue;
use crate::runtime::{HwQueue, StreamKey};

/// A vendor's driver, as far as finding its streams goes.
pub trait Driver: Sized + 'static {
    /// `XPlatform`
    const PLATFORM: u32;

    /// The real driver's library.
    fn library() -> &'static DriverLibrary;
    /// The library that the environment names.
    fn library_named(config: &Config) -> Option<&Path>;
    /// The process's one instance, made on first use.
    fn of(process: &Process) -> Result<&Self>;
    /// Where the calling thread's special streams are.
    fn current_place(&self) -> Result<Place>;
    /// The device that the calling thread's calls concern.
    fn current_device(&self) -> Result<Arc<dyn Device>>;
    /// The stream with this handle, or the special one of that value at that place.
    fn adopt(
        &self,
        stream: usize,
        place: Option<Place>,
    ) -> Result<(Arc<dyn Device>, Arc<dyn Stream>)>;
}

/// A thread's own streams end with it.
struct ThreadEnd(u64);

impl Drop for ThreadEnd {
    fn drop(&mut self) {
        if let Some(process) = super::current() {
            process.runtime.forget_thread(self.0);
        }
    }
}

thread_local! {
    /// Made when this thread's per-thread stream is adopted.
    static THREAD_END: ThreadEnd = ThreadEnd(thread_id());
}

/// Adopts the stream, unless it is known. Special values mean what they mean to the calling thread.
pub fn adopt_stream<D: Driver>(process: &Process, stream: usize) -> Result<Arc<HwQueue>> {
    let driver = D::of(process)?;
    let key = stream_key(driver, stream)?;
    process.runtime.adopt(key, || {
        if key.thread != 0 {
            // Fails in a thread that is ending; the process's end comes then.
            let _ = THREAD_END.try_with(|_| ());
        }
        driver.adopt(key.stream, key.place)
    })
}

/// The stream, if it is adopted already.
pub fn find_stream<D: Driver>(process: &Process, stream: usize) -> Result<Arc<HwQueue>> {
    process
        .runtime
        .find_adopted(stream_key(D::of(process)?, stream)?)
}

/// What identifies this stream, for the calling thread.
pub fn stream_key<D: Driver>(driver: &D, stream: usize) -> Result<StreamKey> {
    let (stream, thread) = match stream {
        STREAM_NULL | STREAM_LEGACY => (STREAM_NULL, 0),
        STREAM_PER_THREAD => (STREAM_PER_THREAD, thread_id()),
        handle => return Ok(StreamKey::of_handle(D::PLATFORM, handle)),
    };
    Ok(StreamKey {
        platform: D::PLATFORM,
        place: Some(driver.current_place()?),
        stream,
        thread,
    })
}

/// Calls `with` with the stream and its queue; adopts a stream that was not seen before. For a stream
/// that this thread used lately that is one thread-local look-up and one atomic load, and for a special
/// one a question to the driver (of HIP only if there are several devices).
#[inline]
pub fn with_driver_stream<D: Driver, T>(
    stream: usize,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> Result<T>,
) -> Result<T> {
    let find = || adopt_stream::<D>(process(), stream);
    with_stream_at(cache_key::<D>(stream)?, find, with)
}

/// As `with_known_stream`, for a driver's stream.
#[inline]
pub fn with_known_driver_stream<D: Driver, T>(
    stream: usize,
    with: impl FnOnce(Option<&Queue>) -> T,
) -> Option<T> {
    let key = if stream > STREAM_PER_THREAD {
        stream as u64
    } else {
        special_key::<D>(stream).ok()?
    };
    with_known_stream(key, with)
}

/// The number by which a thread knows a stream. No address and no handle has the highest bit set.
#[inline]
fn cache_key<D: Driver>(stream: usize) -> Result<u64> {
    if stream > STREAM_PER_THREAD {
        return Ok(stream as u64);
    }
    special_key::<D>(stream)
}

/// Its own function, so that the pass path of other streams carries no error around.
#[inline(never)]
fn special_key<D: Driver>(stream: usize) -> Result<u64> {
    let place = match D::of(process())?.current_place()? {
        Place::Device(ordinal) => u64::from(ordinal.unsigned_abs()),
        Place::Context(address) => address as u64,
    };
    let per_thread = u64::from(stream == STREAM_PER_THREAD);
    Ok(1 << 63 | place << 1 | per_thread)
}
