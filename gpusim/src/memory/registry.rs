//! All blocks by address, live and recently freed.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use crate::abi::Address;
use crate::error::{Code, Result};
use crate::sync::lock;

use super::Description;
use super::block::{Block, Place, State};

/// What a device's memory is said to be.
pub const TOTAL_BYTES: usize = 16 << 30;

/// Freed memory that is kept.
const KEPT_BLOCKS: usize = 1024;
const KEPT_BYTES: usize = 64 << 20;

pub struct Registry {
    blocks: BTreeMap<usize, Block>,
    /// Freed, oldest first.
    kept: VecDeque<usize>,
    kept_bytes: usize,
}

pub(super) fn get() -> &'static Mutex<Registry> {
    static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
        blocks: BTreeMap::new(),
        kept: VecDeque::new(),
        kept_bytes: 0,
    });
    &REGISTRY
}

impl Registry {
    pub(super) fn allocate(
        &mut self,
        bytes: usize,
        place: Place,
        flags: u32,
        state: State,
    ) -> Result<Address> {
        if let Place::Device(device) = place
            && bytes > TOTAL_BYTES - self.used_bytes(device)
        {
            return Err(Code::OUT_OF_MEMORY);
        }
        let block = Block::allocate(bytes, place, flags, state)?;
        let base = block.base;
        self.blocks.insert(base, block);
        Ok(Address(base))
    }

    pub(super) fn register(&mut self, address: Address, bytes: usize, flags: u32) -> Result {
        let before = self.blocks.range(..address.0 + bytes).next_back();
        if before.is_some_and(|(_, block)| block.end() > address.0) {
            return Err(Code::HOST_ALREADY_REGISTERED);
        }
        self.blocks
            .insert(address.0, Block::registered(address.0, bytes, flags));
        Ok(())
    }

    pub(super) fn unregister(&mut self, address: Address) -> Result {
        match self.blocks.get(&address.0) {
            Some(block) if block.place == Place::Registered => {
                self.blocks.remove(&address.0);
                Ok(())
            }
            _ => Err(Code::HOST_NOT_REGISTERED),
        }
    }

    /// Frees the allocation that starts here.
    pub(super) fn free(&mut self, address: Address) -> Result {
        let block = self.blocks.get_mut(&address.0).ok_or(Code::INVALID_VALUE)?;
        if block.state == State::Freed || block.place == Place::Registered {
            return Err(Code::INVALID_VALUE);
        }
        block.set_freed();
        self.kept.push_back(block.base);
        self.kept_bytes += block.bytes;
        while self.kept.len() > KEPT_BLOCKS || self.kept_bytes > KEPT_BYTES {
            let oldest = self
                .kept
                .pop_front()
                .and_then(|base| self.blocks.remove(&base));
            self.kept_bytes -= oldest.map_or(0, |block| block.bytes);
        }
        Ok(())
    }

    /// A graph that allocates may be launched again after its memory was freed.
    pub(super) fn set_live(&mut self, address: Address) -> Result {
        let block = self.blocks.get_mut(&address.0).ok_or(Code::INVALID_VALUE)?;
        if block.state == State::Freed {
            self.kept.retain(|base| *base != block.base);
            self.kept_bytes -= block.bytes;
        }
        block.state = State::Live;
        Ok(())
    }

    fn find(&self, address: Address) -> Option<&Block> {
        let (_, block) = self.blocks.range(..=address.0).next_back()?;
        // One past the end is still this block's: an empty access there is fine, another is too
        // far.
        (address.0 <= block.end()).then_some(block)
    }

    pub(super) fn describe(&self, address: Address) -> Option<Description> {
        let block = self.find(address)?;
        (block.state != State::Freed && (address.0 < block.end() || block.bytes == 0)).then_some(
            Description {
                base: Address(block.base),
                bytes: block.bytes,
                place: block.place,
                flags: block.flags,
                owner: block.owner,
            },
        )
    }

    /// Whether these bytes may be touched; `None` if nothing is known about them.
    pub(super) fn look(
        &self,
        address: Address,
        bytes: usize,
    ) -> Option<std::result::Result<(), &'static str>> {
        let block = self.find(address)?;
        if address.0 == block.end() && bytes > 0 && block.place == Place::Registered {
            return None; // The application's memory right behind what it registered.
        }
        Some(match block.state {
            State::Freed => Err("which were freed"),
            State::Reserved => Err("before the stream came to their allocation"),
            State::Live if address.0 + bytes > block.end() => {
                Err("beyond the end of the allocation")
            }
            State::Live => Ok(()),
        })
    }

    pub(super) fn exchange_stamp(&mut self, address: Address, next: u64) -> Option<u64> {
        let base = self.find(address)?.base;
        let block = self.blocks.get_mut(&base)?;
        (block.state == State::Live).then(|| std::mem::replace(&mut block.stamp, next))
    }

    pub(super) fn used_bytes(&self, device: usize) -> usize {
        let live = self
            .blocks
            .values()
            .filter(|block| block.state != State::Freed);
        live.filter(|block| block.place == Place::Device(device))
            .map(|block| block.bytes)
            .sum()
    }

    /// Frees what was allocated while this context was current, and forgets what was registered.
    pub fn free_owned(context: u64) {
        let mut registry = lock(get());
        let owned = registry
            .blocks
            .values()
            .filter(|block| block.owner == context && block.state != State::Freed);
        for base in owned.map(|block| block.base).collect::<Vec<_>>() {
            // One of the two is right for it.
            let _ = registry.unregister(Address(base));
            let _ = registry.free(Address(base));
        }
    }

    /// Frees the device's memory.
    pub fn free_all(device: usize) {
        let mut registry = lock(get());
        let of_device = registry
            .blocks
            .values()
            .filter(|block| block.place == Place::Device(device) && block.state != State::Freed);
        for base in of_device.map(|block| block.base).collect::<Vec<_>>() {
            // Cannot fail: these are allocations that are not freed.
            let _ = registry.free(Address(base));
        }
    }
}
