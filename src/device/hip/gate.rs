//! Device gates: words in host memory that the device reads, and waits for them in a stream.
//!
//! The words are never given back to the driver: freeing host memory waits for every stream.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::HipDevice;
use super::sys::{self, HOST_MAPPED_COHERENT, WAIT_VALUE_GTE};
use crate::device::Gate;
use crate::device::driver::Handle;
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// A word to itself on a cache line, so that a store disturbs no neighbour.
const STRIDE_BYTES: usize = 64;
const WORDS_AT_ONCE: usize = 64;

/// The front end reads the word again every few microseconds at most; not measured on AMD.
const SETTLE: Duration = Duration::from_micros(50);

/// The unused words of one device.
#[derive(Default)]
pub(super) struct GateWords {
    free: Mutex<Vec<GateWord>>,
}

/// One word, as the host and as the device addresses it. Its value only grows from user to user: what still
/// stands in the stream of an earlier one is open to that for ever.
#[derive(Clone, Copy)]
struct GateWord {
    host: NonNull<AtomicU32>,
    device: *mut c_void,
    /// Its user's gates are open from this value on.
    open: u32,
}

// SAFETY: `host` is memory of the driver's that is never freed and only accessed atomically; `device` is
// only handed to the driver.
unsafe impl Send for GateWord {}
// SAFETY: as above.
unsafe impl Sync for GateWord {}

impl GateWord {
    fn set(&self, value: u32) {
        // SAFETY: points to a live, aligned word (see `GateWords::take`).
        let word = unsafe { self.host.as_ref() };
        // Release: what the suspending thread did before is done; the device orders its own reads.
        word.store(value, Ordering::Release);
    }
}

impl GateWords {
    fn take(&self, device: &HipDevice) -> Result<GateWord> {
        let mut free = self.free.lock();
        if free.is_empty() {
            let mut host = std::ptr::null_mut();
            let mut mapped = std::ptr::null_mut();
            device.with(|api| {
                let bytes = STRIDE_BYTES * WORDS_AT_ONCE;
                api.hipHostMalloc(&raw mut host, bytes, HOST_MAPPED_COHERENT)?;
                api.hipHostGetDevicePointer(&raw mut mapped, host, 0)
            })?;
            for at in (0..WORDS_AT_ONCE).map(|at| at * STRIDE_BYTES) {
                let host = host.wrapping_byte_add(at).cast();
                let host = NonNull::new(host)
                    .ok_or_else(|| Error::Internal("hipHostMalloc gave no memory".into()))?;
                free.push(GateWord {
                    host,
                    device: mapped.wrapping_byte_add(at),
                    open: 0,
                });
            }
        }
        free.pop()
            .ok_or_else(|| Error::Internal("no gate word".into()))
    }
}

/// The gate of one stream.
pub(super) struct HipGate {
    device: Arc<HipDevice>,
    stream: Handle,
    word: GateWord,
}

impl HipGate {
    /// An open gate.
    pub(super) fn new(device: Arc<HipDevice>, stream: sys::HipStream) -> Result<HipGate> {
        let mut word = device.words.take(&device)?;
        word.open += 2;
        word.set(word.open);
        Ok(HipGate {
            device,
            stream: Handle(stream),
            word,
        })
    }
}

impl Gate for HipGate {
    fn append_wait(&self) -> Result<()> {
        let (stream, word) = (self.stream.0, self.word);
        self.device.api().hipStreamWaitValue32(
            stream,
            word.device,
            word.open,
            WAIT_VALUE_GTE,
            u32::MAX,
        )
    }

    fn close(&self) {
        self.word.set(self.word.open - 1);
    }

    fn settle(&self) -> Duration {
        SETTLE
    }

    fn open(&self) {
        self.word.set(self.word.open);
    }
}

impl Drop for HipGate {
    fn drop(&mut self) {
        // A wait for it may still stand in the stream.
        self.open();
        self.device.words.free.lock().push(self.word);
    }
}
