//! Waiting for and writing values in memory. The first version of these functions behaves as the
//! second.

use gpusim::abi::{Address, In};
use gpusim::config::{self, WaitValue};
use gpusim::error::{Code, Result};
use gpusim::op::Op;
use gpusim::stream::submit;
use gpusim::stream_handle::StreamHandle;
use gpusim::wait::{Compare, Value, ValueWait};

use crate::call::exports;

exports! { context; default:
    [cuStreamWaitValue32 cuStreamWaitValue32_v2]
    [cuStreamWaitValue32_ptsz cuStreamWaitValue32_v2_ptsz]
    (stream: StreamHandle, word: Address, value: u32, flags: u32) {
        let op = wait(word, value.into(), false, flags)?;
        submit(&default.stream(stream)?, op)
    }

    [cuStreamWaitValue64 cuStreamWaitValue64_v2]
    [cuStreamWaitValue64_ptsz cuStreamWaitValue64_v2_ptsz]
    (stream: StreamHandle, word: Address, value: u64, flags: u32) {
        let op = wait(word, value, true, flags)?;
        submit(&default.stream(stream)?, op)
    }

    [cuStreamWriteValue32 cuStreamWriteValue32_v2]
    [cuStreamWriteValue32_ptsz cuStreamWriteValue32_v2_ptsz]
    (stream: StreamHandle, word: Address, value: u32, flags: u32) {
        let op = write(word, value.into(), false, flags)?;
        submit(&default.stream(stream)?, op)
    }

    [cuStreamWriteValue64 cuStreamWriteValue64_v2]
    [cuStreamWriteValue64_ptsz cuStreamWriteValue64_v2_ptsz]
    (stream: StreamHandle, word: Address, value: u64, flags: u32) {
        let op = write(word, value, true, flags)?;
        submit(&default.stream(stream)?, op)
    }

    [cuStreamBatchMemOp cuStreamBatchMemOp_v2]
    [cuStreamBatchMemOp_ptsz cuStreamBatchMemOp_v2_ptsz]
    (stream: StreamHandle, count: u32, list: In<Params>, flags: u32) {
        submit(&default.stream(stream)?, Batch { count, list, flags }.op()?)
    }
}

/// What a stream or a graph's node does in one go.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Batch {
    count: u32,
    list: In<Params>,
    flags: u32,
}

impl Batch {
    pub(super) fn op(&self) -> Result<Op> {
        if self.count == 0 || self.count > 256 || self.flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        let list = self.list.array(self.count as usize)?;
        Ok(Op::Batch(
            list.iter().map(Params::op).collect::<Result<_>>()?,
        ))
    }
}

/// `CUstreamBatchMemOpParams`; waits and writes have the same members.
#[derive(Clone, Copy)]
#[repr(C)]
struct Params {
    operation: u32,
    address: Address,
    value: u64,
    flags: u32,
    alias: Address,
    padding: u64,
}

impl Params {
    fn op(&self) -> Result<Op> {
        const FLUSH: u32 = 3;
        const BARRIER: u32 = 6;
        let low = self.value & u64::from(u32::MAX);
        match self.operation {
            1 => wait(self.address, low, false, self.flags),
            2 => write(self.address, low, false, self.flags),
            4 => wait(self.address, self.value, true, self.flags),
            5 => write(self.address, self.value, true, self.flags),
            // Every access is visible at once here.
            FLUSH | BARRIER => Ok(Op::Nothing),
            _ => Err(Code::INVALID_VALUE),
        }
    }
}

fn require_support() -> Result {
    if config::get().wait_value == WaitValue::Unsupported {
        return Err(Code::NOT_SUPPORTED);
    }
    Ok(())
}

fn wait(word: Address, value: u64, wide: bool, flags: u32) -> Result<Op> {
    const FLUSH: u32 = 1 << 30;
    require_support()?;
    let compare = match flags & !FLUSH {
        0 => Compare::Reached,
        1 => Compare::Equal,
        2 => Compare::And,
        3 => Compare::Nor,
        _ => return Err(Code::INVALID_VALUE),
    };
    let word = Value::new(word, value, wide)?;
    Ok(Op::WaitValue(ValueWait::new(word, compare, u64::MAX)))
}

fn write(word: Address, value: u64, wide: bool, flags: u32) -> Result<Op> {
    const NO_MEMORY_BARRIER: u32 = 1;
    require_support()?;
    if flags & !NO_MEMORY_BARRIER != 0 {
        return Err(Code::INVALID_VALUE);
    }
    Ok(Op::WriteValue(Value::new(word, value, wide)?))
}
