//! One piece of memory.

use std::alloc::{Layout, alloc_zeroed, dealloc};

use crate::abi::Address;
use crate::context;
use crate::error::{Code, Result};

/// Where memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Device(usize),
    /// Page-locked host memory that the runtime allocated.
    Host,
    /// Host memory of the application's, page-locked.
    Registered,
    Managed(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Given out, but the stream has not come to the allocation.
    Reserved,
    Live,
    /// Kept only to catch late accesses.
    Freed,
}

/// GPU allocators align to this; some clients rely on it.
const ALIGNMENT: usize = 256;
/// What freed memory is filled with, and how much of it.
const FREED_PATTERN: u8 = 0xDD;
const FREED_BYTES: usize = 1 << 20;

pub(super) struct Block {
    pub(super) base: usize,
    pub(super) bytes: usize,
    pub(super) place: Place,
    pub(super) flags: u32,
    pub(super) state: State,
    pub(super) stamp: u64,
    /// The context that it goes with, see `Context::id`.
    pub(super) owner: u64,
    source: Source,
}

/// Where the memory is from.
enum Source {
    Heap(Layout),
    /// Pages of its own.
    Pages(usize),
    Application,
}

/// From so many bytes on an allocation has pages of its own: freed memory, which is kept for a
/// while, would leave holes in the heap.
const PAGES_FROM: usize = 16 << 10;

impl Source {
    fn allocate(bytes: usize) -> Result<(*mut u8, Source)> {
        if bytes < PAGES_FROM {
            let layout = Layout::from_size_align(bytes.max(1), ALIGNMENT);
            let layout = layout.map_err(|_| Code::OUT_OF_MEMORY)?;
            // SAFETY: the layout's size is at least 1.
            let memory = unsafe { alloc_zeroed(layout) };
            return Ok((memory, Source::Heap(layout)));
        }
        let (access, kind) = (
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
        );
        // SAFETY: a new mapping, at an address of the kernel's choice.
        let memory = unsafe { libc::mmap(std::ptr::null_mut(), bytes, access, kind, -1, 0) };
        let memory = if memory == libc::MAP_FAILED {
            std::ptr::null_mut()
        } else {
            memory.cast()
        };
        Ok((memory, Source::Pages(bytes)))
    }
}

impl Block {
    pub(super) fn allocate(bytes: usize, place: Place, flags: u32, state: State) -> Result<Block> {
        let (memory, source) = Source::allocate(bytes)?;
        if memory.is_null() {
            return Err(Code::OUT_OF_MEMORY);
        }
        let base = memory.expose_provenance();
        Ok(Block {
            base,
            bytes,
            place,
            flags,
            state,
            stamp: 0,
            owner: context::current_id(),
            source,
        })
    }

    pub(super) fn registered(base: usize, bytes: usize, flags: u32) -> Block {
        let (place, state) = (Place::Registered, State::Live);
        Block {
            base,
            bytes,
            place,
            flags,
            state,
            stamp: 0,
            owner: context::current_id(),
            source: Source::Application,
        }
    }

    pub(super) fn end(&self) -> usize {
        self.base + self.bytes
    }

    pub(super) fn set_freed(&mut self) {
        self.state = State::Freed;
        let bytes = self.bytes.min(FREED_BYTES);
        // SAFETY: only blocks that own their memory are freed (`Registry::free`), and it has that
        // size.
        unsafe {
            Address(self.base)
                .as_ptr()
                .cast::<u8>()
                .write_bytes(FREED_PATTERN, bytes)
        };
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let memory = Address(self.base).as_ptr();
        match self.source {
            // SAFETY: `allocate` got this memory with this layout, and nobody else releases it.
            Source::Heap(layout) => unsafe { dealloc(memory.cast(), layout) },
            Source::Pages(bytes) => {
                // SAFETY: `allocate` mapped these pages, and nobody else unmaps them.
                unsafe { libc::munmap(memory, bytes) };
            }
            Source::Application => {}
        }
    }
}
