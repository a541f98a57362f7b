//! One stream of the application.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use super::context::CudaContext;
use super::sys::{self, STREAM_NON_BLOCKING};
use crate::clock;
use crate::device::driver::{
    CAPTURE_NONE, Handle, NOT_READY, STREAM_NULL, STREAM_PER_THREAD, is_captured, thread_id,
};
use crate::device::event_marker::EventMarker;
use crate::device::stopwatch::EventStopwatch;
use crate::device::word_gate::WordGate;
use crate::device::{Gate, Level, Marker, Place, Stopwatch, Stream, Work};
use crate::error::{Error, Result};

/// What a marker takes to show that an idle stream is idle; the longest that such a question waits.
const NULL_LOOK_NS: u64 = 100_000;

/// See the module.
pub struct CudaStream {
    context: Arc<CudaContext>,
    handle: Handle,
    /// Streams that synchronise with the null stream, and the null stream.
    blocking: bool,
    /// The only thread that can reach it, for a per-thread default stream.
    owner: Option<u64>,
    /// The first failure of a command launched past any queue.
    failure: AtomicI32,
}

impl CudaStream {
    /// The stream with this handle or special value, as the calling thread sees it.
    pub fn adopt(context: Arc<CudaContext>, stream: usize) -> Result<CudaStream> {
        let handle = Handle(stream as sys::Stream);
        let mut flags = 0;
        if stream > STREAM_PER_THREAD {
            context.relaxed(|api| api.cuStreamGetFlags(handle.0, &raw mut flags))?;
        }
        Ok(CudaStream {
            context,
            handle,
            blocking: flags & STREAM_NON_BLOCKING == 0,
            owner: (stream == STREAM_PER_THREAD).then(thread_id),
            failure: AtomicI32::new(0),
        })
    }

    /// A non-blocking stream of our own.
    pub(super) fn non_blocking(context: Arc<CudaContext>, handle: Handle) -> CudaStream {
        CudaStream {
            context,
            handle,
            blocking: false,
            owner: None,
            failure: AtomicI32::new(0),
        }
    }

    fn reach(&self) -> Result<()> {
        if self.is_out_of_reach() {
            return Err(Error::NotAllowed(
                "a per-thread default stream can only be used by its own thread".into(),
            ));
        }
        Ok(())
    }

    fn is_null(&self) -> bool {
        self.handle.0 as usize == STREAM_NULL
    }
}

impl Stream for CudaStream {
    /// The legacy null stream and the blocking streams wait for one another: a gate in one of them
    /// would hold them all.
    fn max_level(&self) -> Level {
        if !self.blocking && self.context.device.has_device_gate(&self.context) {
            Level::Deactivate
        } else {
            Level::Block
        }
    }

    fn place(&self) -> Option<Place> {
        Some(self.context.place())
    }

    fn launch(&self, work: Work) -> Result<()> {
        let code = work();
        let _ = self
            .failure
            .compare_exchange(0, code, Ordering::Relaxed, Ordering::Relaxed);
        Ok(())
    }

    fn synchronize(&self) -> Result<()> {
        self.reach()?;
        // Not relaxed: waiting is the application's, and must fail during a capture as its own would.
        self.context
            .within(|api| api.cuStreamSynchronize(self.handle.0))?;
        match self.failure.swap(0, Ordering::Relaxed) {
            0 => Ok(()),
            code => Err(Error::Command { code }),
        }
    }

    fn is_drained(&self) -> Result<bool> {
        self.reach()?;
        if self.is_null() {
            // Asking it would make it wait for the blocking streams, see `beside_null`.
            return self.marker()?.wait_until(clock::now_ns() + NULL_LOOK_NS);
        }
        match self.context.relaxed(|api| api.cuStreamQuery(self.handle.0)) {
            Ok(()) => Ok(true),
            Err(Error::Hardware {
                code: NOT_READY, ..
            }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn is_capturing(&self) -> bool {
        let mut status = CAPTURE_NONE;
        let asked = self
            .context
            .within(|api| api.cuStreamIsCapturing(self.handle.0, &raw mut status));
        is_captured(asked, status)
    }

    fn is_out_of_reach(&self) -> bool {
        self.owner.is_some_and(|owner| owner != thread_id())
    }

    fn is_private(&self) -> bool {
        self.owner.is_some()
    }

    fn marker(&self) -> Result<Arc<dyn Marker>> {
        self.reach()?;
        let stream = if self.is_null() {
            self.context.beside_null()?
        } else {
            self.handle
        };
        Ok(Arc::new(EventMarker::record(&self.context, stream)?))
    }

    fn gate(&self) -> Result<Box<dyn Gate>> {
        let gate = WordGate::new(self.context.clone(), self.handle)?;
        Ok(Box::new(gate))
    }

    fn stopwatch(&self) -> Result<Option<Box<dyn Stopwatch>>> {
        let stopwatch = EventStopwatch::new(self.context.clone(), self.handle)?;
        Ok(Some(Box::new(stopwatch)))
    }
}
