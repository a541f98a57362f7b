//! Arrays, and copies to and from them.

use std::sync::Arc;

use gpusim::abi::{
    Address, DEFAULT_KIND, DEVICE_TO_DEVICE, DEVICE_TO_HOST, Extent, HOST_TO_DEVICE, In, Out, Pos,
};
use gpusim::array::{Array, Channels};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::memory::copy::{Copy, Side};
use gpusim::stream::Stream;
use gpusim::stream_handle::{StreamHandle, of_thread};
use gpusim::transfer::{copy_later, copy_now};

use crate::call::exports;
use crate::current;

exports! {
    hipMallocArray(
        out: Out<Address>, channels: In<Channels>, width: usize, height: usize, flags: u32,
    ) {
        create(out, channels.get()?, Extent { width, height, depth: 0 }, flags)
    }

    hipMalloc3DArray(out: Out<Address>, channels: In<Channels>, extent: Extent, flags: u32) {
        create(out, channels.get()?, extent, flags)
    }

    hipArrayCreate(out: Out<Address>, description: In<Description>) {
        let Description { width, height, format, channels } = description.get()?;
        create(out, driver_channels(format, channels)?, Extent { width, height, depth: 0 }, 0)
    }

    hipArray3DCreate(out: Out<Address>, description: In<Description3D>) {
        let Description3D { extent, format, channels, flags } = description.get()?;
        create(out, driver_channels(format, channels)?, extent, flags)
    }

    hipFreeArray(array: Address) { destroy(array) }
    hipArrayDestroy(array: Address) { destroy(array) }

    hipGetChannelDesc(out: Out<Channels>, array: Address) {
        out.require()?;
        out.put(Array::get(array)?.channels)
    }

    hipArrayGetInfo(
        channels: Out<Channels>, extent: Out<Extent>, flags: Out<u32>, array: Address,
    ) {
        let array = Array::get(array)?;
        channels.put_optional(array.channels);
        extent.put_optional(array.extent);
        flags.put_optional(array.flags);
        Ok(())
    }

    hipMemcpy2DToArray(
        array: Address, x: usize, y: usize, from: Address, pitch: usize, width: usize,
        height: usize, kind: u32,
    ) {
        let copy = to_array(array, x, y, from, pitch, width, height, kind)?;
        copy_now(&StreamHandle::NULL.get()?, copy, kind)
    }

    hipMemcpy2DToArray_spt(
        array: Address, x: usize, y: usize, from: Address, pitch: usize, width: usize,
        height: usize, kind: u32,
    ) {
        copy_now(&of_thread()?, to_array(array, x, y, from, pitch, width, height, kind)?, kind)
    }

    hipMemcpy2DToArrayAsync(
        array: Address, x: usize, y: usize, from: Address, pitch: usize, width: usize,
        height: usize, kind: u32, stream: StreamHandle,
    ) {
        copy_later(&stream.get()?, to_array(array, x, y, from, pitch, width, height, kind)?)
    }

    hipMemcpy2DToArrayAsync_spt(
        array: Address, x: usize, y: usize, from: Address, pitch: usize, width: usize,
        height: usize, kind: u32, stream: StreamHandle,
    ) {
        let copy = to_array(array, x, y, from, pitch, width, height, kind)?;
        copy_later(&stream.get_per_thread()?, copy)
    }

    hipMemcpy2DFromArray(
        to: Address, pitch: usize, array: Address, x: usize, y: usize, width: usize, height: usize,
        kind: u32,
    ) {
        let copy = from_array(to, pitch, array, x, y, width, height, kind)?;
        copy_now(&StreamHandle::NULL.get()?, copy, kind)
    }

    hipMemcpy2DFromArray_spt(
        to: Address, pitch: usize, array: Address, x: usize, y: usize, width: usize, height: usize,
        kind: u32,
    ) {
        copy_now(&of_thread()?, from_array(to, pitch, array, x, y, width, height, kind)?, kind)
    }

    hipMemcpy2DFromArrayAsync(
        to: Address, pitch: usize, array: Address, x: usize, y: usize, width: usize, height: usize,
        kind: u32, stream: StreamHandle,
    ) {
        copy_later(&stream.get()?, from_array(to, pitch, array, x, y, width, height, kind)?)
    }

    hipMemcpy2DFromArrayAsync_spt(
        to: Address, pitch: usize, array: Address, x: usize, y: usize, width: usize, height: usize,
        kind: u32, stream: StreamHandle,
    ) {
        let copy = from_array(to, pitch, array, x, y, width, height, kind)?;
        copy_later(&stream.get_per_thread()?, copy)
    }

    hipMemcpy2DArrayToArray(
        to: Address, to_x: usize, to_y: usize, from: Address, from_x: usize, from_y: usize,
        width: usize, height: usize, kind: u32,
    ) {
        let (to, from) = (side(to, to_x, to_y)?, side(from, from_x, from_y)?);
        let extent = Extent::plane(width, height);
        copy_now(&StreamHandle::NULL.get()?, Copy::new(to, from, extent, kind)?, kind)
    }

    hipMemcpyToArray(array: Address, x: usize, y: usize, from: Address, bytes: usize, kind: u32) {
        let copy = flat(side(array, x, y)?, Side::flat(from), bytes, kind)?;
        copy_now(&StreamHandle::NULL.get()?, copy, kind)
    }

    hipMemcpyFromArray(to: Address, array: Address, x: usize, y: usize, bytes: usize, kind: u32) {
        let copy = flat(Side::flat(to), side(array, x, y)?, bytes, kind)?;
        copy_now(&StreamHandle::NULL.get()?, copy, kind)
    }

    hipMemcpyFromArray_spt(
        to: Address, array: Address, x: usize, y: usize, bytes: usize, kind: u32,
    ) {
        copy_now(&of_thread()?, flat(Side::flat(to), side(array, x, y)?, bytes, kind)?, kind)
    }

    hipMemcpyAtoH(to: Address, array: Address, offset: usize, bytes: usize) {
        let copy = flat(Side::flat(to), side(array, offset, 0)?, bytes, DEVICE_TO_HOST)?;
        copy_now(&StreamHandle::NULL.get()?, copy, DEVICE_TO_HOST)
    }

    hipMemcpyHtoA(array: Address, offset: usize, from: Address, bytes: usize) {
        let copy = flat(side(array, offset, 0)?, Side::flat(from), bytes, HOST_TO_DEVICE)?;
        copy_now(&StreamHandle::NULL.get()?, copy, HOST_TO_DEVICE)
    }

    hipMemcpyAtoHAsync(
        to: Address, array: Address, offset: usize, bytes: usize, stream: StreamHandle,
    ) {
        let copy = flat(Side::flat(to), side(array, offset, 0)?, bytes, DEVICE_TO_HOST)?;
        copy_later(&stream.get()?, copy)
    }

    hipMemcpyHtoAAsync(
        array: Address, offset: usize, from: Address, bytes: usize, stream: StreamHandle,
    ) {
        let copy = flat(side(array, offset, 0)?, Side::flat(from), bytes, HOST_TO_DEVICE)?;
        copy_later(&stream.get()?, copy)
    }

    hipMemcpyAtoD(to: Address, array: Address, offset: usize, bytes: usize) {
        within_device(Side::flat(to), side(array, offset, 0)?, bytes)
    }

    hipMemcpyDtoA(array: Address, offset: usize, from: Address, bytes: usize) {
        within_device(side(array, offset, 0)?, Side::flat(from), bytes)
    }

    hipMemcpyAtoA(to: Address, to_offset: usize, from: Address, from_offset: usize, bytes: usize) {
        within_device(side(to, to_offset, 0)?, side(from, from_offset, 0)?, bytes)
    }
}

