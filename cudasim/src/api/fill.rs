//! Memsets.

use gpusim::abi::Address;
use gpusim::memory::fill::Fill;
use gpusim::stream_handle::StreamHandle;
use gpusim::transfer::{fill_later, fill_now};

use crate::call::exports;

exports! { context; default:
    [cuMemsetD8_v2] [cuMemsetD8_v2_ptds] (to: Address, value: u8, count: usize) {
        fill_now(&default.null()?, Fill::flat(to, value.into(), 1, count)?)
    }

    [cuMemsetD16_v2] [cuMemsetD16_v2_ptds] (to: Address, value: u16, count: usize) {
        fill_now(&default.null()?, Fill::flat(to, value.into(), 2, count)?)
    }

    [cuMemsetD32_v2] [cuMemsetD32_v2_ptds] (to: Address, value: u32, count: usize) {
        fill_now(&default.null()?, Fill::flat(to, value, 4, count)?)
    }

    [cuMemsetD8Async] [cuMemsetD8Async_ptsz] (
        to: Address, value: u8, count: usize, stream: StreamHandle,
    ) {
        fill_later(&default.stream(stream)?, Fill::flat(to, value.into(), 1, count)?)
    }

    [cuMemsetD16Async] [cuMemsetD16Async_ptsz] (
        to: Address, value: u16, count: usize, stream: StreamHandle,
    ) {
        fill_later(&default.stream(stream)?, Fill::flat(to, value.into(), 2, count)?)
    }

    [cuMemsetD32Async] [cuMemsetD32Async_ptsz] (
        to: Address, value: u32, count: usize, stream: StreamHandle,
    ) {
        fill_later(&default.stream(stream)?, Fill::flat(to, value, 4, count)?)
    }

    [cuMemsetD2D8_v2] [cuMemsetD2D8_v2_ptds] (
        to: Address, pitch: usize, value: u8, width: usize, height: usize,
    ) {
        fill_now(&default.null()?, Fill::rows(to, pitch, value.into(), 1, width, height)?)
    }

    [cuMemsetD2D16_v2] [cuMemsetD2D16_v2_ptds] (
        to: Address, pitch: usize, value: u16, width: usize, height: usize,
    ) {
        fill_now(&default.null()?, Fill::rows(to, pitch, value.into(), 2, width, height)?)
    }

    [cuMemsetD2D32_v2] [cuMemsetD2D32_v2_ptds] (
        to: Address, pitch: usize, value: u32, width: usize, height: usize,
    ) {
        fill_now(&default.null()?, Fill::rows(to, pitch, value, 4, width, height)?)
    }

    [cuMemsetD2D8Async] [cuMemsetD2D8Async_ptsz] (
        to: Address, pitch: usize, value: u8, width: usize, height: usize, stream: StreamHandle,
    ) {
        let fill = Fill::rows(to, pitch, value.into(), 1, width, height)?;
        fill_later(&default.stream(stream)?, fill)
    }

    [cuMemsetD2D16Async] [cuMemsetD2D16Async_ptsz] (
        to: Address, pitch: usize, value: u16, width: usize, height: usize, stream: StreamHandle,
    ) {
        let fill = Fill::rows(to, pitch, value.into(), 2, width, height)?;
        fill_later(&default.stream(stream)?, fill)
    }

    [cuMemsetD2D32Async] [cuMemsetD2D32Async_ptsz] (
        to: Address, pitch: usize, value: u32, width: usize, height: usize, stream: StreamHandle,
    ) {
        let fill = Fill::rows(to, pitch, value, 4, width, height)?;
        fill_later(&default.stream(stream)?, fill)
    }
}
