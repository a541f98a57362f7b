//! Result codes. HIP took its numbers from CUDA, so those that the engine returns are the same.

/// A `hipError_t` or `CUresult` other than success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub i32);

pub type Result<T = ()> = std::result::Result<T, Code>;

impl Code {
    pub const SUCCESS: Code = Code(0);
    pub const INVALID_VALUE: Code = Code(1);
    pub const OUT_OF_MEMORY: Code = Code(2);
    pub const NOT_INITIALIZED: Code = Code(3);
    /// HIP only.
    pub const INVALID_DIRECTION: Code = Code(21);
    pub const NO_DEVICE: Code = Code(100);
    pub const INVALID_DEVICE: Code = Code(101);
    pub const INVALID_IMAGE: Code = Code(200);
    pub const INVALID_CONTEXT: Code = Code(201);
    pub const UNSUPPORTED_LIMIT: Code = Code(215);
    pub const FILE_NOT_FOUND: Code = Code(301);
    pub const INVALID_HANDLE: Code = Code(400);
    pub const ILLEGAL_STATE: Code = Code(401);
    pub const NOT_FOUND: Code = Code(500);
    pub const NOT_READY: Code = Code(600);
    pub const CONTEXT_IS_DESTROYED: Code = Code(709);
    pub const HOST_ALREADY_REGISTERED: Code = Code(712);
    pub const HOST_NOT_REGISTERED: Code = Code(713);
    pub const NOT_SUPPORTED: Code = Code(801);
    pub const CAPTURE_UNSUPPORTED: Code = Code(900);
    pub const CAPTURE_INVALIDATED: Code = Code(901);
    pub const CAPTURE_UNMATCHED: Code = Code(903);
    pub const CAPTURE_UNJOINED: Code = Code(904);
    pub const CAPTURE_ISOLATION: Code = Code(905);
    pub const CAPTURE_IMPLICIT: Code = Code(906);
    pub const CAPTURED_EVENT: Code = Code(907);
    pub const CAPTURE_WRONG_THREAD: Code = Code(908);
    pub const GRAPH_EXEC_UPDATE_FAILURE: Code = Code(910);
    pub const UNKNOWN: Code = Code(999);
}
