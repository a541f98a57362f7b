//! Arrays: device memory with an element size and up to three dimensions. Laid out row by row; a
//! real device's order is its own secret.

use std::sync::Arc;

use crate::abi::{Address, Extent, Pos};
use crate::error::{Code, Result};
use crate::handles::Handles;
use crate::memory::copy::Side;
use crate::memory::{self, Place};

/// The format of an element: bits per channel, and signed, unsigned, float or none.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Channels {
    pub bits: [i32; 4],
    pub kind: u32,
}

pub struct Array {
    pub channels: Channels,
    /// In elements; 0 for dimensions that it does not have.
    pub extent: Extent,
    pub flags: u32,
    pub device: usize,
    memory: Address,
}

static ARRAYS: Handles<Array> = Handles::new();

impl Array {
    pub fn create(
        channels: Channels,
        extent: Extent,
        flags: u32,
        device: usize,
    ) -> Result<Address> {
        let mut array = Array {
            channels,
            extent,
            flags,
            device,
            memory: Address(0),
        };
        if extent.width == 0 || array.element_bytes() == 0 {
            return Err(Code::INVALID_VALUE);
        }
        let bytes = array.pitch() * array.rows() * extent.depth.max(1);
        array.memory = memory::allocate(bytes, Place::Device(device), 0)?;
        Ok(ARRAYS.add(Arc::new(array)))
    }

    pub fn get(handle: Address) -> Result<Arc<Array>> {
        ARRAYS.get(handle).ok_or(Code::INVALID_HANDLE)
    }

    /// Nothing may use it any more.
    pub fn destroy(handle: Address) -> Result {
        let array = ARRAYS.remove(handle).ok_or(Code::INVALID_HANDLE)?;
        memory::free(array.memory)
    }

    pub fn element_bytes(&self) -> usize {
        let bits: i32 = self.channels.bits.iter().sum();
        usize::try_from(bits / 8).unwrap_or(0)
    }

    fn pitch(&self) -> usize {
        self.extent.width * self.element_bytes()
    }

    fn rows(&self) -> usize {
        self.extent.height.max(1)
    }

    /// One end of a copy that starts here; `x` in bytes.
    pub fn side(&self, Pos { x, y, z }: Pos) -> Side {
        let start = x + (y + z * self.rows()) * self.pitch();
        Side::pitched(self.memory.offset(start), self.pitch(), self.rows())
    }
}
