//! How far a stream has come: it writes ascending counts to a word in host memory, between its commands
//! and around the waits for its gate. So a marker is looked at without a call of the driver, and a gate
//! with its markers is one call.

use std::sync::Arc;
use std::time::Duration;

use super::context::CudaContext;
use super::sys::{MemOp, WRITE_VALUE_DEFAULT};
use super::value;
use super::words::{Pair, Word, reached};
use crate::clock;
use crate::device::driver::Handle;
use crate::device::{Gate, Marker, Placed, Stream, pause_after};
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// Who waits for a marker has suspended a queue or is about to use what it computed: for this long looking
/// without a pause is worth its while, as the shortest sleep takes some 60 us.
const SPIN_NS: u64 = 1_000_000;
/// Then it sleeps for this part of the time waited so far.
const PAUSE_PART: u64 = 32;

/// How long a front end that has read an open gate may take to write the count behind it. Not measured yet:
/// two orders of magnitude above the write itself.
const SETTLE: Duration = Duration::from_micros(5);

/// The counts of one stream.
pub(super) struct Progress {
    context: Arc<CudaContext>,
    stream: Handle,
    /// Held while a count is appended, so that counts stand in the stream in their order.
    pair: Mutex<Pair>,
    /// The same words, to be used without the lock.
    word: Word,
    gate: Word,
    /// The gate is open from this value on.
    open: u32,
}

impl Progress {
    /// None so far.
    pub(super) fn new(context: Arc<CudaContext>, stream: Handle) -> Result<Progress> {
        let pair = context.words.take(&context)?;
        Ok(Progress {
            stream,
            word: pair.progress,
            gate: pair.gate,
            open: pair.open,
            pair: Mutex::new(pair),
            context,
        })
    }

    fn value_calls(&self) -> Result<&value::Api> {
        self.context.driver.value.as_ref().ok_or_else(|| {
            Error::NotSupported(
                "this CUDA driver cannot wait for values (it is older than 11.7)".into(),
            )
        })
    }

    /// A marker behind everything launched so far.
    pub(super) fn mark(self: &Arc<Self>) -> Result<CountMarker> {
        let calls = self.value_calls()?;
        let mut pair = self.pair.lock();
        let count = pair.issued.wrapping_add(1);
        self.context.within(|_| {
            calls.cuStreamWriteValue32(self.stream.0, self.word.device, count, WRITE_VALUE_DEFAULT)
        })?;
        pair.issued = count;
        Ok(self.at(count))
    }

    /// A wait for the gate, between two markers.
    fn place_gate(self: &Arc<Self>) -> Result<[CountMarker; 2]> {
        let calls = self.value_calls()?;
        let mut pair = self.pair.lock();
        let before = pair.issued.wrapping_add(1);
        let behind = before.wrapping_add(1);
        let mut operations = [
            MemOp::write(self.word.device, before),
            MemOp::wait(self.gate.device, self.open),
            MemOp::write(self.word.device, behind),
        ];
        self.context
            .within(|_| calls.cuStreamBatchMemOp(self.stream.0, 3, operations.as_mut_ptr(), 0))?;
        pair.issued = behind;
        Ok([self.at(before), self.at(behind)])
    }

    fn at(self: &Arc<Self>, count: u32) -> CountMarker {
        CountMarker {
            progress: self.clone(),
            count,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let pair = *self.pair.lock();
        self.context.words.give_back(pair);
    }
}

/// A count that the stream writes.
pub(super) struct CountMarker {
    progress: Arc<Progress>,
    count: u32,
}

impl Marker for CountMarker {
    fn is_complete(&self) -> Result<bool> {
        Ok(reached(self.progress.word.load(), self.count))
    }

    fn wait(&self) -> Result<()> {
        self.look_until(u64::MAX, |waited_ns| {
            if waited_ns < SPIN_NS {
                // Costs nothing on an idle core, and leaves a busy one to whoever has something to do.
                std::thread::yield_now();
            } else {
                std::thread::sleep(Duration::from_nanos(waited_ns / PAUSE_PART));
            }
        })
        .map(drop)
    }

    fn wait_until(&self, deadline_ns: u64) -> Result<bool> {
        self.look_until(deadline_ns, |waited_ns| {
            std::thread::sleep(pause_after(waited_ns))
        })
    }

    fn completed_at_ns(&self) -> Option<u64> {
        None
    }
}

impl CountMarker {
    fn look_until(&self, deadline_ns: u64, pause: impl Fn(u64)) -> Result<bool> {
        let begin_ns = clock::now_ns();
        while !self.is_complete()? {
            let now_ns = clock::now_ns();
            if now_ns >= deadline_ns {
                return Ok(false);
            }
            // A context that has failed writes nothing more.
            self.progress.context.works()?;
            pause(now_ns.saturating_sub(begin_ns));
        }
        Ok(true)
    }
}

/// The gate of a stream.
pub(super) struct CudaGate(pub(super) Arc<Progress>);

impl Gate for CudaGate {
    fn append_wait(&self) -> Result<()> {
        self.0.place_gate().map(drop)
    }

    fn place(&self, _stream: &dyn Stream) -> Result<Placed> {
        let [reached, passed] = self.0.place_gate()?;
        Ok(Placed {
            reached: Arc::new(reached),
            passed: Arc::new(passed),
        })
    }

    fn close(&self) {
        self.0.gate.store(self.0.open.wrapping_sub(1));
    }

    fn settle(&self) -> Duration {
        SETTLE
    }

    fn open(&self) {
        self.0.gate.store(self.0.open);
    }
}

impl Drop for CudaGate {
    fn drop(&mut self) {
        // A wait for it may still stand in the stream.
        self.open();
    }
}
