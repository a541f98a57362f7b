//! Structs of HIP that carry a stream or are passed by value, as in ROCm 5, 6 and 7.

use crate::interpose::ops::{Pointer, Stream, each};

/// `dim3`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Dim3 {
    x: u32,
    y: u32,
    z: u32,
}

impl Dim3 {
    pub(super) fn sizes(self) -> [u32; 3] {
        [self.x, self.y, self.z]
    }
}

/// `hipPitchedPtr`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct PitchedPtr {
    memory: Pointer,
    pitch: usize,
    x_size: usize,
    y_size: usize,
}

/// `hipExtent`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Extent {
    width: usize,
    height: usize,
    depth: usize,
}

/// `hipMemLocation`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct MemLocation {
    kind: i32,
    id: i32,
}

/// `hipLaunchConfig_t`, up to the stream.
#[repr(C)]
struct LaunchConfig {
    grid: Dim3,
    block: Dim3,
    shared_bytes: usize,
    stream: Stream,
}

/// `HIP_LAUNCH_CONFIG`, up to the stream.
#[repr(C)]
struct DriverLaunchConfig {
    grid: Dim3,
    block: Dim3,
    shared_bytes: u32,
    stream: Stream,
}

/// `hipLaunchParams`
#[repr(C)]
struct LaunchParams {
    function: Pointer,
    grid: Dim3,
    block: Dim3,
    arguments: Pointer,
    shared_bytes: usize,
    stream: Stream,
}

/// `hipFunctionLaunchParams`
#[repr(C)]
struct FunctionLaunchParams {
    function: Pointer,
    grid: Dim3,
    block: Dim3,
    shared_bytes: u32,
    stream: Stream,
    arguments: Pointer,
}

/// `hipGraphInstantiateParams`
#[repr(C)]
struct InstantiateParams {
    error_node: Pointer,
    flags: u64,
    result: i32,
    upload_stream: Stream,
}

/// `hipGraphInstantiateFlagUpload`
const UPLOAD: u64 = 2;

pub(super) fn stream_of_config(config: Pointer) -> Option<Stream> {
    // SAFETY: NULL or the application's own launch configuration, valid during its call.
    unsafe { config.cast::<LaunchConfig>().as_ref() }.map(|config| config.stream)
}

pub(super) fn stream_of_driver_config(config: Pointer) -> Option<Stream> {
    // SAFETY: as above.
    unsafe { config.cast::<DriverLaunchConfig>().as_ref() }.map(|config| config.stream)
}

pub(super) fn grid_of_config(config: Pointer) -> [u32; 3] {
    // SAFETY: as above.
    unsafe { config.cast::<LaunchConfig>().as_ref() }.map_or([0; 3], |config| config.grid.sizes())
}

pub(super) fn grid_of_driver_config(config: Pointer) -> [u32; 3] {
    // SAFETY: as above.
    unsafe { config.cast::<DriverLaunchConfig>().as_ref() }
        .map_or([0; 3], |config| config.grid.sizes())
}

/// The stream that the graph is uploaded to, if it is.
pub(super) fn stream_of_instantiation(params: Pointer) -> Option<Stream> {
    // SAFETY: NULL or the application's own parameters, valid during its call.
    let params = unsafe { params.cast::<InstantiateParams>().as_ref() }?;
    (params.flags & UPLOAD != 0).then_some(params.upload_stream)
}

pub(super) fn streams_of_launches(list: Pointer, count: impl TryInto<usize>) -> Vec<Stream> {
    each::<LaunchParams>(list, count)
        .iter()
        .map(|launch| launch.stream)
        .collect()
}

pub(super) fn streams_of_functions(list: Pointer, count: impl TryInto<usize>) -> Vec<Stream> {
    each::<FunctionLaunchParams>(list, count)
        .iter()
        .map(|launch| launch.stream)
        .collect()
}
