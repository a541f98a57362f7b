//! Memsets.

use gpusim::abi::{Address, Extent, PitchedPtr};
use gpusim::error::{Code, Result};
use gpusim::memory::copy::Side;
use gpusim::memory::fill::Fill;
use gpusim::stream_handle::{StreamHandle, of_thread};
use gpusim::transfer::{fill_later, fill_now};

use crate::call::exports;

exports! {
    hipMemset(to: Address, value: u32, count: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemset_spt(to: Address, value: u32, count: usize) {
        fill_now(&of_thread()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemsetD8(to: Address, value: u8, count: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::flat(to, value.into(), 1, count)?)
    }

    hipMemsetD16(to: Address, value: u16, count: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::flat(to, value.into(), 2, count)?)
    }

    hipMemsetD32(to: Address, value: u32, count: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::flat(to, value, 4, count)?)
    }

    hipMemsetAsync(to: Address, value: u32, count: usize, stream: StreamHandle) {
        fill_later(&stream.get()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemsetAsync_spt(to: Address, value: u32, count: usize, stream: StreamHandle) {
        fill_later(&stream.get_per_thread()?, Fill::flat(to, value, 1, count)?)
    }

    hipMemsetD8Async(to: Address, value: u8, count: usize, stream: StreamHandle) {
        fill_later(&stream.get()?, Fill::flat(to, value.into(), 1, count)?)
    }

    hipMemsetD16Async(to: Address, value: u16, count: usize, stream: StreamHandle) {
        fill_later(&stream.get()?, Fill::flat(to, value.into(), 2, count)?)
    }

    hipMemsetD32Async(to: Address, value: u32, count: usize, stream: StreamHandle) {
        fill_later(&stream.get()?, Fill::flat(to, value, 4, count)?)
    }

    hipMemset2D(to: Address, pitch: usize, value: u32, width: usize, height: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::rows(to, pitch, value, 1, width, height)?)
    }

    hipMemset2D_spt(to: Address, pitch: usize, value: u32, width: usize, height: usize) {
        fill_now(&of_thread()?, Fill::rows(to, pitch, value, 1, width, height)?)
    }

    hipMemsetD2D8(to: Address, pitch: usize, value: u8, width: usize, height: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::rows(to, pitch, value.into(), 1, width, height)?)
    }

    hipMemsetD2D16(to: Address, pitch: usize, value: u16, width: usize, height: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::rows(to, pitch, value.into(), 2, width, height)?)
    }

    hipMemsetD2D32(to: Address, pitch: usize, value: u32, width: usize, height: usize) {
        fill_now(&StreamHandle::NULL.get()?, Fill::rows(to, pitch, value, 4, width, height)?)
    }

    hipMemset2DAsync(
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        fill_later(&stream.get()?, Fill::rows(to, pitch, value, 1, width, height)?)
    }

    hipMemset2DAsync_spt(
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        fill_later(&stream.get_per_thread()?, Fill::rows(to, pitch, value, 1, width, height)?)
    }

    hipMemsetD2D8Async(
        to: Address, pitch: usize, value: u8, width: usize, height: usize, stream: StreamHandle,
    ) {
        fill_later(&stream.get()?, Fill::rows(to, pitch, value.into(), 1, width, height)?)
    }

    hipMemsetD2D16Async(
        to: Address, pitch: usize, value: u16, width: usize, height: usize, stream: StreamHandle,
    ) {
        fill_later(&stream.get()?, Fill::rows(to, pitch, value.into(), 2, width, height)?)
    }

    hipMemsetD2D32Async(
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        fill_later(&stream.get()?, Fill::rows(to, pitch, value, 4, width, height)?)
    }

    hipMemset3D(to: PitchedPtr, value: u32, extent: Extent) {
        fill_now(&StreamHandle::NULL.get()?, slices(to, value, extent)?)
    }

    hipMemset3D_spt(to: PitchedPtr, value: u32, extent: Extent) {
        fill_now(&of_thread()?, slices(to, value, extent)?)
    }

    hipMemset3DAsync(to: PitchedPtr, value: u32, extent: Extent, stream: StreamHandle) {
        fill_later(&stream.get()?, slices(to, value, extent)?)
    }

    hipMemset3DAsync_spt(to: PitchedPtr, value: u32, extent: Extent, stream: StreamHandle) {
        fill_later(&stream.get_per_thread()?, slices(to, value, extent)?)
    }
}

fn slices(to: PitchedPtr, value: u32, extent: Extent) -> Result<Fill> {
    if extent.width > to.pitch {
        return Err(Code::INVALID_VALUE);
    }
    Fill::new(Side::pitched(to.ptr, to.pitch, to.ysize), value, 1, extent)
}
