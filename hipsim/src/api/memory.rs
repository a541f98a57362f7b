//! Allocation, and what is known about addresses.

use gpusim::abi::{Address, Extent, Out, PitchedPtr};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::memory::{self, Place, TOTAL_BYTES};
use gpusim::runtime;

use crate::call::exports;
use crate::{current, plt};

exports! {
    hipMalloc(out: Out<Address>, bytes: usize) { allocate_device(out, bytes, 0) }

    hipExtMallocWithFlags(out: Out<Address>, bytes: usize, flags: u32) {
        const SIGNAL: u32 = 2;
        if flags == SIGNAL && bytes != 8 {
            return Err(Code::INVALID_VALUE);
        }
        allocate_device(out, bytes, flags)
    }

    hipMallocManaged(out: Out<Address>, bytes: usize, flags: u32) {
        let device = current::device()?.ordinal;
        allocate(out, bytes, Place::Managed(device), flags)
    }

    hipHostMalloc(out: Out<Address>, bytes: usize, flags: u32) {
        allocate(out, bytes, Place::Host, flags)
    }

    hipHostAlloc(out: Out<Address>, bytes: usize, flags: u32) {
        allocate(out, bytes, Place::Host, flags)
    }

    hipMallocHost(out: Out<Address>, bytes: usize) { allocate(out, bytes, Place::Host, 0) }

    hipMemAllocHost(out: Out<Address>, bytes: usize) { allocate(out, bytes, Place::Host, 0) }

    hipMallocPitch(out: Out<Address>, pitch: Out<usize>, width: usize, height: usize) {
        allocate_rows(out, pitch, width, height)
    }

    hipMemAllocPitch(
        out: Out<Address>, pitch: Out<usize>, width: usize, height: usize, element: u32,
    ) {
        if !matches!(element, 4 | 8 | 16) {
            return Err(Code::INVALID_VALUE);
        }
        allocate_rows(out, pitch, width, height)
    }

    hipMalloc3D(out: Out<PitchedPtr>, extent: Extent) {
        out.require()?;
        let pitch = pitch_of(extent.width);
        let ptr = allocated(pitch * extent.height * extent.depth)?;
        out.put(PitchedPtr { ptr, pitch, xsize: extent.width, ysize: extent.height })
    }

    hipFree(address: Address) { free(address, |place| !matches!(place, Place::Host)) }

    hipHostFree(address: Address) { free(address, |place| matches!(place, Place::Host)) }

    hipFreeHost(address: Address) { free(address, |place| matches!(place, Place::Host)) }

    hipHostRegister(address: Address, bytes: usize, flags: u32) {
        capture::refuse_unsafe()?;
        memory::register(address, bytes, flags)
    }

    hipHostUnregister(address: Address) {
        capture::refuse_unsafe()?;
        synchronize_all();
        memory::unregister(address)
    }

    hipHostGetDevicePointer(out: Out<Address>, address: Address, _flags: u32) {
        out.require()?;
        memory::describe(address).filter(is_host).ok_or(Code::INVALID_VALUE)?;
        out.put(address)
    }

    hipHostGetFlags(out: Out<u32>, address: Address) {
        out.require()?;
        out.put(memory::describe(address).filter(is_host).ok_or(Code::INVALID_VALUE)?.flags)
    }

    hipMemGetInfo(free: Out<usize>, total: Out<usize>) {
        let used = memory::used_bytes(current::device()?.ordinal);
        free.put_optional(TOTAL_BYTES - used);
        total.put_optional(TOTAL_BYTES);
        Ok(())
    }

    // As AMD's library does, through the exported function.
    hipDeviceTotalMem(out: Out<usize>, device: i32) {
        runtime::device(device)?;
        out.put(plt::memory()?.1)
    }

    hipMemGetAddressRange(base: Out<Address>, bytes: Out<usize>, address: Address) {
        let found = memory::describe(address).ok_or(Code::NOT_FOUND)?;
        base.put_optional(found.base);
        bytes.put_optional(found.bytes);
        Ok(())
    }

    hipMemPtrGetInfo(address: Address, bytes: Out<usize>) {
        bytes.put(memory::describe(address).ok_or(Code::INVALID_VALUE)?.bytes)
    }

    hipPointerGetAttributes(out: Out<PointerAttributes>, address: Address) {
        out.require()?;
        out.put(pointer_attributes(address)?)
    }

    hipMemAdvise(address: Address, bytes: usize, _advice: u32, _device: i32) {
        if memory::is_known(address, bytes) { Ok(()) } else { Err(Code::INVALID_VALUE) }
    }
}

