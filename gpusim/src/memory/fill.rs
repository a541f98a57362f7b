//! Memsets: elements of 1, 2 or 4 bytes, in rows.

use crate::abi::{Address, Extent};
use crate::error::{Code, Result};

use super::Access;
use super::copy::Side;

/// See the module.
#[derive(Clone, Copy)]
pub struct Fill {
    pub to: Side,
    pub value: u32,
    pub element_bytes: usize,
    /// Width in elements.
    pub extent: Extent,
}

impl Fill {
    pub fn new(to: Side, value: u32, element_bytes: usize, extent: Extent) -> Result<Fill> {
        let fill = Fill {
            to,
            value,
            element_bytes,
            extent,
        };
        if !matches!(element_bytes, 1 | 2 | 4) {
            return Err(Code::INVALID_VALUE);
        }
        let empty = extent.width == 0 || extent.height == 0 || extent.depth == 0;
        if !empty && !super::is_known(to.base, fill.row_bytes()) {
            return Err(Code::INVALID_VALUE);
        }
        Ok(fill)
    }

    pub fn flat(to: Address, value: u32, element_bytes: usize, count: usize) -> Result<Fill> {
        let extent = Extent::plane(count, 1);
        Fill::new(Side::flat(to), value, element_bytes, extent)
    }

    /// Rows of `width` elements, `pitch` bytes apart.
    pub fn rows(
        to: Address,
        pitch: usize,
        value: u32,
        element_bytes: usize,
        width: usize,
        height: usize,
    ) -> Result<Fill> {
        if height > 1 && pitch < width * element_bytes {
            return Err(Code::INVALID_VALUE);
        }
        let to = Side::pitched(to, pitch, height);
        Fill::new(to, value, element_bytes, Extent::plane(width, height))
    }

    fn row_bytes(&self) -> usize {
        self.extent.width * self.element_bytes
    }

    pub fn run(&self) {
        let element = &self.value.to_le_bytes()[..self.element_bytes];
        let row: Vec<u8> = element
            .iter()
            .copied()
            .cycle()
            .take(self.row_bytes())
            .collect();
        for z in 0..self.extent.depth {
            for y in 0..self.extent.height {
                let to = self.to.base.offset(y * self.to.pitch + z * self.to.slice);
                if !super::check(to, row.len(), Access::Write, "a memset") {
                    return;
                }
                // SAFETY: just found to be inside one live allocation; the row is memory of its
                // own.
                unsafe {
                    row.as_ptr()
                        .copy_to_nonoverlapping(to.as_ptr().cast(), row.len())
                };
            }
        }
    }
}
