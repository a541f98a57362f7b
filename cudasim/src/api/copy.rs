//! Copies.

use gpusim::abi::{Address, DEFAULT_KIND, Extent, In, Pos};
use gpusim::array::Array;
use gpusim::error::{Code, Result};
use gpusim::memory::copy::{Copy, Side};
use gpusim::stream_handle::StreamHandle;
use gpusim::transfer::{copy_later, copy_now};

use crate::call::exports;
use crate::context;
use crate::default_stream::Default;

exports! { context; default:
    [cuMemcpy cuMemcpyDtoD_v2 cuMemcpyHtoD_v2 cuMemcpyDtoH_v2]
    [cuMemcpy_ptds cuMemcpyDtoD_v2_ptds cuMemcpyHtoD_v2_ptds cuMemcpyDtoH_v2_ptds]
    (to: Address, from: Address, bytes: usize) {
        now(default, flat(to, from, bytes))
    }

    [cuMemcpyAsync cuMemcpyDtoDAsync_v2 cuMemcpyHtoDAsync_v2 cuMemcpyDtoHAsync_v2]
    [cuMemcpyAsync_ptsz cuMemcpyDtoDAsync_v2_ptsz cuMemcpyHtoDAsync_v2_ptsz
     cuMemcpyDtoHAsync_v2_ptsz]
    (to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        copy_later(&default.stream(stream)?, flat(to, from, bytes)?)
    }

    [cuMemcpyPeer] [cuMemcpyPeer_ptds] (
        to: Address, to_context: Address, from: Address, from_context: Address, bytes: usize,
    ) {
        context::get(to_context)?;
        context::get(from_context)?;
        now(default, flat(to, from, bytes))
    }

    [cuMemcpyPeerAsync] [cuMemcpyPeerAsync_ptsz] (
        to: Address, to_context: Address, from: Address, from_context: Address, bytes: usize,
        stream: StreamHandle,
    ) {
        context::get(to_context)?;
        context::get(from_context)?;
        copy_later(&default.stream(stream)?, flat(to, from, bytes)?)
    }

    [cuMemcpy2D_v2 cuMemcpy2DUnaligned_v2] [cuMemcpy2D_v2_ptds cuMemcpy2DUnaligned_v2_ptds]
    (params: In<Params2D>) {
        now(default, params.get()?.copy())
    }

    [cuMemcpy2DAsync_v2] [cuMemcpy2DAsync_v2_ptsz] (params: In<Params2D>, stream: StreamHandle) {
        copy_later(&default.stream(stream)?, params.get()?.copy()?)
    }

    [cuMemcpy3D_v2 cuMemcpy3DPeer] [cuMemcpy3D_v2_ptds cuMemcpy3DPeer_ptds]
    (params: In<Params3D>) {
        now(default, params.get()?.copy())
    }

    [cuMemcpy3DAsync_v2 cuMemcpy3DPeerAsync] [cuMemcpy3DAsync_v2_ptsz cuMemcpy3DPeerAsync_ptsz]
    (params: In<Params3D>, stream: StreamHandle) {
        copy_later(&default.stream(stream)?, params.get()?.copy()?)
    }
}

fn flat(to: Address, from: Address, bytes: usize) -> Result<Copy> {
    Copy::flat(to, from, bytes, DEFAULT_KIND)
}

fn now(default: Default, copy: Result<Copy>) -> Result {
    copy_now(&default.null()?, copy?, DEFAULT_KIND)
}

/// One end: which of the three addresses counts depends on the type. Widths are in bytes.
#[derive(Clone, Copy)]
#[repr(C)]
struct End {
    memory_type: u32,
    host: Address,
    device: Address,
    array: Address,
}

impl End {
    fn side(&self, pos: Pos, pitch: usize, height: usize) -> Result<Side> {
        const HOST: u32 = 1;
        const ARRAY: u32 = 3;
        const DEVICE: u32 = 2;
        const UNIFIED: u32 = 4;
        if self.memory_type == ARRAY {
            return Ok(Array::get(self.array)?.side(pos));
        }
        let base = match self.memory_type {
            HOST => self.host,
            DEVICE | UNIFIED => self.device,
            _ => return Err(Code::INVALID_VALUE),
        };
        let start = pos.x + (pos.y + pos.z * height) * pitch;
        Ok(Side::pitched(base.offset(start), pitch, height))
    }
}

/// `CUDA_MEMCPY2D`
#[derive(Clone, Copy)]
#[repr(C)]
struct Params2D {
    from: End2D,
    to: End2D,
    width: usize,
    height: usize,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct End2D {
    x: usize,
    y: usize,
    end: End,
    pitch: usize,
}

impl Params2D {
    fn copy(&self) -> Result<Copy> {
        let side = |End2D { x, y, end, pitch }: End2D| {
            let pitch = if pitch == 0 { self.width } else { pitch };
            end.side(Pos { x, y, z: 0 }, pitch, self.height)
        };
        let extent = Extent::plane(self.width, self.height);
        Copy::new(side(self.to)?, side(self.from)?, extent, DEFAULT_KIND)
    }
}

/// `CUDA_MEMCPY3D` and `CUDA_MEMCPY3D_PEER`, which has contexts where the other has nothing.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Params3D {
    from: End3D,
    to: End3D,
    extent: Extent,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct End3D {
    pos: Pos,
    level: usize,
    end: End,
    context: Address,
    pitch: usize,
    height: usize,
}

const _: () = assert!(size_of::<Params2D>() == 128);
const _: () = assert!(size_of::<Params3D>() == 200);

impl Params3D {
    pub(super) fn copy(&self) -> Result<Copy> {
        let or = |value, default| if value == 0 { default } else { value };
        let side = |end: End3D| {
            let pitch = or(end.pitch, self.extent.width);
            end.end
                .side(end.pos, pitch, or(end.height, self.extent.height))
        };
        Copy::new(side(self.to)?, side(self.from)?, self.extent, DEFAULT_KIND)
    }
}
