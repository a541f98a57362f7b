//! Entry points of platforms that this build does not contain.

use crate::abi::guard::{check_out, guard};
use crate::abi::types::{CUstream, HwQueueHandle, RawResult};
use crate::error::{Error, Result};

/// Adopts a CUDA stream; NULL is the legacy default stream.
///
/// Errors: `InvalidValue` (`hwq` is NULL), `NotSupported` (no CUDA in this build).
#[unsafe(no_mangle)]
pub extern "C" fn CudaQueueCreate(hwq: *mut HwQueueHandle, stream: CUstream) -> RawResult {
    let _ = stream;
    guard("CudaQueueCreate", || absent(hwq, "CUDA"))
}

/// Finds the adopted CUDA stream.
///
/// Errors: `InvalidValue` (`hwq` is NULL), `NotSupported` (no CUDA in this build).
#[unsafe(no_mangle)]
pub extern "C" fn CudaQueueGet(hwq: *mut HwQueueHandle, stream: CUstream) -> RawResult {
    let _ = stream;
    guard("CudaQueueGet", || absent(hwq, "CUDA"))
}

fn absent(hwq: *mut HwQueueHandle, platform: &str) -> Result<()> {
    check_out("hwq", hwq)?;
    Err(Error::NotSupported(format!(
        "this build of libxsched has no {platform} device"
    )))
}
