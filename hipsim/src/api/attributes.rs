//! Settings that are kept and given back but change nothing here: of streams, contexts and kernels,
//! and the occupancy calculator's guesses.

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::kernel::MAX_BLOCK;
use gpusim::memory;
use gpusim::runtime;
use gpusim::stream_handle::StreamHandle;
use gpusim::sync::lock;

use crate::call::exports;
use crate::module;

use super::device::COMPUTE_UNITS;

/// `hipLaunchAttributeValue` has 64 bytes; these are the attributes that streams have.
const SYNCHRONIZATION_POLICY: u32 = 3;
const PRIORITY: u32 = 8;

exports! {
    hipStreamSetAttribute(stream: StreamHandle, attribute: u32, value: In<[u64; 8]>) {
        let stream = stream.get()?;
        if !matches!(attribute, SYNCHRONIZATION_POLICY | PRIORITY) {
            return Err(Code::INVALID_VALUE);
        }
        lock(&stream.attributes).insert(attribute, value.get()?);
        Ok(())
    }

    hipStreamGetAttribute(stream: StreamHandle, attribute: u32, out: Out<[u64; 8]>) {
        let stream = stream.get()?;
        if !matches!(attribute, SYNCHRONIZATION_POLICY | PRIORITY) {
            return Err(Code::INVALID_VALUE);
        }
        out.put(lock(&stream.attributes).get(&attribute).copied().unwrap_or_default())
    }

    hipStreamCopyAttributes(to: StreamHandle, from: StreamHandle) {
        let (to, from) = (to.get()?, from.get()?);
        let attributes = lock(&from.attributes).clone();
        lock(&to.attributes).extend(attributes);
        Ok(())
    }

    hipCtxGetFlags(out: Out<u32>) { out.put(0) }
    hipCtxGetCacheConfig(out: Out<u32>) { out.put(0) }
    hipCtxSetCacheConfig(_config: u32) { Ok(()) }
    hipCtxGetSharedMemConfig(out: Out<u32>) { out.put(0) }
    hipCtxSetSharedMemConfig(_config: u32) { Ok(()) }

    hipDeviceGetP2PAttribute(out: Out<i32>, _attribute: u32, from: i32, to: i32) {
        runtime::device(from)?;
        runtime::device(to)?;
        if from == to { Err(Code::INVALID_DEVICE) } else { out.put(1) }
    }

    hipPointerGetAttribute(out: Out<Address>, attribute: u32, address: Address) {
        const DEVICE_POINTER: u32 = 3;
        const HOST_POINTER: u32 = 4;
        const RANGE_START: u32 = 11;
        const RANGE_BYTES: u32 = 12;
        let found = memory::describe(address).ok_or(Code::INVALID_VALUE)?;
        out.put(match attribute {
            DEVICE_POINTER | HOST_POINTER => address,
            RANGE_START => found.base,
            RANGE_BYTES => Address(found.bytes),
            _ => return Err(Code::NOT_SUPPORTED),
        })
    }

    hipOccupancyMaxPotentialBlockSize(
        grid: Out<i32>, block: Out<i32>, stub: Address, _shared: usize, limit: i32,
    ) {
        module::host_function(stub)?;
        block_size(grid, block, limit)
    }

    hipModuleOccupancyMaxPotentialBlockSize(
        grid: Out<i32>, block: Out<i32>, function: Address, _shared: usize, limit: i32,
    ) {
        module::function(function)?;
        block_size(grid, block, limit)
    }

    hipModuleOccupancyMaxPotentialBlockSizeWithFlags(
        grid: Out<i32>, block: Out<i32>, function: Address, _shared: usize, limit: i32, _flags: u32,
    ) {
        module::function(function)?;
        block_size(grid, block, limit)
    }
}

/// One of the largest blocks on each compute unit.
fn block_size(grid: Out<i32>, block: Out<i32>, limit: i32) -> Result {
    let most = i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX);
    block.put(if limit > 0 { most.min(limit) } else { most })?;
    grid.put(COMPUTE_UNITS)
}
