//! Arrays, and copies between them and flat memory.

use gpusim::abi::{Address, DEFAULT_KIND, Extent, In, Out, Pos};
use gpusim::array::{Array, Channels};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::memory::copy::{Copy, Side};
use gpusim::stream_handle::StreamHandle;
use gpusim::transfer::{copy_later, copy_now};

use crate::call::exports;
use crate::context;

exports! { context:
    cuArrayCreate_v2(out: Out<Address>, descriptor: In<Descriptor>) {
        let Descriptor { width, height, format, channels } = descriptor.get()?;
        let extent = Extent { width, height, depth: 0 };
        out.put_result(create(extent, format, channels, 0))
    }

    cuArray3DCreate_v2(out: Out<Address>, descriptor: In<Descriptor3D>) {
        let Descriptor3D { extent, format, channels, flags } = descriptor.get()?;
        out.put_result(create(extent, format, channels, flags))
    }

    cuArrayDestroy(array: Address) {
        Array::get(array)?;
        capture::refuse_unsafe()?;
        context::current()?.synchronize();
        Array::destroy(array)
    }
}

exports! { context; default:
    [cuMemcpyHtoA_v2] [cuMemcpyHtoA_v2_ptds] (
        to: Address, offset: usize, from: Address, bytes: usize,
    ) {
        copy_now(&default.null()?, copy(side(to, offset)?, Side::flat(from), bytes)?, DEFAULT_KIND)
    }

    [cuMemcpyDtoA_v2] [cuMemcpyDtoA_v2_ptds] (
        to: Address, offset: usize, from: Address, bytes: usize,
    ) {
        copy_now(&default.null()?, copy(side(to, offset)?, Side::flat(from), bytes)?, DEFAULT_KIND)
    }

    [cuMemcpyAtoH_v2] [cuMemcpyAtoH_v2_ptds] (
        to: Address, from: Address, offset: usize, bytes: usize,
    ) {
        copy_now(&default.null()?, copy(Side::flat(to), side(from, offset)?, bytes)?, DEFAULT_KIND)
    }

    [cuMemcpyAtoD_v2] [cuMemcpyAtoD_v2_ptds] (
        to: Address, from: Address, offset: usize, bytes: usize,
    ) {
        copy_now(&default.null()?, copy(Side::flat(to), side(from, offset)?, bytes)?, DEFAULT_KIND)
    }

    [cuMemcpyAtoA_v2] [cuMemcpyAtoA_v2_ptds] (
        to: Address, to_offset: usize, from: Address, from_offset: usize, bytes: usize,
    ) {
        let copy = copy(side(to, to_offset)?, side(from, from_offset)?, bytes)?;
        copy_now(&default.null()?, copy, DEFAULT_KIND)
    }

    [cuMemcpyHtoAAsync_v2] [cuMemcpyHtoAAsync_v2_ptsz] (
        to: Address, offset: usize, from: Address, bytes: usize, stream: StreamHandle,
    ) {
        let copy = copy(side(to, offset)?, Side::flat(from), bytes)?;
        copy_later(&default.stream(stream)?, copy)
    }

    [cuMemcpyAtoHAsync_v2] [cuMemcpyAtoHAsync_v2_ptsz] (
        to: Address, from: Address, offset: usize, bytes: usize, stream: StreamHandle,
    ) {
        let copy = copy(Side::flat(to), side(from, offset)?, bytes)?;
        copy_later(&default.stream(stream)?, copy)
    }
}

/// `CUDA_ARRAY_DESCRIPTOR`
#[derive(Clone, Copy)]
#[repr(C)]
struct Descriptor {
    width: usize,
    height: usize,
    format: u32,
    channels: u32,
}

/// `CUDA_ARRAY3D_DESCRIPTOR`
#[derive(Clone, Copy)]
#[repr(C)]
struct Descriptor3D {
    extent: Extent,
    format: u32,
    channels: u32,
    flags: u32,
}

fn create(extent: Extent, format: u32, channels: u32, flags: u32) -> Result<Address> {
    // `CUarray_format`; the formats for video and textures have more.
    let bits = match format {
        1 | 8 => 8,
        2 | 9 | 0x10 => 16,
        3 | 0x0a | 0x20 => 32,
        _ => return Err(Code::NOT_SUPPORTED),
    };
    if !matches!(channels, 1 | 2 | 4) {
        return Err(Code::INVALID_VALUE);
    }
    let channel = |index| if index < channels { bits } else { 0 };
    let channels = Channels {
        bits: [channel(0), channel(1), channel(2), channel(3)],
        kind: format,
    };
    Array::create(channels, extent, flags, context::current()?.device.ordinal)
}

fn side(array: Address, offset: usize) -> Result<Side> {
    Ok(Array::get(array)?.side(Pos {
        x: offset,
        y: 0,
        z: 0,
    }))
}

/// Of one row.
fn copy(to: Side, from: Side, bytes: usize) -> Result<Copy> {
    Copy::new(to, from, Extent::plane(bytes, 1), DEFAULT_KIND)
}
