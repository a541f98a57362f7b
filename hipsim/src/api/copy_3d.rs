//! Copies that are described by a structure, and batches of copies.

use gpusim::abi::{Address, DEFAULT_KIND, Extent, In, Out, PitchedPtr, Pos};
use gpusim::array::Array;
use gpusim::copy_batch::{self, BatchOp};
use gpusim::error::{Code, Result};
use gpusim::memory::copy::{Copy, Side};
use gpusim::runtime;
use gpusim::stream_handle::{StreamHandle, of_thread};
use gpusim::transfer::{copy_later, copy_now};

use crate::call::exports;
use crate::plt;

exports! {
    hipMemcpy3D(params: In<Params>) {
        let params = params.get()?;
        copy_now(&StreamHandle::NULL.get()?, params.copy()?, params.kind)
    }

    hipMemcpy3D_spt(params: In<Params>) {
        let params = params.get()?;
        copy_now(&of_thread()?, params.copy()?, params.kind)
    }

    hipMemcpy3DAsync(params: In<Params>, stream: StreamHandle) {
        copy_later(&stream.get()?, params.get()?.copy()?)
    }

    hipMemcpy3DAsync_spt(params: In<Params>, stream: StreamHandle) {
        copy_later(&stream.get_per_thread()?, params.get()?.copy()?)
    }

    hipMemcpy3DPeer(params: In<PeerParams>) {
        copy_now(&StreamHandle::NULL.get()?, params.get()?.copy()?, DEFAULT_KIND)
    }

    hipMemcpy3DPeerAsync(params: In<PeerParams>, stream: StreamHandle) {
        copy_later(&stream.get()?, params.get()?.copy()?)
    }

    hipMemcpyParam2D(params: In<Driver2D>) {
        copy_now(&StreamHandle::NULL.get()?, params.get()?.copy()?, DEFAULT_KIND)
    }

    hipDrvMemcpy2DUnaligned(params: In<Driver2D>) {
        copy_now(&StreamHandle::NULL.get()?, params.get()?.copy()?, DEFAULT_KIND)
    }

    hipMemcpyParam2DAsync(params: In<Driver2D>, stream: StreamHandle) {
        copy_later(&stream.get()?, params.get()?.copy()?)
    }

    hipDrvMemcpy3D(params: Driver3D) {
        copy_now(&StreamHandle::NULL.get()?, params.copy()?, DEFAULT_KIND)
    }

    hipDrvMemcpy3DAsync(params: Driver3D, stream: StreamHandle) {
        copy_later(&stream.get()?, params.copy()?)
    }

    hipMemcpyBatchAsync(
        to: In<Address>, from: In<Address>, bytes: In<usize>, count: usize, _attributes: Address,
        _indices: Address, _attribute_count: usize, failed: Out<usize>, stream: StreamHandle,
    ) {
        let (to, from, bytes) = (to.array(count)?, from.array(count)?, bytes.array(count)?);
        let copy = |index: usize| Copy::flat(to[index], from[index], bytes[index], DEFAULT_KIND);
        copy_batch::submit(&stream.get()?, count, failed, copy)
    }

    hipMemcpy3DBatchAsync(
        count: usize, list: In<BatchOp>, failed: Out<usize>, _flags: u64, stream: StreamHandle,
    ) {
        let list = list.array(count)?;
        copy_batch::submit(&stream.get()?, count, failed, |index| list[index].copy())
    }
}

/// One end of a runtime copy: an array, or pitched memory.
#[derive(Clone, Copy)]
#[repr(C)]
struct Place {
    array: Address,
    pos: Pos,
    memory: PitchedPtr,
}

impl Place {
    fn element_bytes(&self) -> Result<Option<usize>> {
        if self.array.is_null() {
            return Ok(None);
        }
        Ok(Some(Array::get(self.array)?.element_bytes()))
    }

    fn side(&self) -> Result<Side> {
        let Pos { x, y, z } = self.pos;
        if let Some(element_bytes) = self.element_bytes()? {
            return Ok(Array::get(self.array)?.side(Pos {
                x: x * element_bytes,
                y,
                z,
            }));
        }
        let PitchedPtr {
            ptr, pitch, ysize, ..
        } = self.memory;
        Ok(Side::pitched(
            ptr.offset(x + (y + z * ysize) * pitch),
            pitch,
            ysize,
        ))
    }
}

/// With an array at either end, widths are in its elements.
fn runtime_copy(to: &Place, from: &Place, extent: Extent, kind: u32) -> Result<Copy> {
    let element_bytes = to.element_bytes()?.or(from.element_bytes()?).unwrap_or(1);
    let extent = Extent {
        width: extent.width * element_bytes,
        ..extent
    };
    Copy::new(to.side()?, from.side()?, extent, kind)
}

