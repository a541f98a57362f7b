//! Streams, markers and gates of the software device.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::fault::Fault;
use super::front_end::Item;
use super::{HostDevice, Word};
use crate::clock;
use crate::device::{Gate, Level, Marker, Stream, Work};
use crate::error::{Error, Result};

/// One stream. Dropping it drops what has not run; `drain` first to lose nothing.
pub struct HostStream {
    device: HostDevice,
    id: u64,
}

impl HostStream {
    pub(super) fn new(device: HostDevice, id: u64) -> HostStream {
        HostStream { device, id }
    }

    /// The stream's device.
    pub fn device(&self) -> &HostDevice {
        &self.device
    }

    /// Makes the stream wait for a marker of another stream.
    pub fn wait_marker(&self, marker: &HostMarker) -> Result<()> {
        self.push(
            Fault::Launch,
            "wait_marker",
            Item::WaitMarker(marker.completion.clone()),
        )
    }

    /// Makes the stream wait until the word is at least `value`.
    pub fn wait_value(&self, word: &Word, value: u32) -> Result<()> {
        self.push(
            Fault::Gate,
            "wait_value",
            Item::WaitValue(word.clone(), value),
        )
    }

    /// Makes the stream store `value` when it gets there.
    pub fn write_value(&self, word: &Word, value: u32) -> Result<()> {
        self.push(
            Fault::Launch,
            "write_value",
            Item::WriteValue(word.clone(), value),
        )
    }

    /// Records a marker and keeps its own type, for `wait_marker`.
    pub fn record(&self) -> Result<Arc<HostMarker>> {
        let completion = Arc::new(Completion::default());
        self.push(Fault::Marker, "marker", Item::Marker(completion.clone()))?;
        Ok(Arc::new(HostMarker {
            device: self.device.clone(),
            completion,
        }))
    }

    fn push(&self, kind: Fault, call: &'static str, item: Item) -> Result<()> {
        self.device.shared.fault.check(kind, call)?;
        let mut front_end = self.device.shared.front_end.lock();
        front_end.push(self.id, item);
        self.device.announce(&mut front_end);
        Ok(())
    }
}

impl Stream for HostStream {
    fn max_level(&self) -> Level {
        Level::Deactivate
    }

    fn launch(&self, work: Work) -> Result<()> {
        self.push(Fault::Launch, "launch", Item::Work(work))
    }

    fn synchronize(&self) -> Result<()> {
        self.record()?.wait()?;
        match self.device.shared.front_end.lock().take_failure(self.id) {
            0 => Ok(()),
            code => Err(Error::Command { code }),
        }
    }

    fn is_drained(&self) -> Result<bool> {
        self.device
            .shared
            .fault
            .check(Fault::DeviceLost, "is_drained")?;
        Ok(self.device.shared.front_end.lock().is_drained(self.id))
    }

    fn is_capturing(&self) -> bool {
        false
    }

    fn marker(&self) -> Result<Arc<dyn Marker>> {
        Ok(self.record()?)
    }

    fn gate(&self) -> Result<Box<dyn Gate>> {
        self.device.shared.fault.check(Fault::Gate, "gate")?;
        let word = Arc::new(AtomicU32::new(OPEN));
        Ok(Box::new(HostGate {
            device: self.device.clone(),
            stream: self.id,
            word,
        }))
    }
}

impl Drop for HostStream {
    fn drop(&mut self) {
        self.device.shared.front_end.lock().remove_stream(self.id);
    }
}

/// The state of a marker. Reached under the device lock, read by anyone.
#[derive(Default)]
pub(super) struct Completion {
    /// `clock::now_ns` plus one when reached; 0 before.
    reached_ns: AtomicU64,
}

impl Completion {
    pub(super) fn reach(&self) {
        // Release pairs with `is_reached`: what the stream did before is visible to who sees it.
        self.reached_ns
            .store(clock::now_ns() + 1, Ordering::Release);
    }

    pub(super) fn is_reached(&self) -> bool {
        self.reached_ns.load(Ordering::Acquire) != 0
    }
}

/// A completion point in a stream.
pub struct HostMarker {
    device: HostDevice,
    completion: Arc<Completion>,
}

impl Marker for HostMarker {
    fn is_complete(&self) -> Result<bool> {
        self.device
            .shared
            .fault
            .check(Fault::DeviceLost, "is_complete")?;
        Ok(self.completion.is_reached())
    }

    fn wait_until(&self, deadline_ns: u64) -> Result<bool> {
        self.device.shared.fault.check(Fault::DeviceLost, "wait")?;
        let mut front_end = self.device.shared.front_end.lock();
        while !self.completion.is_reached() {
            let Some(left_ns) = deadline_ns
                .checked_sub(clock::now_ns())
                .filter(|&ns| ns > 0)
            else {
                return Ok(false);
            };
            let left = Duration::from_nanos(left_ns);
            front_end = self.device.shared.reached.wait_for(front_end, Some(left));
        }
        Ok(true)
    }

    fn is_timed(&self) -> bool {
        true
    }

    fn completed_at_ns(&self) -> Option<u64> {
        self.completion
            .reached_ns
            .load(Ordering::Acquire)
            .checked_sub(1)
    }
}

const CLOSED: u32 = 0;
const OPEN: u32 = 1;

struct HostGate {
    device: HostDevice,
    stream: u64,
    word: Word,
}

impl Gate for HostGate {
    fn append_wait(&self) -> Result<()> {
        self.device.shared.fault.check(Fault::Gate, "wait_value")?;
        let mut front_end = self.device.shared.front_end.lock();
        front_end.push(self.stream, Item::WaitValue(self.word.clone(), OPEN));
        self.device.announce(&mut front_end);
        Ok(())
    }

    fn is_free(&self) -> bool {
        true
    }

    fn close(&self) {
        // Release pairs with the front end's load; the front end looks when a stream gets there.
        self.word.store(CLOSED, Ordering::Release);
    }

    fn open(&self) {
        self.device.write_word(&self.word, OPEN);
    }
}
