//! Copies: rows of bytes, in one, two or three dimensions.

use std::sync::Arc;

use crate::abi::{Address, DEFAULT_KIND, DEVICE_TO_DEVICE, Extent};
use crate::error::{Code, Result};

use super::{Access, Place};

/// One end of a copy.
#[derive(Clone, Copy)]
pub struct Side {
    pub base: Address,
    /// From one row to the next, and from one slice of rows to the next, in bytes.
    pub pitch: usize,
    pub slice: usize,
}

impl Side {
    pub fn flat(base: Address) -> Side {
        Side {
            base,
            pitch: 0,
            slice: 0,
        }
    }

    /// Rows of `pitch` bytes, `height` of them in a slice.
    pub fn pitched(base: Address, pitch: usize, height: usize) -> Side {
        Side {
            base,
            pitch,
            slice: pitch.saturating_mul(height),
        }
    }

    fn row(&self, y: usize, z: usize) -> Address {
        self.base.offset(y * self.pitch + z * self.slice)
    }
}

/// See the module.
#[derive(Clone)]
pub struct Copy {
    pub to: Side,
    pub from: Side,
    /// Width in bytes.
    pub extent: Extent,
    /// The source as it was at the call, where it was ordinary host memory.
    staged: Option<Arc<[u8]>>,
}

impl Copy {
    pub fn new(to: Side, from: Side, extent: Extent, kind: u32) -> Result<Copy> {
        let rows = extent.height * extent.depth;
        if extent.width == 0 || rows == 0 {
            return Ok(Copy {
                to,
                from,
                extent: Extent { width: 0, ..extent },
                staged: None,
            });
        }
        if kind > DEFAULT_KIND {
            return Err(Code::INVALID_DIRECTION);
        }
        if to.base.is_null() || from.base.is_null() {
            return Err(Code::INVALID_VALUE);
        }
        let too_narrow = |side: &Side| extent.height > 1 && side.pitch < extent.width;
        if too_narrow(&to) || too_narrow(&from) {
            return Err(Code::INVALID_VALUE);
        }
        Ok(Copy {
            to,
            from,
            extent,
            staged: None,
        })
    }

    pub fn flat(to: Address, from: Address, bytes: usize, kind: u32) -> Result<Copy> {
        let extent = Extent::plane(bytes, 1);
        Copy::new(Side::flat(to), Side::flat(from), extent, kind)
    }

    /// Rows of `width` bytes.
    pub fn rows(
        (to, to_pitch): (Address, usize),
        (from, from_pitch): (Address, usize),
        width: usize,
        height: usize,
        kind: u32,
    ) -> Result<Copy> {
        let to = Side::pitched(to, to_pitch, height);
        let from = Side::pitched(from, from_pitch, height);
        Copy::new(to, from, Extent::plane(width, height), kind)
    }

    pub fn is_empty(&self) -> bool {
        self.extent.width == 0
    }

    /// Ordinary host memory is read at the call, as for a transfer through a staging buffer: the
    /// application may change it as soon as the call has returned.
    pub fn stage(&mut self) {
        if self.is_empty() || super::was_known(self.from.base) {
            return;
        }
        let mut bytes =
            Vec::with_capacity(self.extent.width * self.extent.height * self.extent.depth);
        for (y, z) in self.row_places() {
            let row = self.from.row(y, z).as_ptr().cast::<u8>();
            // SAFETY: memory that the runtime does not know is the caller's, who upholds that it
            // has these bytes and that nobody writes them during the call.
            bytes.extend_from_slice(unsafe { std::slice::from_raw_parts(row, self.extent.width) });
        }
        self.staged = Some(bytes.into());
    }

    /// True if both ends are device memory: such a copy does not make the host wait.
    pub fn is_within_devices(&self, kind: u32) -> bool {
        let on_device = |address| {
            super::describe(address).is_some_and(|found| matches!(found.place, Place::Device(_)))
        };
        kind == DEVICE_TO_DEVICE || (on_device(self.to.base) && on_device(self.from.base))
    }

    pub fn run(&self) {
        for (index, (y, z)) in self.row_places().enumerate() {
            let (to, width) = (self.to.row(y, z), self.extent.width);
            let staged = self
                .staged
                .as_ref()
                .map(|bytes| bytes[index * width..].as_ptr());
            let from = staged.unwrap_or_else(|| self.from.row(y, z).as_ptr().cast::<u8>());
            let readable = staged.is_some()
                || super::check_or_host(self.from.row(y, z), width, Access::Read, "a copy");
            if !readable || !super::check_or_host(to, width, Access::Write, "a copy") {
                return;
            }
            // SAFETY: both ends were just found to be inside live allocations, or are the caller's
            // memory, which it upholds to be valid until the copy has completed; `copy` allows
            // overlap.
            unsafe { std::ptr::copy(from, to.as_ptr().cast::<u8>(), width) };
        }
    }

    fn row_places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Extent {
            width,
            height,
            depth,
        } = self.extent;
        let depth = if width == 0 { 0 } else { depth };
        (0..depth).flat_map(move |z| (0..height).map(move |y| (y, z)))
    }
}
