//! Batches of copies, and prefetching. The second version of a batch does not say which copy failed.

use gpusim::abi::{Address, DEFAULT_KIND, In, Out};
use gpusim::copy_batch::{self, BatchOp};
use gpusim::error::Result;
use gpusim::memory::copy::Copy;
use gpusim::runtime;
use gpusim::stream_handle::StreamHandle;
use gpusim::transfer::copy_later;

use crate::call::exports;
use crate::default_stream::Default;

exports! { context; default:
    [cuMemcpyBatchAsync] [cuMemcpyBatchAsync_ptsz] (
        to: In<Address>, from: In<Address>, bytes: In<usize>, count: usize, _attributes: Address,
        _indices: Address, _attribute_count: usize, failed: Out<usize>, stream: StreamHandle,
    ) {
        flat(default, [to, from], bytes, count, failed, stream)
    }

    [cuMemcpyBatchAsync_v2] [cuMemcpyBatchAsync_v2_ptsz] (
        to: In<Address>, from: In<Address>, bytes: In<usize>, count: usize, _attributes: Address,
        _indices: Address, _attribute_count: usize, stream: StreamHandle,
    ) {
        flat(default, [to, from], bytes, count, Out::none(), stream)
    }

    [cuMemcpy3DBatchAsync] [cuMemcpy3DBatchAsync_ptsz] (
        count: usize, list: In<BatchOp>, failed: Out<usize>, _flags: u64, stream: StreamHandle,
    ) {
        described(default, count, list, failed, stream)
    }

    [cuMemcpy3DBatchAsync_v2] [cuMemcpy3DBatchAsync_v2_ptsz] (
        count: usize, list: In<BatchOp>, _flags: u64, stream: StreamHandle,
    ) {
        described(default, count, list, Out::none(), stream)
    }

    [cuMemPrefetchAsync] [cuMemPrefetchAsync_ptsz] (
        address: Address, bytes: usize, device: i32, stream: StreamHandle,
    ) {
        const CPU: i32 = -1;
        if device != CPU {
            runtime::device(device)?;
        }
        prefetch(default, address, bytes, stream)
    }

    [cuMemPrefetchAsync_v2] [cuMemPrefetchAsync_v2_ptsz] (
        address: Address, bytes: usize, _location: u64, _flags: u32, stream: StreamHandle,
    ) {
        prefetch(default, address, bytes, stream)
    }
}

exports! { context:
    cuMemAdvise(_address: Address, _bytes: usize, _advice: u32, _device: i32) { Ok(()) }

    cuMemAdvise_v2(_address: Address, _bytes: usize, _advice: u32, _location: u64) { Ok(()) }
}

fn flat(
    default: Default,
    [to, from]: [In<Address>; 2],
    bytes: In<usize>,
    count: usize,
    failed: Out<usize>,
    stream: StreamHandle,
) -> Result {
    let (to, from, bytes) = (to.array(count)?, from.array(count)?, bytes.array(count)?);
    let copy = |index: usize| Copy::flat(to[index], from[index], bytes[index], DEFAULT_KIND);
    copy_batch::submit(&default.stream(stream)?, count, failed, copy)
}

fn described(
    default: Default,
    count: usize,
    list: In<BatchOp>,
    failed: Out<usize>,
    stream: StreamHandle,
) -> Result {
    let list = list.array(count)?;
    let copy = |index: usize| list[index].copy();
    copy_batch::submit(&default.stream(stream)?, count, failed, copy)
}

/// Nothing moves here, but it is a command, and touches the memory.
fn prefetch(default: Default, address: Address, bytes: usize, stream: StreamHandle) -> Result {
    let copy = Copy::flat(address, address, bytes, DEFAULT_KIND)?;
    copy_later(&default.stream(stream)?, copy)
}
