//! Allocation and registration.

use gpusim::abi::{Address, Out};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::memory::{self, Description, Place, TOTAL_BYTES};

use crate::call::exports;
use crate::context;

exports! { context:
    cuMemAlloc_v2(out: Out<Address>, bytes: usize) { out.put_result(allocate_device(bytes)) }

    cuMemAllocPitch_v2(
        out: Out<Address>, pitch: Out<usize>, width: usize, height: usize, element: u32,
    ) {
        if !matches!(element, 4 | 8 | 16) {
            return Err(Code::INVALID_VALUE);
        }
        pitch.require()?;
        // Rows start at multiples of this.
        let row = width.next_multiple_of(512);
        out.put_result(allocate_device(row * height))?;
        pitch.put(row)
    }

    cuMemAllocManaged(out: Out<Address>, bytes: usize, flags: u32) {
        if !matches!(flags, 1 | 2) {
            return Err(Code::INVALID_VALUE);
        }
        let device = context::current()?.device.ordinal;
        out.put_result(allocate(bytes, Place::Managed(device), flags))
    }

    cuMemAllocHost_v2(out: Out<Address>, bytes: usize) {
        out.put_result(allocate(bytes, Place::Host, 0))
    }

    cuMemHostAlloc(out: Out<Address>, bytes: usize, flags: u32) {
        /// Portable, device-mapped, write-combined.
        const FLAGS: u32 = 7;
        if flags & !FLAGS != 0 {
            return Err(Code::INVALID_VALUE);
        }
        out.put_result(allocate(bytes, Place::Host, flags))
    }

    cuMemFree_v2(address: Address) {
        free(address, |found| matches!(found.place, Place::Device(_) | Place::Managed(_)))
    }

    cuMemFreeHost(address: Address) { free(address, |found| found.place == Place::Host) }

    cuMemHostRegister_v2(address: Address, bytes: usize, flags: u32) {
        /// Portable, device-mapped, of a device, read-only.
        const FLAGS: u32 = 15;
        if flags & !FLAGS != 0 {
            return Err(Code::INVALID_VALUE);
        }
        capture::refuse_unsafe()?;
        memory::register(address, bytes, flags)
    }

    cuMemHostUnregister(address: Address) {
        capture::refuse_unsafe()?;
        context::current()?.synchronize();
        memory::unregister(address)
    }

    // Host memory has the same address on the device.
    cuMemHostGetDevicePointer_v2(out: Out<Address>, address: Address, flags: u32) {
        out.require()?;
        let found = memory::describe(address).filter(is_host);
        if found.is_none() || flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        out.put(address)
    }

    cuMemHostGetFlags(out: Out<u32>, address: Address) {
        let found = memory::describe(address).filter(is_host);
        out.put(found.ok_or(Code::INVALID_VALUE)?.flags)
    }

    cuMemGetInfo_v2(free: Out<usize>, total: Out<usize>) {
        let used = memory::used_bytes(context::current()?.device.ordinal);
        free.put_optional(TOTAL_BYTES - used);
        total.put_optional(TOTAL_BYTES);
        Ok(())
    }

    cuMemGetAddressRange_v2(base: Out<Address>, bytes: Out<usize>, address: Address) {
        let found = memory::describe(address).ok_or(Code::NOT_FOUND)?;
        base.put_optional(found.base);
        bytes.put_optional(found.bytes);
        Ok(())
    }
}

fn allocate_device(bytes: usize) -> Result<Address> {
    allocate(bytes, Place::Device(context::current()?.device.ordinal), 0)
}

fn allocate(bytes: usize, place: Place, flags: u32) -> Result<Address> {
    capture::refuse_unsafe()?;
    if bytes == 0 {
        return Err(Code::INVALID_VALUE);
    }
    memory::allocate(bytes, place, flags)
}

/// Waits for the context, then frees.
fn free(address: Address, is_right: impl Fn(&Description) -> bool) -> Result {
    if address.is_null() {
        return Ok(());
    }
    capture::refuse_unsafe()?;
    memory::allocation(address)
        .filter(is_right)
        .ok_or(Code::INVALID_VALUE)?;
    context::current()?.synchronize();
    memory::free(address)
}

fn is_host(found: &Description) -> bool {
    matches!(
        found.place,
        Place::Host | Place::Registered | Place::Managed(_)
    )
}
