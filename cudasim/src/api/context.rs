//! Contexts.

use gpusim::abi::{Address, Out};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::runtime;

use crate::call::exports;
use crate::context::{self, of};
use crate::profile::{GREATEST_PRIORITY, LEAST_PRIORITY};

exports! { driver:
    cuCtxCreate_v2(out: Out<Address>, _flags: u32, device: i32) { create(out, device) }

    cuCtxCreate_v3(
        out: Out<Address>, _affinity: Address, _count: i32, _flags: u32, device: i32,
    ) {
        create(out, device)
    }

    cuCtxCreate_v4(out: Out<Address>, _params: Address, _flags: u32, device: i32) {
        create(out, device)
    }

    cuCtxDestroy(context: Address) { context::destroy(context) }

    cuCtxDestroy_v2(context: Address) { context::destroy(context) }

    cuCtxPushCurrent(context: Address) { context::push(context) }

    cuCtxPushCurrent_v2(context: Address) { context::push(context) }

    cuCtxPopCurrent(out: Out<Address>) { pop(out) }

    cuCtxPopCurrent_v2(out: Out<Address>) { pop(out) }

    cuCtxSetCurrent(context: Address) { context::set(context) }

    cuCtxGetCurrent(out: Out<Address>) {
        out.put(context::current_handle().unwrap_or_default())
    }

    cuCtxGetId(context: Address, out: Out<u64>) { out.put(of(context)?.id) }

    cuCtxGetApiVersion(context: Address, out: Out<u32>) {
        of(context)?;
        out.put(3020)
    }

    cuCtxGetDevice_v2(out: Out<i32>, context: Address) {
        out.put(of(context)?.device.number())
    }

    cuCtxSynchronize_v2(context: Address) { synchronize(&*of(context)?) }

    cuDevicePrimaryCtxRetain(out: Out<Address>, device: i32) {
        out.require()?;
        out.put(context::retain(runtime::device(device)?))
    }

    cuDevicePrimaryCtxRelease(device: i32) { context::release(runtime::device(device)?) }

    cuDevicePrimaryCtxRelease_v2(device: i32) { context::release(runtime::device(device)?) }

    cuDevicePrimaryCtxReset(device: i32) { reset(device) }

    cuDevicePrimaryCtxReset_v2(device: i32) { reset(device) }

    cuDevicePrimaryCtxGetState(device: i32, flags: Out<u32>, active: Out<i32>) {
        let device = runtime::device(device)?;
        flags.put_optional(0);
        active.put(i32::from(context::is_active(device)))
    }

    cuDevicePrimaryCtxSetFlags(device: i32, _flags: u32) { runtime::device(device).map(drop) }

    cuDevicePrimaryCtxSetFlags_v2(device: i32, _flags: u32) { runtime::device(device).map(drop) }
}

exports! { context:
    cuCtxGetDevice(out: Out<i32>) { out.put(context::current()?.device.number()) }

    cuCtxGetFlags(out: Out<u32>) { out.put(0) }

    cuCtxSetFlags(_flags: u32) { Ok(()) }

    cuCtxSynchronize() { synchronize(&*context::current()?) }

    cuCtxGetStreamPriorityRange(least: Out<i32>, greatest: Out<i32>) {
        least.put_optional(LEAST_PRIORITY);
        greatest.put_optional(GREATEST_PRIORITY);
        Ok(())
    }

    // Kept by nobody: nothing here has a cache, or a stack.
    cuCtxGetCacheConfig(out: Out<u32>) { out.put(0) }
    cuCtxSetCacheConfig(_config: u32) { Ok(()) }
    cuCtxGetSharedMemConfig(out: Out<u32>) { out.put(0) }
    cuCtxSetSharedMemConfig(_config: u32) { Ok(()) }
    cuCtxResetPersistingL2Cache() { Ok(()) }
    cuCtxSetLimit(limit: u32, _value: usize) { known(limit) }
    cuCtxGetLimit(out: Out<usize>, limit: u32) {
        known(limit)?;
        out.put(1024)
    }

    cuCtxEnablePeerAccess(peer: Address, flags: u32) {
        context::get(peer)?;
        if flags == 0 { Ok(()) } else { Err(Code::INVALID_VALUE) }
    }
    cuCtxDisablePeerAccess(peer: Address) { context::get(peer).map(drop) }
}

fn create(out: Out<Address>, device: i32) -> Result {
    out.put_result(context::create(runtime::device(device)?))
}

fn pop(out: Out<Address>) -> Result {
    out.put_optional(context::pop()?);
    Ok(())
}

fn synchronize(context: &gpusim::context::Context) -> Result {
    capture::refuse_device_wait()?;
    context.synchronize();
    // What failed meanwhile.
    context.failure().map_or(Ok(()), Err)
}

fn reset(device: i32) -> Result {
    context::reset(runtime::device(device)?);
    Ok(())
}

fn known(limit: u32) -> Result {
    const LAST: u32 = 9;
    if limit < LAST {
        Ok(())
    } else {
        Err(Code::UNSUPPORTED_LIMIT)
    }
}
