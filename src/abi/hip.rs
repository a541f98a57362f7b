//! `Hip*`: the application's HIP streams.

use crate::abi::guard::{check_out, guard, write_out};
use crate::abi::types::{HwQueueHandle, RawResult, hipStream_t};
use crate::device::hip::Hip;
use crate::process::{adopt_stream, process};

/// Adopts a HIP stream of the calling thread's current device: NULL and `hipStreamLegacy` are its null
/// stream, `hipStreamPerThread` is the calling thread's own. The stream stays the application's. A stream
/// that is adopted already keeps its handle. In a program without interposition every launch on the
/// stream must be an explicit command (`XQueueSubmit`) to be scheduled, and `HwQueueDestroy` must come
/// before `hipStreamDestroy`; with it, plain HIP calls are scheduled and destroyed streams forgotten.
///
/// Errors: `InvalidValue` (`hwq` is NULL, HIP does not know the stream), `NotSupported` (no HIP runtime
/// is loaded or installed), `Hardware` (the runtime's own error, for example no device).
#[unsafe(no_mangle)]
pub extern "C" fn HipQueueCreate(hwq: *mut HwQueueHandle, stream: hipStream_t) -> RawResult {
    guard("HipQueueCreate", || {
        check_out("hwq", hwq)?;
        let adopted = adopt_stream::<Hip>(process(), stream as usize)?;
        write_out("hwq", hwq, adopted.id())
    })
}
