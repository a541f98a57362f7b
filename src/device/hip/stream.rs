//! One stream of the application.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use super::HipDevice;
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
pub struct HipStream {
    device: Arc<HipDevice>,
    handle: usize,
    /// Streams that synchronise with the null stream, and the null stream.
    blocking: bool,
    /// The only thread that can reach it, for a per-thread default stream.
    owner: Option<u64>,
    /// The first failure of a command launched past any queue.
    failure: AtomicI32,
}

impl HipStream {
    /// The stream with this handle or special value, as the calling thread sees it.
    pub fn adopt(device: Arc<HipDevice>, handle: usize) -> Result<HipStream> {
        let mut flags = 0;
        if handle > STREAM_PER_THREAD {
            device.with(|api| api.hipStreamGetFlags(handle as sys::HipStream, &raw mut flags))?;
        }
        Ok(HipStream {
            device,
            handle,
            blocking: flags & STREAM_NON_BLOCKING == 0,
            owner: (handle == STREAM_PER_THREAD).then(thread_id),
            failure: AtomicI32::new(0),
        })
    }

    fn raw(&self) -> sys::HipStream {
        self.handle as sys::HipStream
    }

    fn reach(&self) -> Result<()> {
        if self.is_out_of_reach() {
            return Err(Error::NotAllowed(
                "a per-thread default stream can only be used by its own thread".into(),
            ));
        }
        Ok(())
    }
}

impl Stream for HipStream {
    /// The legacy null stream and the blocking streams wait for one another: a gate in one of them
    /// would hold them all.
    fn max_level(&self) -> Level {
        if !self.blocking && self.device.has_device_gate() {
            Level::Deactivate
        } else {
            Level::Block
        }
    }

    fn place(&self) -> Option<Place> {
        Some(Place::Device(self.device.ordinal))
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
        // Not `with`: waiting is the application's, and must fail during a capture as its own would.
        self.device.api().hipStreamSynchronize(self.raw())?;
        match self.failure.swap(0, Ordering::Relaxed) {
            0 => Ok(()),
            code => Err(Error::Command { code }),
        }
    }

    fn is_drained(&self) -> Result<bool> {
        self.reach()?;
        if self.handle == STREAM_NULL {
            // Asking it would make it wait for the blocking streams, see `beside_null`.
            return self.marker()?.wait_until(clock::now_ns() + NULL_LOOK_NS);
        }
        match self.device.with(|api| api.hipStreamQuery(self.raw())) {
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
            .device
            .with(|api| api.hipStreamIsCapturing(self.raw(), &raw mut status));
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
        let stream = if self.handle == STREAM_NULL {
            self.device.beside_null()?
        } else {
            self.raw()
        };
        Ok(Arc::new(EventMarker::record(&self.device, Handle(stream))?))
    }

    fn gate(&self) -> Result<Box<dyn Gate>> {
        let gate = WordGate::new(self.device.clone(), Handle(self.raw()))?;
        Ok(Box::new(gate))
    }

    fn stopwatch(&self) -> Result<Option<Box<dyn Stopwatch>>> {
        let stopwatch = EventStopwatch::new(self.device.clone(), Handle(self.raw()))?;
        Ok(Some(Box::new(stopwatch)))
    }
}
