//! Stream-ordered allocation. A pool is a name only: every allocation is one of its own, which
//! exists from where the stream comes to the allocation to where it comes to the release.

use std::sync::Arc;

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::handles::Handles;
use gpusim::memory;
use gpusim::op::Op;
use gpusim::runtime;
use gpusim::stream::submit;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::current;

/// How much it may keep when memory is released; kept, not used.
struct Pool {
    threshold: std::sync::atomic::AtomicU64,
}

static POOLS: Handles<Pool> = Handles::new();

exports! {
    hipMallocAsync(out: Out<Address>, bytes: usize, stream: StreamHandle) {
        allocate(out, bytes, stream)
    }

    hipMallocFromPoolAsync(out: Out<Address>, bytes: usize, pool: Address, stream: StreamHandle) {
        get(pool)?;
        allocate(out, bytes, stream)
    }

    hipFreeAsync(address: Address, stream: StreamHandle) {
        let stream = stream.get()?;
        if address.is_null() {
            return Ok(());
        }
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        submit(&stream, Op::Free(address))
    }

    hipDeviceGetDefaultMemPool(out: Out<Address>, device: i32) {
        out.require()?;
        runtime::device(device)?;
        out.put(default())
    }

    hipDeviceGetMemPool(out: Out<Address>, device: i32) {
        out.require()?;
        runtime::device(device)?;
        out.put(default())
    }

    hipDeviceSetMemPool(device: i32, pool: Address) {
        runtime::device(device)?;
        get(pool).map(drop)
    }

    hipMemPoolCreate(out: Out<Address>, properties: In<[u64; 11]>) {
        out.require()?;
        properties.get()?;
        out.put(POOLS.add(Pool::new()))
    }

    hipMemPoolDestroy(pool: Address) {
        if pool == default() {
            return Err(Code::INVALID_VALUE);
        }
        POOLS.remove(pool).map(drop).ok_or(Code::INVALID_VALUE)
    }

    hipMemPoolTrimTo(pool: Address, _bytes: usize) { get(pool).map(drop) }

    hipMemPoolSetAttribute(pool: Address, attribute: u32, value: In<u64>) {
        let pool = get(pool)?;
        if attribute == THRESHOLD {
            pool.threshold.store(value.get()?, std::sync::atomic::Ordering::Relaxed);
        }
        Ok(())
    }

    hipMemPoolGetAttribute(pool: Address, attribute: u32, value: Out<u64>) {
        let pool = get(pool)?;
        let used = memory::used_bytes(current::device()?.ordinal) as u64;
        match attribute {
            THRESHOLD => value.put(pool.threshold.load(std::sync::atomic::Ordering::Relaxed)),
            RESERVED..=USED_HIGH => value.put(used),
            _ => Err(Code::NOT_SUPPORTED),
        }
    }

    hipMemPoolSetAccess(pool: Address, _list: Address, _count: usize) { get(pool).map(drop) }

    hipMemPoolGetAccess(flags: Out<u32>, pool: Address, _location: Address) {
        const READ_WRITE: u32 = 3;
        get(pool)?;
        flags.put(READ_WRITE)
    }
}

/// `hipMemPoolAttr`
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

fn default() -> Address {
    static DEFAULT: std::sync::OnceLock<Address> = std::sync::OnceLock::new();
    *DEFAULT.get_or_init(|| POOLS.add(Pool::new()))
}

fn get(pool: Address) -> Result<Arc<Pool>> {
    POOLS.get(pool).ok_or(Code::INVALID_VALUE)
}

fn allocate(out: Out<Address>, bytes: usize, stream: StreamHandle) -> Result {
    out.require()?;
    let stream = stream.get()?;
    if bytes == 0 {
        return out.put(Address(0));
    }
    let address = memory::reserve(bytes, stream.context.device.ordinal)?;
    match submit(&stream, Op::Allocate(address)) {
        Ok(()) => out.put(address),
        Err(code) => memory::free(address).and(Err(code)),
    }
}
