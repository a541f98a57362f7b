//! Events of a driver: what each was last recorded behind.
//!
//! A thread that waits for an event has waited for the commands before it, and a queue that makes its
//! stream wait for another queue's event lends that one its priority. Only recordings of a queue that
//! competes are kept: no gate stands in front of any other. Nor does a queue with a host gate need the
//! loan: what was launched there is never held.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use super::hw_queue::HwQueue;
use crate::error::Result;
use crate::queue::Queue;
use crate::sync::Mutex;

enum Recording {
    /// Behind commands of a queue.
    Queue {
        queue: Weak<Queue>,
        /// How many.
        covers: u64,
    },
    /// Behind everything in a context, whichever queues that concerns.
    Everything,
}

/// See the module.
#[derive(Default)]
pub struct RecordedEvents {
    events: Mutex<HashMap<usize, Recording>>,
    /// How many `events` holds: nothing to look up while it is 0.
    count: AtomicUsize,
}

impl RecordedEvents {
    /// Makes the driver call that records `start` in front of a command of the queue's stream, and `stop`
    /// behind it or as that command; 0 is none.
    pub fn record(
        &self,
        start: usize,
        stop: usize,
        queue: &Arc<Queue>,
        call: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let before = queue.command_count_launched();
        let (covered, result) = queue.launch_covering(call);
        if result.is_ok() {
            for (event, covers) in [(start, before), (stop, covered)] {
                if event != 0 && queue.is_ready() {
                    let queue = Arc::downgrade(queue);
                    self.keep(event, Recording::Queue { queue, covers });
                } else {
                    self.forget(event);
                }
            }
        }
        result
    }

    /// The event was recorded behind everything in a context.
    pub fn record_behind_everything(&self, event: usize) {
        self.keep(event, Recording::Everything);
    }

    /// True if waiting for the event may be waiting for any queue.
    pub fn is_behind_everything(&self, event: usize) -> bool {
        self.count.load(Ordering::Relaxed) != 0
            && matches!(self.events.lock().get(&event), Some(Recording::Everything))
    }

    fn keep(&self, event: usize, recording: Recording) {
        let mut events = self.events.lock();
        events.insert(event, recording);
        self.count.store(events.len(), Ordering::Relaxed);
    }

    /// The event is destroyed, or recorded where no queue competes.
    pub fn forget(&self, event: usize) {
        if self.count.load(Ordering::Relaxed) != 0 {
            let mut events = self.events.lock();
            events.remove(&event);
            self.count.store(events.len(), Ordering::Relaxed);
        }
    }

    fn find(&self, event: usize) -> Option<(Arc<Queue>, u64)> {
        if self.count.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let events = self.events.lock();
        match events.get(&event)? {
            Recording::Queue { queue, covers } => Some((queue.upgrade()?, *covers)),
            Recording::Everything => None,
        }
    }

    /// The queue is about to make its stream wait for the event.
    pub fn waits(&self, event: usize, hw_queue: &HwQueue, queue: &Queue) {
        if let Some((target, covers)) = self.find(event)
            && target.id() != queue.id()
            && target.has_device_gate()
            && let Some(marker) = target.marker_behind(covers)
        {
            hw_queue.device().waits(queue, &target, marker);
        }
    }

    /// Makes a driver call that waits for the event.
    pub fn synchronize(&self, event: usize, call: impl FnOnce() -> Result<()>) -> Result<()> {
        let recording = self.find(event);
        call()?;
        if let Some((queue, covers)) = recording {
            queue.synchronized(covers);
        }
        Ok(())
    }
}