/// `hipMemcpy3DParms`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Params {
    from: Place,
    to: Place,
    extent: Extent,
    pub(super) kind: u32,
}

impl Params {
    pub(super) fn copy(&self) -> Result<Copy> {
        runtime_copy(&self.to, &self.from, self.extent, self.kind)
    }

    /// Describes a copy between flat or pitched memory, for the nodes of a graph.
    pub(super) fn describe(copy: &Copy, kind: u32) -> Params {
        let place = |side: &Side| Place {
            array: Address(0),
            pos: Pos { x: 0, y: 0, z: 0 },
            memory: PitchedPtr {
                ptr: side.base,
                pitch: if side.pitch == 0 {
                    copy.extent.width
                } else {
                    side.pitch
                },
                xsize: copy.extent.width,
                ysize: copy.extent.height,
            },
        };
        Params {
            from: place(&copy.from),
            to: place(&copy.to),
            extent: copy.extent,
            kind,
        }
    }
}

/// `hipMemcpy3DPeerParms`
#[derive(Clone, Copy)]
#[repr(C)]
struct PeerParams {
    from: Place,
    from_device: i32,
    to: Place,
    to_device: i32,
    extent: Extent,
}

impl PeerParams {
    fn copy(&self) -> Result<Copy> {
        runtime::device(self.from_device)?;
        runtime::device(self.to_device)?;
        runtime_copy(&self.to, &self.from, self.extent, DEFAULT_KIND)
    }
}

/// One end of a driver copy: which of the three counts depends on the type. Widths are in bytes.
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
        // The numbers of `hipMemoryType` changed with 6.0.
        let (host, array) = if plt::release() < 600 {
            (0, 2)
        } else {
            (1, 10)
        };
        if self.memory_type == array {
            return Ok(Array::get(self.array)?.side(pos));
        }
        let base = if self.memory_type == host {
            self.host
        } else {
            self.device
        };
        let start = pos.x + (pos.y + pos.z * height) * pitch;
        Ok(Side::pitched(base.offset(start), pitch, height))
    }
}

/// `hip_Memcpy2D`
#[derive(Clone, Copy)]
#[repr(C)]
struct Driver2D {
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

impl Driver2D {
    fn copy(&self) -> Result<Copy> {
        let side = |End2D { x, y, end, pitch }: End2D| {
            let pitch = if pitch == 0 { self.width } else { pitch };
            end.side(Pos { x, y, z: 0 }, pitch, self.height)
        };
        let extent = Extent::plane(self.width, self.height);
        Copy::new(side(self.to)?, side(self.from)?, extent, DEFAULT_KIND)
    }
}

/// `HIP_MEMCPY3D` of either layout: its numbers had 32 bits before 6.0.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub(super) struct Driver3D(Address);

#[derive(Clone, Copy)]
#[repr(C)]
struct Layout3D<N> {
    from: End3D<N>,
    to: End3D<N>,
    width: N,
    height: N,
    depth: N,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct End3D<N> {
    pos: [N; 3],
    level: N,
    end: End,
    pitch: N,
    height: N,
}

const _: () = assert!(size_of::<Layout3D<u32>>() == 128);
const _: () = assert!(size_of::<Layout3D<usize>>() == 184);

impl Driver3D {
    pub(super) fn copy(self) -> Result<Copy> {
        if plt::release() < 600 {
            In::<Layout3D<u32>>::at(self.0).get()?.copy()
        } else {
            In::<Layout3D<usize>>::at(self.0).get()?.copy()
        }
    }
}

impl<N: std::marker::Copy + TryInto<usize>> Layout3D<N> {
    fn copy(&self) -> Result<Copy> {
        let number = |number: N| number.try_into().map_err(|_| Code::INVALID_VALUE);
        let side = |End3D {
                        pos: [x, y, z],
                        end,
                        pitch,
                        height,
                        ..
                    }: End3D<N>| {
            let pos = Pos {
                x: number(x)?,
                y: number(y)?,
                z: number(z)?,
            };
            let or = |value: usize, default: N| {
                if value == 0 {
                    number(default)
                } else {
                    Ok(value)
                }
            };
            end.side(
                pos,
                or(number(pitch)?, self.width)?,
                or(number(height)?, self.height)?,
            )
        };
        let (width, height) = (number(self.width)?, number(self.height)?);
        let extent = Extent {
            width,
            height,
            depth: number(self.depth)?,
        };
        Copy::new(side(self.to)?, side(self.from)?, extent, DEFAULT_KIND)
    }
}