/// Returns a structure, not a code.
#[unsafe(no_mangle)]
extern "C" fn hipCreateChannelDesc(x: i32, y: i32, z: i32, w: i32, kind: u32) -> Channels {
    Channels {
        bits: [x, y, z, w],
        kind,
    }
}

/// `HIP_ARRAY_DESCRIPTOR`
#[derive(Clone, Copy)]
#[repr(C)]
struct Description {
    width: usize,
    height: usize,
    format: u32,
    channels: u32,
}

/// `HIP_ARRAY3D_DESCRIPTOR`
#[derive(Clone, Copy)]
#[repr(C)]
struct Description3D {
    extent: Extent,
    format: u32,
    channels: u32,
    flags: u32,
}

/// From `hipArray_Format`.
fn driver_channels(format: u32, count: u32) -> Result<Channels> {
    const SIGNED: u32 = 0;
    const UNSIGNED: u32 = 1;
    const FLOAT: u32 = 2;
    let (bits, kind) = match format {
        0x01 => (8, UNSIGNED),
        0x02 => (16, UNSIGNED),
        0x03 => (32, UNSIGNED),
        0x08 => (8, SIGNED),
        0x09 => (16, SIGNED),
        0x0a => (32, SIGNED),
        0x10 => (16, FLOAT),
        0x20 => (32, FLOAT),
        _ => return Err(Code::INVALID_VALUE),
    };
    if !matches!(count, 1 | 2 | 4) {
        return Err(Code::INVALID_VALUE);
    }
    let bits = std::array::from_fn(|channel| if channel < count as usize { bits } else { 0 });
    Ok(Channels { bits, kind })
}

