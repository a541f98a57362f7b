//! Batches of copies.

use std::sync::Arc;

use crate::abi::{Address, DEFAULT_KIND, Extent, Out, Pos};
use crate::array::Array;
use crate::error::{Code, Result};
use crate::memory::copy::{Copy, Side};
use crate::op::Op;
use crate::stream::{Stream, submit_all};

/// Puts copies into the stream; if one cannot be made, none, and `failed` says which.
pub fn submit(
    stream: &Arc<Stream>,
    count: usize,
    failed: Out<usize>,
    copy: impl Fn(usize) -> Result<Copy>,
) -> Result {
    if count == 0 {
        return Err(Code::INVALID_VALUE);
    }
    let op = |index| {
        let copy = copy(index);
        copy.map(Op::Copy)
            .inspect_err(|_| failed.put_optional(index))
    };
    submit_all(stream, (0..count).map(op).collect::<Result<_>>()?)
}

/// `hipMemcpy3DBatchOp` and `CUDA_MEMCPY3D_BATCH_OP`
#[derive(Clone, Copy)]
#[repr(C)]
pub struct BatchOp {
    from: Operand,
    to: Operand,
    extent: Extent,
    order: u32,
    flags: u32,
}

/// Memory with a row length and a layer height in bytes, or an array with a
/// position.
#[derive(Clone, Copy)]
#[repr(C)]
struct Operand {
    kind: u32,
    start: Address,
    numbers: [usize; 3],
}

impl Operand {
    fn side(&self, extent: &Extent) -> Result<Side> {
        const POINTER: u32 = 1;
        const ARRAY: u32 = 2;
        let [first, second, third] = self.numbers;
        let or = |value, default| if value == 0 { default } else { value };
        match self.kind {
            POINTER => Ok(Side::pitched(
                self.start,
                or(first, extent.width),
                or(second, extent.height),
            )),
            ARRAY => Ok(Array::get(self.start)?.side(Pos {
                x: first,
                y: second,
                z: third,
            })),
            _ => Err(Code::INVALID_VALUE),
        }
    }
}

impl BatchOp {
    pub fn copy(&self) -> Result<Copy> {
        let (to, from) = (self.to.side(&self.extent)?, self.from.side(&self.extent)?);
        Copy::new(to, from, self.extent, DEFAULT_KIND)
    }
}
