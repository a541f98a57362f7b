//! Copies and memsets as calls: which of them the host waits for.

use std::sync::Arc;

use crate::capture;
use crate::error::Result;
use crate::memory::copy::Copy;
use crate::memory::fill::Fill;
use crate::memory::{self, Place};
use crate::op::Op;
use crate::stream::{self, Stream, submit};

/// The host waits, unless nothing of the copy is on the host.
pub fn copy_now(stream: &Arc<Stream>, copy: Copy, kind: u32) -> Result {
    capture::refuse_wait(stream)?;
    let waits = !copy.is_within_devices(kind);
    submit(stream, Op::Copy(copy))?;
    if waits {
        stream::finish(stream)
    } else {
        Ok(())
    }
}

pub fn copy_later(stream: &Arc<Stream>, copy: Copy) -> Result {
    submit(stream, Op::Copy(copy))
}

/// On device memory the host does not wait for a memset, on host memory it does.
pub fn fill_now(stream: &Arc<Stream>, fill: Fill) -> Result {
    capture::refuse_wait(stream)?;
    let place = memory::describe(fill.to.base).map(|found| found.place);
    submit(stream, Op::Fill(fill))?;
    if matches!(place, Some(Place::Device(_)) | None) {
        Ok(())
    } else {
        stream::finish(stream)
    }
}

pub fn fill_later(stream: &Arc<Stream>, fill: Fill) -> Result {
    submit(stream, Op::Fill(fill))
}
