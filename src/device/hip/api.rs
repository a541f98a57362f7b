//! The calls that the adapter makes into the real HIP runtime.

use std::ffi::{c_char, c_void};

use libloading::os::unix::Library;

use super::sys::{HipEvent, HipStream};
use crate::device::driver::{DriverLibrary, OwnCall, driver_calls};

/// Newest first: of two loaded ones the application most likely uses the newer.
pub static LIBRARY: DriverLibrary = DriverLibrary::new(
    &[
        "libamdhip64.so.7",
        "libamdhip64.so.6",
        "libamdhip64.so.5",
        "libamdhip64.so",
    ],
    "XSCHED_HIP_LIB",
);

driver_calls! {
    /// The calling thread's device.
    hipGetDevice(device: *mut i32);
    /// Changes it.
    hipSetDevice(device: i32);
    /// Devices in the process.
    hipGetDeviceCount(count: *mut i32);
    /// Marketing name.
    hipDeviceGetName(name: *mut c_char, bytes: i32, device: i32);
    /// `domain:bus:device.function`.
    hipDeviceGetPCIBusId(id: *mut c_char, bytes: i32, device: i32);
    /// Makes a stream.
    hipStreamCreateWithFlags(stream: *mut HipStream, flags: u32);
    /// Destroys it after its last command.
    hipStreamDestroy(stream: HipStream);
    /// Blocking or not.
    hipStreamGetFlags(stream: HipStream, flags: *mut u32);
    /// Whether launches are recorded instead of executed.
    hipStreamIsCapturing(stream: HipStream, status: *mut i32);
    /// Waits.
    hipStreamSynchronize(stream: HipStream);
    /// Complete or `hipErrorNotReady`.
    hipStreamQuery(stream: HipStream);
    /// Makes an event.
    hipEventCreateWithFlags(event: *mut HipEvent, flags: u32);
    /// Records it.
    hipEventRecord(event: HipEvent, stream: HipStream);
    /// Complete or `hipErrorNotReady`.
    hipEventQuery(event: HipEvent);
    /// From one event with a time to another.
    hipEventElapsedTime(milliseconds: *mut f32, begin: HipEvent, end: HipEvent);
    /// The stream stops until the word is at least `value`.
    hipStreamWaitValue32(stream: HipStream, word: *mut c_void, value: u32, flags: u32, mask: u32);
    /// Host memory that the device reads.
    hipHostMalloc(memory: *mut *mut c_void, bytes: usize, flags: u32);
    /// Its address on the device.
    hipHostGetDevicePointer(device: *mut *mut c_void, host: *mut c_void, flags: u32);
    /// Which calls this thread may make while another captures; swaps `mode` with the one before.
    hipThreadExchangeStreamCaptureMode(mode: *mut i32);
}

/// The device of a stream; `None` if the runtime does not know the stream.
pub(super) fn stream_device(library: &Library, stream: HipStream) -> Option<i32> {
    let _own = OwnCall::begin();
    type GetStreamDeviceId = unsafe extern "C" fn(HipStream) -> i32;
    // SAFETY: HIP's own function of this name has this type in every release.
    let found = unsafe { library.get::<GetStreamDeviceId>(b"hipGetStreamDeviceId\0") }.ok()?;
    // SAFETY: it checks the handle itself and returns -1 for one it does not know.
    let device = unsafe { found(stream) };
    (device >= 0).then_some(device)
}
