//! The application's HIP streams: from a `hipStream_t` to what the runtime knows of it.

use std::sync::Arc;

use super::streams::{with_known_stream, with_stream_at};
use super::{Process, process};
use crate::device::Device;
use crate::device::hip::sys::{STREAM_LEGACY, STREAM_NULL, STREAM_PER_THREAD};
use crate::device::hip::{Hip, HipStream, PLATFORM, thread_id};
use crate::error::Result;
use crate::queue::Queue;
use crate::runtime::{HwQueue, StreamKey};

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

impl Process {
    /// The HIP runtime that the application uses.
    pub fn hip(&self) -> Result<&Hip> {
        let config = self.runtime.config();
        self.hip
            .get_or_try_init(|| Hip::open(config.hip_lib.as_deref(), config.gate))
    }

    /// Adopts the stream, unless it is known. Special values mean what they mean to the calling thread.
    pub fn adopt_hip_stream(&self, stream: usize) -> Result<Arc<HwQueue>> {
        let hip = self.hip()?;
        let key = hip_key(hip, stream)?;
        self.runtime.adopt(key, || {
            let ordinal = if stream > STREAM_PER_THREAD {
                hip.device_of(stream)?
            } else {
                key.device
            };
            if key.thread != 0 {
                // Fails in a thread that is ending; the process's end comes then.
                let _ = THREAD_END.try_with(|_| ());
            }
            let device = hip.device(ordinal);
            let adopted = HipStream::adopt(device.clone(), key.stream, thread_id())?;
            Ok((device as Arc<dyn Device>, Arc::new(adopted) as _))
        })
    }
}

/// What identifies this stream, for the calling thread.
fn hip_key(hip: &Hip, stream: usize) -> Result<StreamKey> {
    let (device, stream, thread) = match stream {
        STREAM_NULL | STREAM_LEGACY => (hip.current_device()?, STREAM_NULL, 0),
        STREAM_PER_THREAD => (hip.current_device()?, STREAM_PER_THREAD, thread_id()),
        handle => return Ok(StreamKey::of_handle(PLATFORM, handle)),
    };
    Ok(StreamKey {
        platform: PLATFORM,
        device,
        stream,
        thread,
    })
}

/// Calls `with` with the stream and its queue; adopts a stream that was not seen before. For a stream
/// that this thread used lately that is one thread-local look-up and one atomic load, and a question to
/// the driver if the stream is a special one and there are several devices.
#[inline]
pub fn with_hip_stream<T>(
    stream: usize,
    with: impl FnOnce(&HwQueue, Option<&Arc<Queue>>) -> Result<T>,
) -> Result<T> {
    with_stream_at(key_of(stream)?, || process().adopt_hip_stream(stream), with)
}

/// As `with_known_stream`, for a HIP stream.
#[inline]
pub fn with_known_hip_stream<T>(
    stream: usize,
    with: impl FnOnce(Option<&Queue>) -> T,
) -> Option<T> {
    with_known_stream(key_of(stream).ok()?, with)
}

/// The number by which a thread knows a stream. No address and no handle has the highest bit set.
#[inline]
fn key_of(stream: usize) -> Result<u64> {
    if stream > STREAM_PER_THREAD {
        return Ok(stream as u64);
    }
    let device = process().hip()?.current_device()?;
    let per_thread = u64::from(stream == STREAM_PER_THREAD);
    Ok(1 << 63 | u64::from(device.unsigned_abs()) << 1 | per_thread)
}
