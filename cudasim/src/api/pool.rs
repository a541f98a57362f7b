//! Stream-ordered allocation. A pool is a name only: every allocation is one of its own, which
//! exists from where the stream comes to the allocation to where it comes to the release.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::handles::Handles;
use gpusim::memory;
use gpusim::op::Op;
use gpusim::runtime;
use gpusim::stream::submit;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::context;
use crate::default_stream::Default;

/// How much it may keep when memory is released; kept, not used.
struct Pool {
    threshold: AtomicU64,
}

static POOLS: Handles<Pool> = Handles::new();

exports! { driver:
    cuDeviceGetDefaultMemPool(out: Out<Address>, device: i32) { of_device(out, device) }

    cuDeviceGetMemPool(out: Out<Address>, device: i32) { of_device(out, device) }

    cuDeviceSetMemPool(device: i32, pool: Address) {
        runtime::device(device)?;
        get(pool).map(drop)
    }

    cuMemPoolCreate(out: Out<Address>, properties: In<[u64; 11]>) {
        out.require()?;
        properties.get()?;
        out.put(POOLS.add(Pool::new()))
    }

    cuMemPoolDestroy(pool: Address) {
        if pool == default() {
            return Err(Code::INVALID_VALUE);
        }
        POOLS.remove(pool).map(drop).ok_or(Code::INVALID_VALUE)
    }

    cuMemPoolTrimTo(pool: Address, _bytes: usize) { get(pool).map(drop) }

    cuMemPoolSetAttribute(pool: Address, attribute: u32, value: In<u64>) {
        let pool = get(pool)?;
        if attribute == THRESHOLD {
            pool.threshold.store(value.get()?, Ordering::Relaxed);
        }
        Ok(())
    }

    cuMemPoolGetAttribute(pool: Address, attribute: u32, value: Out<u64>) {
        let pool = get(pool)?;
        let used = memory::used_bytes(context::current()?.device.ordinal) as u64;
        match attribute {
            THRESHOLD => value.put(pool.threshold.load(Ordering::Relaxed)),
            RESERVED..=USED_HIGH => value.put(used),
            _ => Err(Code::NOT_SUPPORTED),
        }
    }

    cuMemPoolSetAccess(pool: Address, _list: Address, _count: usize) { get(pool).map(drop) }

    cuMemPoolGetAccess(flags: Out<u32>, pool: Address, _location: Address) {
        const READ_WRITE: u32 = 3;
        get(pool)?;
        flags.put(READ_WRITE)
    }
}

exports! { context; default:
    [cuMemAllocAsync] [cuMemAllocAsync_ptsz] (
        out: Out<Address>, bytes: usize, stream: StreamHandle,
    ) {
        allocate(default, out, bytes, stream)
    }

    [cuMemAllocFromPoolAsync] [cuMemAllocFromPoolAsync_ptsz] (
        out: Out<Address>, bytes: usize, pool: Address, stream: StreamHandle,
    ) {
        get(pool)?;
        allocate(default, out, bytes, stream)
    }

    [cuMemFreeAsync] [cuMemFreeAsync_ptsz] (address: Address, stream: StreamHandle) {
        let stream = default.stream(stream)?;
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        submit(&stream, Op::Free(address))
    }
}

/// `CUmemPool_attribute`
const THRESHOLD: u32 = 4;
const RESERVED: u32 = 5;
const USED_HIGH: u32 = 8;

impl Pool {
    fn new() -> Arc<Pool> {
        Arc::new(Pool {
            threshold: 0.into(),
        })
    }
}

fn of_device(out: Out<Address>, device: i32) -> Result {
    out.require()?;
    runtime::device(device)?;
    out.put(default())
}

fn default() -> Address {
    static DEFAULT: std::sync::OnceLock<Address> = std::sync::OnceLock::new();
    *DEFAULT.get_or_init(|| POOLS.add(Pool::new()))
}

fn get(pool: Address) -> Result<Arc<Pool>> {
    POOLS.get(pool).ok_or(Code::INVALID_VALUE)
}

fn allocate(default: Default, out: Out<Address>, bytes: usize, stream: StreamHandle) -> Result {
    out.require()?;
    let stream = default.stream(stream)?;
    if bytes == 0 {
        return Err(Code::INVALID_VALUE);
    }
    let address = memory::reserve(bytes, stream.context.device.ordinal)?;
    match submit(&stream, Op::Allocate(address)) {
        Ok(()) => out.put(address),
        Err(code) => memory::free(address).and(Err(code)),
    }
}
