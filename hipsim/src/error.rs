//! The names and texts of results, and the results that only HIP has.

use std::ffi::CStr;

use gpusim::error::Code;

pub(crate) const INVALID_CONFIGURATION: Code = Code(9);
pub(crate) const INVALID_SYMBOL: Code = Code(13);
pub(crate) const MISSING_CONFIGURATION: Code = Code(52);
pub(crate) const INVALID_DEVICE_FUNCTION: Code = Code(98);

/// The enumerator's name, and what it means. More than are returned: others are injected.
#[rustfmt::skip]
pub(crate) fn describe(code: Code) -> (&'static CStr, &'static CStr) {
    match code.0 {
        0 => (c"hipSuccess", c"no error"),
        1 => (c"hipErrorInvalidValue", c"invalid argument"),
        2 => (c"hipErrorOutOfMemory", c"out of memory"),
        3 => (c"hipErrorNotInitialized", c"initialization error"),
        9 => (c"hipErrorInvalidConfiguration", c"invalid configuration argument"),
        13 => (c"hipErrorInvalidSymbol", c"invalid device symbol"),
        17 => (c"hipErrorInvalidDevicePointer", c"invalid device pointer"),
        21 => (c"hipErrorInvalidMemcpyDirection", c"invalid copy direction for memcpy"),
        52 => (c"hipErrorMissingConfiguration", c"__global__ function call is not configured"),
        98 => (c"hipErrorInvalidDeviceFunction", c"invalid device function"),
        100 => (c"hipErrorNoDevice", c"no ROCm-capable device is detected"),
        101 => (c"hipErrorInvalidDevice", c"invalid device ordinal"),
        200 => (c"hipErrorInvalidImage", c"device kernel image is invalid"),
        201 => (c"hipErrorInvalidContext", c"invalid device context"),
        215 => (c"hipErrorUnsupportedLimit", c"limit is not supported on this architecture"),
        301 => (c"hipErrorFileNotFound", c"file not found"),
        400 => (c"hipErrorInvalidHandle", c"invalid resource handle"),
        401 => (c"hipErrorIllegalState", c"the operation cannot be performed in the present state"),
        500 => (c"hipErrorNotFound", c"named symbol not found"),
        600 => (c"hipErrorNotReady", c"device not ready"),
        700 => (c"hipErrorIllegalAddress", c"an illegal memory access was encountered"),
        704 => (c"hipErrorPeerAccessAlreadyEnabled", c"peer access is already enabled"),
        705 => (c"hipErrorPeerAccessNotEnabled", c"peer access has not been enabled"),
        709 => (c"hipErrorContextIsDestroyed", c"context is destroyed"),
        712 => (c"hipErrorHostMemoryAlreadyRegistered", c"part or all of the requested memory range is already mapped"),
        713 => (c"hipErrorHostMemoryNotRegistered", c"pointer does not correspond to a registered memory region"),
        719 => (c"hipErrorLaunchFailure", c"unspecified launch failure"),
        801 => (c"hipErrorNotSupported", c"operation not supported"),
        900 => (c"hipErrorStreamCaptureUnsupported", c"operation not permitted when stream is capturing"),
        901 => (c"hipErrorStreamCaptureInvalidated", c"operation failed due to a previous error during capture"),
        902 => (c"hipErrorStreamCaptureMerge", c"operation would result in a merge of separate capture sequences"),
        903 => (c"hipErrorStreamCaptureUnmatched", c"capture was not ended in the same stream as it began"),
        904 => (c"hipErrorStreamCaptureUnjoined", c"capturing stream has unjoined work"),
        905 => (c"hipErrorStreamCaptureIsolation", c"dependency created on uncaptured work in another stream"),
        906 => (c"hipErrorStreamCaptureImplicit", c"operation would make the legacy stream depend on a capturing blocking stream"),
        907 => (c"hipErrorCapturedEvent", c"operation not permitted on an event last recorded in a capturing stream"),
        908 => (c"hipErrorStreamCaptureWrongThread", c"attempt to terminate a thread-local capture sequence from another thread"),
        910 => (c"hipErrorGraphExecUpdateFailure", c"the graph update was not performed because it included changes which violated constraints"),
        _ => (c"hipErrorUnknown", c"unknown error"),
    }
}
