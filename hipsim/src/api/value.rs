//! Waiting for and writing values in memory.

use gpusim::abi::{Address, Out};
use gpusim::config::{self, WaitValue};
use gpusim::error::{Code, Result};
use gpusim::op::Op;
use gpusim::stream::{submit, submit_all};
use gpusim::stream_handle::StreamHandle;
use gpusim::wait::{Compare, Value, ValueWait};

use crate::call::exports;

exports! {
    hipStreamWaitValue32(stream: StreamHandle, word: Address, value: u32, flags: u32, mask: u32) {
        let op = wait(word, value.into(), false, flags, mask.into())?;
        submit(&stream.get()?, op)
    }

    hipStreamWaitValue64(stream: StreamHandle, word: Address, value: u64, flags: u32, mask: u64) {
        let op = wait(word, value, true, flags, mask)?;
        submit(&stream.get()?, op)
    }

    hipStreamWriteValue32(stream: StreamHandle, word: Address, value: u32, _flags: u32) {
        let op = write(word, value.into(), false)?;
        submit(&stream.get()?, op)
    }

    hipStreamWriteValue64(stream: StreamHandle, word: Address, value: u64, _flags: u32) {
        let op = write(word, value, true)?;
        submit(&stream.get()?, op)
    }

    hipStreamBatchMemOp(stream: StreamHandle, count: u32, list: Out<Params>, flags: u32) {
        if count == 0 || count > 256 || flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        let list = list.array(count as usize)?;
        submit_all(&stream.get()?, list.iter().map(Params::op).collect::<Result<_>>()?)
    }
}

/// `hipStreamBatchMemOpParams`; waits and writes have the same members.
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
        let low = self.value & u64::from(u32::MAX);
        match self.operation {
            1 => wait(self.address, low, false, self.flags, u32::MAX.into()),
            2 => write(self.address, low, false),
            4 => wait(self.address, self.value, true, self.flags, u64::MAX),
            5 => write(self.address, self.value, true),
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

fn wait(word: Address, value: u64, wide: bool, flags: u32, mask: u64) -> Result<Op> {
    require_support()?;
    let compare = match flags {
        0 => Compare::AtLeast,
        1 => Compare::Equal,
        2 => Compare::And,
        3 => Compare::Nor,
        _ => return Err(Code::INVALID_VALUE),
    };
    let word = Value::new(word, value, wide)?;
    Ok(Op::WaitValue(ValueWait::new(word, compare, mask)))
}

fn write(word: Address, value: u64, wide: bool) -> Result<Op> {
    require_support()?;
    Ok(Op::WriteValue(Value::new(word, value, wide)?))
}
