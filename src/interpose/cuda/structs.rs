//! Structs of CUDA that carry a stream or are passed by value, as in CUDA 12 and 13.

use std::mem::offset_of;

use crate::device::driver::{STREAM_NULL, STREAM_PER_THREAD};
use crate::interpose::ops::{Named, Pointer, Stream, each};

/// `CUmemLocation`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MemLocation {
    kind: i32,
    id: i32,
}

/// `CUeglFrame`: three planes, six numbers, three enumerations.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct EglFrame {
    planes: [Pointer; 3],
    rest: [u32; 9],
}

/// `CUipcMemHandle`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct IpcMemHandle([u8; 64]);

/// `CUlaunchConfig`, up to the stream.
#[repr(C)]
struct LaunchConfig {
    grid: [u32; 3],
    block: [u32; 3],
    shared_bytes: u32,
    stream: Stream,
}

/// `CUDA_LAUNCH_PARAMS`
#[repr(C)]
struct LaunchParams {
    function: Pointer,
    grid: [u32; 3],
    block: [u32; 3],
    shared_bytes: u32,
    stream: Stream,
    arguments: Pointer,
}

/// `CUDA_GRAPH_INSTANTIATE_PARAMS`, up to the stream.
#[repr(C)]
struct InstantiateParams {
    flags: u64,
    upload_stream: Stream,
}

/// `CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD`
const UPLOAD: u64 = 2;

/// `CUstreamBatchMemOpParams`: a union of structs that begin with the operation, padded to six words.
#[repr(C)]
struct MemoryOperation {
    operation: u32,
    rest: [u64; 5],
}

/// `CU_STREAM_MEM_OP_WAIT_VALUE_32`, `CU_STREAM_MEM_OP_WAIT_VALUE_64`
const WAITS: [u32; 2] = [1, 4];

/// What a `_ptsz` or `_ptds` entry point means by this stream. `CU_STREAM_LEGACY` stays what it is.
pub(super) fn per_thread<N: Named>(stream: N) -> N {
    stream.replaced(STREAM_NULL as Stream, STREAM_PER_THREAD as Stream)
}

/// The stream that a pointer to one names.
pub(super) fn stream_at(pointer: Pointer) -> Option<Stream> {
    // SAFETY: NULL or the application's own variable, valid during its call.
    unsafe { pointer.cast::<Stream>().as_ref() }.copied()
}

pub(super) fn stream_of_config(config: Pointer) -> Option<Stream> {
    // SAFETY: NULL or the application's own launch configuration, valid during its call.
    unsafe { config.cast::<LaunchConfig>().as_ref() }.map(|config| config.stream)
}

pub(super) fn grid_of_config(config: Pointer) -> [u32; 3] {
    // SAFETY: as above.
    unsafe { config.cast::<LaunchConfig>().as_ref() }.map_or([0; 3], |config| config.grid)
}

/// The stream that the graph is uploaded to, if it is.
pub(super) fn stream_of_instantiation(params: Pointer) -> Option<Stream> {
    // SAFETY: NULL or the application's own parameters, valid during its call.
    let params = unsafe { params.cast::<InstantiateParams>().as_ref() }?;
    (params.flags & UPLOAD != 0).then_some(params.upload_stream)
}

pub(super) fn streams_of_launches(list: Pointer, count: u32) -> Vec<Stream> {
    each::<LaunchParams>(list, count)
        .iter()
        .map(|launch| launch.stream)
        .collect()
}

/// True if one of the operations waits for a value.
pub(super) fn any_waits(list: Pointer, count: u32) -> bool {
    each::<MemoryOperation>(list, count)
        .iter()
        .any(|it| WAITS.contains(&it.operation))
}

// Where cuda.h and cudaEGL.h have them.
const _: () = {
    assert!(offset_of!(LaunchConfig, stream) == 32);
    assert!(offset_of!(LaunchParams, stream) == 40);
    assert!(size_of::<LaunchParams>() == 56);
    assert!(offset_of!(InstantiateParams, upload_stream) == 8);
    assert!(size_of::<MemoryOperation>() == 48);
    assert!(size_of::<EglFrame>() == 64);
    assert!(size_of::<MemLocation>() == 8);
    assert!(size_of::<IpcMemHandle>() == 64);
};
