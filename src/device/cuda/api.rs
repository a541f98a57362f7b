//! The calls that the adapter makes into the real driver. Names without a version are what `cuda.h` calls
//! the function; the library exports some of them under the name of a later version.

use std::ffi::{c_char, c_void};

use super::sys::{Context, DevicePointer, Event, Stream};
use crate::device::driver::{DriverLibrary, driver_calls};

/// NVIDIA's driver has one file name.
pub static LIBRARY: DriverLibrary = DriverLibrary::new(&["libcuda.so.1"], "XSCHED_CUDA_LIB");

driver_calls! {
    /// Marketing name.
    cuDeviceGetName(name: *mut c_char, bytes: i32, device: i32);
    /// `domain:bus:device.function`.
    cuDeviceGetPCIBusId(id: *mut c_char, bytes: i32, device: i32);
    /// The calling thread's context, or NULL.
    cuCtxGetCurrent(context: *mut Context);
    /// Makes it the calling thread's.
    cuCtxPushCurrent = "cuCtxPushCurrent_v2"(context: Context);
    /// Takes that back.
    cuCtxPopCurrent = "cuCtxPopCurrent_v2"(context: *mut Context);
    /// The device of the calling thread's context.
    cuCtxGetDevice(device: *mut i32);
    /// Whether a device's primary context is in use.
    cuDevicePrimaryCtxGetState(device: i32, flags: *mut u32, active: *mut i32);
    /// The primary context, made if there is none.
    cuDevicePrimaryCtxRetain(context: *mut Context, device: i32);
    /// Takes that back.
    cuDevicePrimaryCtxRelease = "cuDevicePrimaryCtxRelease_v2"(device: i32);
    /// Makes a stream.
    cuStreamCreate(stream: *mut Stream, flags: u32);
    /// Destroys it after its last command.
    cuStreamDestroy = "cuStreamDestroy_v2"(stream: Stream);
    /// Blocking or not.
    cuStreamGetFlags(stream: Stream, flags: *mut u32);
    /// Its context.
    cuStreamGetCtx(stream: Stream, context: *mut Context);
    /// Whether launches are recorded instead of executed.
    cuStreamIsCapturing(stream: Stream, status: *mut i32);
    /// Waits.
    cuStreamSynchronize(stream: Stream);
    /// Complete or `CUDA_ERROR_NOT_READY`.
    cuStreamQuery(stream: Stream);
    /// Makes an event.
    cuEventCreate(event: *mut Event, flags: u32);
    /// Records it.
    cuEventRecord(event: Event, stream: Stream);
    /// Complete or `CUDA_ERROR_NOT_READY`.
    cuEventQuery(event: Event);
    /// From one event with a time to another.
    cuEventElapsedTime(milliseconds: *mut f32, begin: Event, end: Event);
    /// Lets devices use memory of the host.
    cuMemHostRegister = "cuMemHostRegister_v2"(memory: *mut c_void, bytes: usize, flags: u32);
    /// Its address on the device.
    cuMemHostGetDevicePointer = "cuMemHostGetDevicePointer_v2"(
        device: *mut DevicePointer, host: *mut c_void, flags: u32
    );
    /// Which calls this thread may make while another captures; swaps `mode` with the one before.
    cuThreadExchangeStreamCaptureMode(mode: *mut i32);
}