fn allocate(out: Out<Address>, bytes: usize, place: Place, flags: u32) -> Result {
    out.require()?;
    capture::refuse_unsafe()?;
    current::device()?;
    out.put(if bytes == 0 {
        Address(0)
    } else {
        memory::allocate(bytes, place, flags)?
    })
}

fn allocate_device(out: Out<Address>, bytes: usize, flags: u32) -> Result {
    allocate(out, bytes, Place::Device(current::device()?.ordinal), flags)
}

/// Device memory on the current device.
pub(super) fn allocated(bytes: usize) -> Result<Address> {
    capture::refuse_unsafe()?;
    memory::allocate(bytes, Place::Device(current::device()?.ordinal), 0)
}

fn allocate_rows(out: Out<Address>, pitch: Out<usize>, width: usize, height: usize) -> Result {
    out.require()?;
    pitch.require()?;
    if width == 0 || height == 0 {
        pitch.put(0)?;
        return out.put(Address(0));
    }
    out.put(allocated(pitch_of(width) * height)?)?;
    pitch.put(pitch_of(width))
}

/// Rows start at multiples of this.
fn pitch_of(width: usize) -> usize {
    width.next_multiple_of(256)
}

/// Waits for all streams of the devices that may use the memory, then frees it.
fn free(address: Address, is_right: impl Fn(Place) -> bool) -> Result {
    if address.is_null() {
        return Ok(());
    }
    capture::refuse_unsafe()?;
    let found = memory::allocation(address).filter(|found| is_right(found.place));
    match found.ok_or(Code::INVALID_VALUE)?.place {
        Place::Device(device) | Place::Managed(device) => {
            current::context_of(device).synchronize();
        }
        Place::Host | Place::Registered => synchronize_all(),
    }
    memory::free(address)
}

fn synchronize_all() {
    for device in runtime::devices() {
        current::context_of(device.ordinal).synchronize();
    }
}

fn is_host(found: &memory::Description) -> bool {
    matches!(
        found.place,
        Place::Host | Place::Registered | Place::Managed(_)
    )
}

/// `hipPointerAttribute_t`
#[derive(Default)]
#[repr(C)]
struct PointerAttributes {
    kind: u32,
    device: i32,
    device_pointer: Address,
    host_pointer: Address,
    is_managed: i32,
    flags: u32,
}

fn pointer_attributes(address: Address) -> Result<PointerAttributes> {
    // The numbers of `hipMemoryType` changed with 6.0, and addresses that the runtime does not know
    // became a kind of their own.
    let before_6 = plt::release() < 600;
    let Some(found) = memory::describe(address) else {
        return if before_6 {
            Err(Code::INVALID_VALUE)
        } else {
            Ok(PointerAttributes::default())
        };
    };
    let (host, device, managed) = if before_6 { (0, 1, 1) } else { (1, 2, 3) };
    let (kind, ordinal, host_pointer) = match found.place {
        Place::Device(ordinal) => (device, ordinal, Address(0)),
        Place::Managed(ordinal) => (managed, ordinal, address),
        Place::Host | Place::Registered => (host, 0, address),
    };
    Ok(PointerAttributes {
        kind,
        device: i32::try_from(ordinal).unwrap_or(0),
        device_pointer: address,
        host_pointer,
        is_managed: i32::from(matches!(found.place, Place::Managed(_))),
        flags: found.flags,
    })
}
