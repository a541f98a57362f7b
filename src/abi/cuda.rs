//! `Cuda*`: the application's CUDA streams.

use crate::abi::guard::{check_out, guard, write_out};
use crate::abi::types::{CUstream, HwQueueHandle, RawResult};
use crate::device::cuda::Cuda;
use crate::process::{adopt_stream, find_stream, process};

/// Adopts a CUDA stream: NULL and `CU_STREAM_LEGACY` are the null stream of the calling thread's current
/// context, `CU_STREAM_PER_THREAD` is the calling thread's own there. The stream stays the application's.
/// A stream that is adopted already keeps its handle. In a program without interposition every launch on
/// the stream must be an explicit command (`XQueueSubmit`) to be scheduled, and `HwQueueDestroy` must come
/// before `cuStreamDestroy` and before the end of its context; with it, plain CUDA calls are scheduled and
/// destroyed streams forgotten.
///
/// Errors: `InvalidValue` (`hwq` is NULL), `NotAllowed` (a special stream, and the calling thread has no
/// current context), `NotSupported` (no CUDA driver is loaded or installed), `Hardware` (the driver's own
/// error, for example an unknown stream).
#[unsafe(no_mangle)]
pub extern "C" fn CudaQueueCreate(hwq: *mut HwQueueHandle, stream: CUstream) -> RawResult {
    guard("CudaQueueCreate", || {
        check_out("hwq", hwq)?;
        let adopted = adopt_stream::<Cuda>(process(), stream as usize)?;
        write_out("hwq", hwq, adopted.id())
    })
}

/// Finds the adopted CUDA stream.
///
/// Errors: `InvalidValue` (`hwq` is NULL), `NotFound` (not adopted), and as `CudaQueueCreate`.
#[unsafe(no_mangle)]
pub extern "C" fn CudaQueueGet(hwq: *mut HwQueueHandle, stream: CUstream) -> RawResult {
    guard("CudaQueueGet", || {
        check_out("hwq", hwq)?;
        let adopted = find_stream::<Cuda>(process(), stream as usize)?;
        write_out("hwq", hwq, adopted.id())
    })
}
