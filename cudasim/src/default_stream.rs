//! What the stream value 0 means: `_ptsz` and `_ptds` functions take it for the calling thread's.

use std::sync::Arc;

use gpusim::abi::Address;
use gpusim::error::Result;
use gpusim::stream::Stream;
use gpusim::stream_handle::{PER_THREAD, StreamHandle};

/// See the module.
#[derive(Clone, Copy)]
pub(crate) enum Default {
    Legacy,
    PerThread,
}

impl Default {
    /// The stream of an argument.
    pub(crate) fn stream(self, handle: StreamHandle) -> Result<Arc<Stream>> {
        match (self, handle.0) {
            (Default::PerThread, Address(0)) => StreamHandle(PER_THREAD).get(),
            _ => handle.get(),
        }
    }

    /// The stream of a function without such an argument.
    pub(crate) fn null(self) -> Result<Arc<Stream>> {
        self.stream(StreamHandle::NULL)
    }
}
