//! Copies in one and two dimensions.

use std::sync::Arc;

use crate::abi::{Address, DEFAULT_KIND, DEVICE_TO_DEVICE, DEVICE_TO_HOST, Extent, HOST_TO_DEVICE};
use crate::call::exports;
use crate::capture;
use crate::error::Result;
use crate::memory::copy::{Copy, Side};
use crate::op::Op;
use crate::stream::{self, Stream, StreamHandle, of_thread, submit};
use crate::{plt, runtime};

exports! {
    // Between two places in device memory the host does not wait, and the copy is the exported
    // asynchronous one, as in AMD's library.
    hipMemcpy(to: Address, from: Address, bytes: usize, kind: u32) {
        if kind == DEVICE_TO_DEVICE {
            return plt::copy(to, from, bytes, kind, Address(0));
        }
        now(&StreamHandle::NULL.get()?, Copy::flat(to, from, bytes, kind)?, kind)
    }

    hipMemcpy_spt(to: Address, from: Address, bytes: usize, kind: u32) {
        now(&of_thread()?, Copy::flat(to, from, bytes, kind)?, kind)
    }

    hipMemcpyAsync(to: Address, from: Address, bytes: usize, kind: u32, stream: StreamHandle) {
        later(&stream.get()?, Copy::flat(to, from, bytes, kind)?)
    }

    hipMemcpyAsync_spt(to: Address, from: Address, bytes: usize, kind: u32, stream: StreamHandle) {
        later(&stream.get_per_thread()?, Copy::flat(to, from, bytes, kind)?)
    }

    hipMemcpyWithStream(to: Address, from: Address, bytes: usize, kind: u32, stream: StreamHandle) {
        now(&stream.get()?, Copy::flat(to, from, bytes, kind)?, kind)
    }

    hipMemcpyHtoD(to: Address, from: Address, bytes: usize) {
        let copy = Copy::flat(to, from, bytes, HOST_TO_DEVICE)?;
        now(&StreamHandle::NULL.get()?, copy, HOST_TO_DEVICE)
    }

    hipMemcpyDtoH(to: Address, from: Address, bytes: usize) {
        let copy = Copy::flat(to, from, bytes, DEVICE_TO_HOST)?;
        now(&StreamHandle::NULL.get()?, copy, DEVICE_TO_HOST)
    }

    hipMemcpyDtoD(to: Address, from: Address, bytes: usize) {
        let copy = Copy::flat(to, from, bytes, DEVICE_TO_DEVICE)?;
        now(&StreamHandle::NULL.get()?, copy, DEVICE_TO_DEVICE)
    }

    hipMemcpyHtoDAsync(to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        later(&stream.get()?, Copy::flat(to, from, bytes, HOST_TO_DEVICE)?)
    }

    hipMemcpyDtoHAsync(to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        later(&stream.get()?, Copy::flat(to, from, bytes, DEVICE_TO_HOST)?)
    }

    hipMemcpyDtoDAsync(to: Address, from: Address, bytes: usize, stream: StreamHandle) {
        later(&stream.get()?, Copy::flat(to, from, bytes, DEVICE_TO_DEVICE)?)
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
        let copy = rows(to, to_pitch, from, from_pitch, width, height, kind)?;
        now(&StreamHandle::NULL.get()?, copy, kind)
    }

    hipMemcpy2D_spt(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32,
    ) {
        now(&of_thread()?, rows(to, to_pitch, from, from_pitch, width, height, kind)?, kind)
    }

    hipMemcpy2DAsync(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32, stream: StreamHandle,
    ) {
        later(&stream.get()?, rows(to, to_pitch, from, from_pitch, width, height, kind)?)
    }

    hipMemcpy2DAsync_spt(
        to: Address, to_pitch: usize, from: Address, from_pitch: usize, width: usize, height: usize,
        kind: u32, stream: StreamHandle,
    ) {
        later(&stream.get_per_thread()?, rows(to, to_pitch, from, from_pitch, width, height, kind)?)
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

fn rows(
    to: Address,
    to_pitch: usize,
    from: Address,
    from_pitch: usize,
    width: usize,
    height: usize,
    kind: u32,
) -> Result<Copy> {
    let extent = Extent::plane(width, height);
    let (to, from) = (
        Side::pitched(to, to_pitch, height),
        Side::pitched(from, from_pitch, height),
    );
    Copy::new(to, from, extent, kind)
}

/// The host waits, unless nothing of the copy is on the host.
pub(super) fn now(stream: &Arc<Stream>, copy: Copy, kind: u32) -> Result {
    capture::refuse_wait(stream)?;
    let waits = !copy.is_within_devices(kind);
    submit(stream, Op::Copy(copy))?;
    if waits {
        stream::finish(stream)
    } else {
        Ok(())
    }
}

pub(super) fn later(stream: &Arc<Stream>, copy: Copy) -> Result {
    submit(stream, Op::Copy(copy))
}

/// Nothing moves here, but it is a command, and touches the memory.
fn prefetch(address: Address, bytes: usize, stream: StreamHandle) -> Result {
    later(
        &stream.get()?,
        Copy::flat(address, address, bytes, DEFAULT_KIND)?,
    )
}
