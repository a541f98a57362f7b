//! Memsets. On device memory the host does not wait for them, on host memory it does.

use std::sync::Arc;

use crate::abi::{Address, Extent, PitchedPtr};
use crate::call::exports;
use crate::capture;
use crate::error::{Code, Result};
use crate::memory::copy::Side;
use crate::memory::fill::Fill;
use crate::memory::{self, Place};
use crate::op::Op;
use crate::stream::{self, Stream, StreamHandle, of_thread, submit};

exports! {
    hipMemset(to: Address, value: u32, count: usize) {
        now(&StreamHandle::NULL.get()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemset_spt(to: Address, value: u32, count: usize) {
        now(&of_thread()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemsetD8(to: Address, value: u8, count: usize) {
        now(&StreamHandle::NULL.get()?, Fill::flat(to, value.into(), 1, count)?)
    }

    hipMemsetD16(to: Address, value: u16, count: usize) {
        now(&StreamHandle::NULL.get()?, Fill::flat(to, value.into(), 2, count)?)
    }

    hipMemsetD32(to: Address, value: u32, count: usize) {
        now(&StreamHandle::NULL.get()?, Fill::flat(to, value, 4, count)?)
    }

    hipMemsetAsync(to: Address, value: u32, count: usize, stream: StreamHandle) {
        later(&stream.get()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemsetAsync_spt(to: Address, value: u32, count: usize, stream: StreamHandle) {
        later(&stream.get_per_thread()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemsetD8Async(to: Address, value: u8, count: usize, stream: StreamHandle) {
        later(&stream.get()?, Fill::flat(to, value.into(), 1, count)?)
    }

    hipMemsetD16Async(to: Address, value: u16, count: usize, stream: StreamHandle) {
        later(&stream.get()?, Fill::flat(to, value.into(), 2, count)?)
    }

    hipMemsetD32Async(to: Address, value: u32, count: usize, stream: StreamHandle) {
        later(&stream.get()?, Fill::flat(to, value, 4, count)?)
    }

    hipMemset2D(to: Address, pitch: usize, value: u32, width: usize, height: usize) {
        now(&StreamHandle::NULL.get()?, rows(to, pitch, value, 1, width, height)?)
    }

    hipMemset2D_spt(to: Address, pitch: usize, value: u32, width: usize, height: usize) {
        now(&of_thread()?, rows(to, pitch, value, 1, width, height)?)
    }

    hipMemsetD2D8(to: Address, pitch: usize, value: u8, width: usize, height: usize) {
        now(&StreamHandle::NULL.get()?, rows(to, pitch, value.into(), 1, width, height)?)
    }

    hipMemsetD2D16(to: Address, pitch: usize, value: u16, width: usize, height: usize) {
        now(&StreamHandle::NULL.get()?, rows(to, pitch, value.into(), 2, width, height)?)
    }

    hipMemsetD2D32(to: Address, pitch: usize, value: u32, width: usize, height: usize) {
        now(&StreamHandle::NULL.get()?, rows(to, pitch, value, 4, width, height)?)
    }

    hipMemset2DAsync(
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        later(&stream.get()?, rows(to, pitch, value, 1, width, height)?)
    }

    hipMemset2DAsync_spt(
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        later(&stream.get_per_thread()?, rows(to, pitch, value, 1, width, height)?)
    }

    hipMemsetD2D8Async(
        to: Address, pitch: usize, value: u8, width: usize, height: usize, stream: StreamHandle,
    ) {
        later(&stream.get()?, rows(to, pitch, value.into(), 1, width, height)?)
    }

    hipMemsetD2D16Async(
        to: Address, pitch: usize, value: u16, width: usize, height: usize, stream: StreamHandle,
    ) {
        later(&stream.get()?, rows(to, pitch, value.into(), 2, width, height)?)
    }

    hipMemsetD2D32Async(
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        later(&stream.get()?, rows(to, pitch, value, 4, width, height)?)
    }

    hipMemset3D(to: PitchedPtr, value: u32, extent: Extent) {
        now(&StreamHandle::NULL.get()?, slices(to, value, extent)?)
    }

    hipMemset3D_spt(to: PitchedPtr, value: u32, extent: Extent) {
        now(&of_thread()?, slices(to, value, extent)?)
    }

    hipMemset3DAsync(to: PitchedPtr, value: u32, extent: Extent, stream: StreamHandle) {
        later(&stream.get()?, slices(to, value, extent)?)
    }

    hipMemset3DAsync_spt(to: PitchedPtr, value: u32, extent: Extent, stream: StreamHandle) {
        later(&stream.get_per_thread()?, slices(to, value, extent)?)
    }
}

pub(super) fn rows(
    to: Address,
    pitch: usize,
    value: u32,
    element_bytes: usize,
    width: usize,
    height: usize,
) -> Result<Fill> {
    if height > 1 && pitch < width * element_bytes {
        return Err(Code::INVALID_VALUE);
    }
    let extent = Extent::plane(width, height);
    Fill::new(
        Side::pitched(to, pitch, height),
        value,
        element_bytes,
        extent,
    )
}

fn slices(to: PitchedPtr, value: u32, extent: Extent) -> Result<Fill> {
    if extent.width > to.pitch {
        return Err(Code::INVALID_VALUE);
    }
    Fill::new(Side::pitched(to.ptr, to.pitch, to.ysize), value, 1, extent)
}

fn now(stream: &Arc<Stream>, fill: Fill) -> Result {
    capture::refuse_wait(stream)?;
    let place = memory::describe(fill.to.base).map(|found| found.place);
    submit(stream, Op::Fill(fill))?;
    if matches!(place, Some(Place::Device(_)) | None) {
        Ok(())
    } else {
        stream::finish(stream)
    }
}

fn later(stream: &Arc<Stream>, fill: Fill) -> Result {
    submit(stream, Op::Fill(fill))
}
