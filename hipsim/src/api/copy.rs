//! Copies in one and two dimensions.

use gpusim::abi::{Address, DEFAULT_KIND, DEVICE_TO_DEVICE, DEVICE_TO_HOST, HOST_TO_DEVICE};
use gpusim::error::Result;
use gpusim::memory::copy::Copy;
use gpusim::runtime;
use gpusim::stream_handle::{StreamHandle, of_thread};
use gpusim::transfer::{copy_later, copy_now};

use crate::call::exports;
use crate::plt;

exports! {
    // Between two places in device memory the host does not wait, and the copy is the exported
    // asynchronous one, as in AMD's library.
    hipMemcpy(to: Address, from: Address, bytes: usize, kind: u32) {
        if kind == DEVICE_TO_DEVICE {
            return plt::copy(to, from, bytes, kind, Address(0));
        }
        copy_now(&StreamHandle::NULL.get()?, Copy::flat(to, from, bytes, kind)?, kind)
    }

    hipMemcpy_spt(to: Address, from: Address, bytes: usize, kind: u32) {
        copy_now(&of_thread()?, Copy::flat(to, from, bytes, kind)?, kind)
    }

    hipMemcpyAsync(to: Address, from: Address, bytes: usize, kind: u32, stream: StreamHandle) {
        copy_later(&stream.get()?, Copy::flat(to, from, bytes, kind)?)
    }

    hipMemcpyAsync_spt(to: Address, from: Address, bytes: usize, kind: u32, stream: StreamHandle) {
        copy_later(&stream.get_per_thread()?, Copy::flat(to, from, bytes, kind)?)
    }

    hipMemcpyWithStream(to: Address, from: Address, bytes: usize, kind: u32, stream: StreamHandle) {
        copy_now(&stream.get()?, Copy::flat(to, from, bytes, kind)?, kind)
    }

    hipMemcpyHtoD(to: Address, from: Address, bytes: usize) {
        let copy = Copy::flat(to, from, bytes, HOST_TO_DEVICE)?;
        copy_now(&StreamHandle::NULL.get()?, copy, HOST_TO_DEVICE)
    }

    hipMemcpyDtoH(to: Address, from: Address, bytes: usize) {
        let copy = Copy::flat(to, from, bytes, DEVICE_TO_HOST)?;
        copy_now(&StreamHandle::NULL.get()?, copy, DEVICE_TO_HOST)
    }

    hipMemcpyDtoD(to: Address, from: Address, bytes: usize) {
        let copy = Copy::flat(to, from, bytes, DEVICE_TO_DEVICE)?;
        copy_now(&StreamHandle::NULL.get()?, copy, DEVICE_TO_DEVICE)
    }

    hipMemcpyHtoDAsync(to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        copy_later(&stream.get()?, Copy::flat(to, from, bytes, HOST_TO_DEVICE)?)
    }

    hipMemcpyDtoHAsync(to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        copy_later(&stream.get()?, Copy::flat(to, from, bytes, DEVICE_TO_HOST)?)
    }

    hipMemcpyDtoDAsync(to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        copy_later(&stream.get()?, Copy::flat(to, from, bytes, DEVICE_TO_DEVICE)?)
    }

    hipMemcpyPeer(to: Address, to_device: i32, from: Address, from_device: i32, bytes: usize) {
        runtime::device(to_device)?;
        runtime::device(from_device)?;
        plt::copy(to, from, bytes, DEVICE_TO_DEVICE, Address(0))
    }

    hipMemcpyPeerAsync(
        to: Address, to_device: i32, from: Address, from_device: i32, bytes: usize, stream: Address,
    ) {
        runtime::device(to_device)?;
        runtime::device(from_device)?;
        plt::copy(to, from, bytes, DEVICE_TO_DEVICE, stream)
    }

    hipMemcpy2D(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32,
    ) {
        let copy = Copy::rows((to, to_pitch), (from, from_pitch), width, height, kind)?;
        copy_now(&StreamHandle::NULL.get()?, copy, kind)
    }

    hipMemcpy2D_spt(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32,
    ) {
        let copy = Copy::rows((to, to_pitch), (from, from_pitch), width, height, kind)?;
        copy_now(&of_thread()?, copy, kind)
    }

    hipMemcpy2DAsync(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32, stream: StreamHandle,
    ) {
        let copy = Copy::rows((to, to_pitch), (from, from_pitch), width, height, kind)?;
        copy_later(&stream.get()?, copy)
    }

    hipMemcpy2DAsync_spt(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32, stream: StreamHandle,
    ) {
        let copy = Copy::rows((to, to_pitch), (from, from_pitch), width, height, kind)?;
        copy_later(&stream.get_per_thread()?, copy)
    }

    hipMemPrefetchAsync(address: Address, bytes: usize, device: i32, stream: StreamHandle) {
        const CPU: i32 = -1;
        if device != CPU {
            runtime::device(device)?;
        }
        prefetch(address, bytes, stream)
    }

    hipMemPrefetchAsync_v2(
        address: Address, bytes: usize, _location: u64, _flags: u32, stream: StreamHandle,
    ) {
        prefetch(address, bytes, stream)
    }
}

/// Nothing moves here, but it is a command, and touches the memory.
fn prefetch(address: Address, bytes: usize, stream: StreamHandle) -> Result {
    copy_later(
        &stream.get()?,
        Copy::flat(address, address, bytes, DEFAULT_KIND)?,
    )
}