fn create(out: Out<Address>, channels: Channels, extent: Extent, flags: u32) -> Result {
    out.require()?;
    capture::refuse_unsafe()?;
    out.put(Array::create(
        channels,
        extent,
        flags,
        current::device()?.ordinal,
    )?)
}

/// Waits for all streams of its device.
fn destroy(handle: Address) -> Result {
    if handle.is_null() {
        return Err(Code::INVALID_VALUE);
    }
    capture::refuse_unsafe()?;
    current::context_of(Array::get(handle)?.device).synchronize();
    Array::destroy(handle)
}

fn side(array: Address, x: usize, y: usize) -> Result<Side> {
    Ok(Array::get(array)?.side(Pos { x, y, z: 0 }))
}

#[allow(clippy::too_many_arguments, reason = "as the four functions have them")]
fn to_array(
    array: Address,
    x: usize,
    y: usize,
    from: Address,
    pitch: usize,
    width: usize,
    height: usize,
    kind: u32,
) -> Result<Copy> {
    let extent = Extent::plane(width, height);
    Copy::new(
        side(array, x, y)?,
        Side::pitched(from, pitch, height),
        extent,
        kind,
    )
}

#[allow(clippy::too_many_arguments, reason = "as the four functions have them")]
fn from_array(
    to: Address,
    pitch: usize,
    array: Address,
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    kind: u32,
) -> Result<Copy> {
    let extent = Extent::plane(width, height);
    Copy::new(
        Side::pitched(to, pitch, height),
        side(array, x, y)?,
        extent,
        kind,
    )
}

/// Bytes in a row, which may go on in the array's next one.
fn flat(to: Side, from: Side, bytes: usize, kind: u32) -> Result<Copy> {
    if kind > DEFAULT_KIND {
        return Err(Code::INVALID_DIRECTION);
    }
    Copy::flat(to.base, from.base, bytes, kind)
}

fn within_device(to: Side, from: Side, bytes: usize) -> Result {
    let stream: Arc<Stream> = StreamHandle::NULL.get()?;
    copy_now(
        &stream,
        flat(to, from, bytes, DEVICE_TO_DEVICE)?,
        DEVICE_TO_DEVICE,
    )
}
