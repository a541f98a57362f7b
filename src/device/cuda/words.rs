//! Words in host memory that the device reads and writes: for each stream one that it waits for, its gate,
//! and one in which it counts how far it has come.
//!
//! The memory is our own and stays for as long as anybody has a word of it, so a store is safe whatever
//! has become of the context. Words go from user to user and their values only grow: what still stands in
//! the stream of an earlier user is open for ever.

use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

use super::context::CudaContext;
use super::sys::{DevicePointer, REGISTER_PORTABLE_MAPPED};
use crate::error::{Error, Result};
use crate::sync::Mutex;

const PAGE_BYTES: usize = 4096;
/// Each word has a cache line to itself: the host writes one of a pair and the device the other.
const WORD_STRIDE: usize = 64;
const PAIR_STRIDE: usize = 2 * WORD_STRIDE;

/// One word, as the host and as the device addresses it.
#[derive(Clone, Copy)]
pub(super) struct Word {
    host: NonNull<AtomicU32>,
    pub(super) device: DevicePointer,
}

// SAFETY: aligned memory, mapped for as long as the context's `Words` live, which whoever has a word keeps
// alive; the host only accesses it atomically.
unsafe impl Send for Word {}
// SAFETY: as above.
unsafe impl Sync for Word {}

impl Word {
    pub(super) fn load(&self) -> u32 {
        // SAFETY: see the type.
        let word = unsafe { self.host.as_ref() };
        // Acquire: what the device wrote before it counted is visible.
        word.load(Ordering::Acquire)
    }

    pub(super) fn store(&self, value: u32) {
        // SAFETY: see the type.
        let word = unsafe { self.host.as_ref() };
        // Release: what the storing thread did before is done; the device orders its own reads.
        word.store(value, Ordering::Release);
    }
}

/// True if a word that counts has come to this value; counts wrap around.
pub(super) fn reached(word: u32, value: u32) -> bool {
    word.wrapping_sub(value).cast_signed() >= 0
}

/// The two words of a stream.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) gate: Word,
    pub(super) progress: Word,
    /// The user's gate is open from this value on.
    pub(super) open: u32,
    /// The last count that the device was told to write.
    pub(super) issued: u32,
}

/// The words of a context.
#[derive(Default)]
pub(super) struct Words {
    unused: Mutex<Vec<Pair>>,
    pages: Mutex<Vec<Page>>,
}

impl Words {
    /// A pair whose gate is open.
    pub(super) fn take(&self, context: &CudaContext) -> Result<Pair> {
        let mut unused = self.unused.lock();
        // The device may still be about to write the last counts of an earlier user.
        let settled = |pair: &Pair| pair.progress.load() == pair.issued;
        let at = match unused.iter().position(settled) {
            Some(at) => at,
            None => {
                let page = Page::map()?;
                unused.extend(page.pairs(context)?);
                self.pages.lock().push(page);
                unused.len() - 1
            }
        };
        let mut pair = unused.swap_remove(at);
        pair.open = pair.open.wrapping_add(2);
        pair.gate.store(pair.open);
        Ok(pair)
    }

    /// Gives it back, open.
    pub(super) fn give_back(&self, pair: Pair) {
        pair.gate.store(pair.open);
        self.unused.lock().push(pair);
    }
}

/// Memory of the host that the device reads and writes.
struct Page(*mut c_void);

// SAFETY: nothing but an address.
unsafe impl Send for Page {}

impl Page {
    fn map() -> Result<Page> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping, at an address of the kernel's choice.
        let page =
            unsafe { mmap_anonymous(ptr::null_mut(), PAGE_BYTES, access, MapFlags::PRIVATE) };
        page.map(Page)
            .map_err(|error| Error::Internal(format!("no memory for gate words: {error}")))
    }

    /// Makes it known to the device, and divides it.
    fn pairs(&self, context: &CudaContext) -> Result<Vec<Pair>> {
        let mut device: DevicePointer = 0;
        context.relaxed(|api| {
            api.cuMemHostRegister(self.0, PAGE_BYTES, REGISTER_PORTABLE_MAPPED)?;
            api.cuMemHostGetDevicePointer(&raw mut device, self.0, 0)
        })?;
        let word = |offset: usize| {
            let host = NonNull::new(self.0.wrapping_byte_add(offset).cast());
            let host = host.ok_or_else(|| Error::Internal("memory at address 0".into()))?;
            Ok(Word {
                host,
                device: device + offset as DevicePointer,
            })
        };
        (0..PAGE_BYTES)
            .step_by(PAIR_STRIDE)
            .map(|offset| {
                Ok(Pair {
                    gate: word(offset)?,
                    progress: word(offset + WORD_STRIDE)?,
                    open: 0,
                    issued: 0,
                })
            })
            .collect()
    }
}

impl Drop for Page {
    /// Comes when its context is destroyed, or about to be, and no stream of ours is left in it: the device
    /// does not use it any more. The context's end takes the driver's note of it along.
    fn drop(&mut self) {
        // SAFETY: mapped by `map`, and nobody has a word of it (see `Word`).
        if let Err(error) = unsafe { munmap(self.0, PAGE_BYTES) } {
            tracing::warn!("a page of gate words stays: {error}");
        }
    }
}
