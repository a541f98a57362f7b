//! Contexts: as in AMD's library there is one per device, its primary one, and they only say which
//! device is current.

use gpusim::abi::{Address, Out};
use gpusim::error::{Code, Result};
use gpusim::runtime;

use crate::call::exports;
use crate::current;

exports! {
    hipCtxCreate(out: Out<Address>, _flags: u32, device: i32) {
        out.require()?;
        current::set_device(device)?;
        out.put(handle(device))
    }

    hipCtxDestroy(context: Address) { device_of(context).map(drop) }

    hipCtxGetCurrent(out: Out<Address>) {
        out.require()?;
        out.put(handle(current::device()?.number()))
    }

    hipCtxSetCurrent(context: Address) {
        if context.is_null() { Ok(()) } else { current::set_device(device_of(context)?) }
    }

    hipCtxPushCurrent(context: Address) { current::set_device(device_of(context)?) }

    hipCtxPopCurrent(out: Out<Address>) {
        out.put_optional(handle(current::device()?.number()));
        Ok(())
    }

    hipCtxGetDevice(out: Out<i32>) {
        out.require()?;
        out.put(current::device()?.number())
    }

    hipDevicePrimaryCtxRetain(out: Out<Address>, device: i32) {
        out.require()?;
        out.put(handle(runtime::device(device)?.number()))
    }

    hipDevicePrimaryCtxRelease(device: i32) { runtime::device(device).map(drop) }

    // Does nothing in AMD's library either.
    hipDevicePrimaryCtxReset(device: i32) { runtime::device(device).map(drop) }

    hipDevicePrimaryCtxSetFlags(device: i32, _flags: u32) { runtime::device(device).map(drop) }

    hipDevicePrimaryCtxGetState(device: i32, flags: Out<u32>, active: Out<i32>) {
        let current = runtime::device(device)?.ordinal == current::device()?.ordinal;
        flags.put_optional(0);
        active.put_optional(i32::from(current));
        Ok(())
    }
}

/// Not an address: nobody looks behind a context.
fn handle(device: i32) -> Address {
    Address(0x0c74_0000 + usize::try_from(device).unwrap_or(0) * 16)
}

fn device_of(context: Address) -> Result<i32> {
    let devices = runtime::devices().iter().map(|device| device.number());
    devices
        .into_iter()
        .find(|device| handle(*device) == context)
        .ok_or(Code::INVALID_CONTEXT)
}
