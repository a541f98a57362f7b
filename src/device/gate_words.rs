//! The memory of device gates: words that the host writes and the device reads, each with counters that the device writes.
//!
//! Words go from user to user and their values only grow: what still stands in the stream of an earlier
//! one is open to that for ever.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};
use crate::sync::Mutex;

/// A word and its counters to themselves on a cache line, so that a store disturbs no neighbour.
pub(super) const STRIDE_BYTES: usize = 64;
/// One page at a time.
pub(super) const BYTES_AT_ONCE: usize = 4096;

/// The unused words of one device or context.
#[derive(Default)]
pub(super) struct GateWords {
    unused: Mutex<Vec<GateWord>>,
}

/// What lies on one cache line.
#[repr(C)]
pub(super) struct Line {
    pub(super) gate: AtomicU32,
    /// Waits that the stream has come to, and has passed; written by the device.
    pub(super) reached: AtomicU32,
    pub(super) passed: AtomicU32,
}

/// One word, as the host and as the device addresses it.
#[derive(Clone, Copy)]
pub(super) struct GateWord {
    host: NonNull<Line>,
    pub(super) device: usize,
    /// Its user's gates are open from this value on.
    pub(super) open: u32,
    /// Waits that the device was told to count so far.
    pub(super) counted: u32,
}

// SAFETY: `host` is aligned memory that stays for as long as its driver does (`GateDriver::memory`), which
// every gate and marker keeps alive, and is only accessed atomically.
unsafe impl Send for GateWord {}
// SAFETY: as above.
unsafe impl Sync for GateWord {}

/// A word, by its address for the device, and a value that it has or is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WordIs {
    pub(super) word: usize,
    pub(super) value: u32,
}

impl GateWords {
    /// One that no device writes beside any more; if there is none, from new `memory`: its address, and the same for
    /// the device.
    pub(super) fn take(
        &self,
        memory: impl FnOnce() -> Result<(*mut c_void, usize)>,
    ) -> Result<GateWord> {
        let mut unused = self.unused.lock();
        if let Some(at) = unused.iter().rposition(GateWord::is_counted) {
            return Ok(unused.swap_remove(at));
        }
        let (host, device) = memory()?;
        for at in (0..BYTES_AT_ONCE).step_by(STRIDE_BYTES) {
            let host = NonNull::new(host.wrapping_byte_add(at).cast());
            unused.push(GateWord {
                host: host.ok_or_else(|| Error::Internal("gate words at address 0".into()))?,
                device: device + at,
                open: 0,
                counted: 0,
            });
        }
        unused
            .pop()
            .ok_or_else(|| Error::Internal("no gate word".into()))
    }

    /// Its user needs it no more.
    pub(super) fn give_back(&self, word: GateWord) {
        self.unused.lock().push(word);
    }
}

impl GateWord {
    /// What the host sees of it.
    pub(super) fn line(&self) -> &Line {
        // SAFETY: see the type.
        unsafe { self.host.as_ref() }
    }

    /// Opens or closes.
    pub(super) fn set(&self, value: u32) {
        // Release: what the suspending thread did before is done; the device orders its own reads.
        self.line().gate.store(value, Ordering::Release);
    }

    /// The word at this offset in its line, with a value, for the device.
    pub(super) fn is(&self, offset: usize, value: u32) -> WordIs {
        WordIs {
            word: self.device + offset,
            value,
        }
    }

    /// The device has counted all that it was told to. A stream of an earlier user may not have come so far.
    fn is_counted(&self) -> bool {
        self.line().passed.load(Ordering::Relaxed) == self.counted
    }
}
