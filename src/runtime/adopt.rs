//! The application's own streams: adopted when first seen, forgotten when destroyed.
//!
//! A driver may give a new stream the address of a destroyed one, so whoever learns of a destruction says
//! so here; from then on the address means a stream not seen before.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tracing::{debug, warn};

use super::app::Runtime;
use super::hw_queue::{HwQueue, Origin};
use super::local::DeviceQueues;
use crate::device::{Device, Level, Place, Stream};
use crate::error::{Error, Result};
use crate::observe::hooks::{HOOKS, Passage};
use crate::queue::Queue;
use crate::sync::Mutex;

/// What identifies a stream to its driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey {
    /// `XPlatform` of the driver.
    pub platform: u32,
    /// Where it is, for a special stream that every place has; a handle says so by itself.
    pub place: Option<Place>,
    /// The driver's handle, or one of its special values.
    pub stream: usize,
    /// The thread that a per-thread stream belongs to; 0 for every other one.
    pub thread: u64,
}

/// See `Runtime::adopted`.
#[derive(Clone, Copy, Debug)]
pub struct Adopted {
    /// Known and not forgotten.
    pub streams: usize,
    /// Commands admitted, of all streams ever seen, whether the driver took them or not.
    pub commands: u64,
    /// Commands of the streams known that went into a capture.
    pub captured: u64,
}

/// The adopted streams by their keys.
#[derive(Default)]
pub(super) struct AdoptedStreams {
    streams: Mutex<HashMap<StreamKey, Arc<HwQueue>>>,
}

impl AdoptedStreams {
    pub(super) fn remove(&self, key: StreamKey) {
        self.streams.lock().remove(&key);
    }

    fn take(&self, which: impl Fn(&StreamKey, &HwQueue) -> bool) -> Vec<Arc<HwQueue>> {
        let mut streams = self.streams.lock();
        streams
            .extract_if(|key, hw_queue| which(key, hw_queue))
            .map(|(_, hw_queue)| hw_queue)
            .collect()
    }
}

impl Runtime {
    /// The stream with this key; adopted, with what `make` makes, if it is not known yet.
    pub fn adopt(
        &self,
        key: StreamKey,
        make: impl FnOnce() -> Result<(Arc<dyn Device>, Arc<dyn Stream>)>,
    ) -> Result<Arc<HwQueue>> {
        // Held while it is made, so that of two threads that see a stream first one adopts it.
        let mut streams = self.adopted.streams.lock();
        if let Some(known) = streams.get(&key) {
            return Ok(known.clone());
        }
        let (device, stream) = make()?;
        let device = self.device_queues(device);
        let hw_queue = self.add_stream(stream, Origin::Adopted(key), device);
        if let Err(error) = self.create_auto_queue(&hw_queue, key) {
            // Its launches pass; asking again for each of them would help nobody.
            warn!("{} gets no queue: {error}", key.name());
        }
        debug!("adopted {} as {:#x}", key.name(), hw_queue.id());
        streams.insert(key, hw_queue.clone());
        Ok(hw_queue)
    }

    /// The adopted stream with this key.
    pub fn find_adopted(&self, key: StreamKey) -> Result<Arc<HwQueue>> {
        let known = self.adopted.streams.lock().get(&key).cloned();
        known.ok_or_else(|| Error::NotFound {
            argument: "stream",
            reason: format!("{} is not adopted", key.name()),
        })
    }

    fn create_auto_queue(&self, hw_queue: &Arc<HwQueue>, key: StreamKey) -> Result<()> {
        let Some(auto) = &self.config().auto_queue else {
            return Ok(());
        };
        let asked = Level::from_number(auto.level.into()).unwrap_or(Level::Block);
        let made = self.create_queue(hw_queue, asked, false);
        let queue = match made {
            Err(Error::NotSupported(reason)) => {
                warn!(
                    "XSCHED_AUTO_XQUEUE_LEVEL: {reason}; {} has level 1",
                    key.name()
                );
                self.create_queue(hw_queue, Level::Block, false)?
            }
            made => made?,
        };
        queue.set_name(&key.name());
        self.set_launch_config(&queue, auto.threshold, auto.batch)?;
        auto.hints
            .iter()
            .try_for_each(|&hint| self.hint(&queue, hint))
    }

    /// The stream with this key is about to be destroyed: nothing holds it any more.
    pub fn forget_stream(&self, key: StreamKey) {
        self.forget(|known, _| *known == key);
    }

    /// The thread ends, and its streams with it.
    pub fn forget_thread(&self, thread: u64) {
        self.forget(|known, _| known.thread == thread);
    }

    /// The device is about to be reset, or the context destroyed: its streams end.
    pub fn forget_place(&self, place: Place) {
        self.forget(|_, hw_queue| hw_queue.stream().place() == Some(place));
    }

    /// The device is about to be reset: its streams end, and what is known of it.
    pub fn forget_device(&self, device: &Arc<dyn Device>) {
        self.forget(|_, hw_queue| Arc::ptr_eq(hw_queue.device().device(), device));
        self.forget_queues_of(device);
    }

    fn forget(&self, which: impl Fn(&StreamKey, &HwQueue) -> bool) {
        for hw_queue in self.adopted.take(which) {
            let _ = self.hw_queues.remove(hw_queue.id());
            if let Some(queue) = hw_queue.queue() {
                self.discard_queue(&hw_queue, &queue);
            }
            hw_queue.detach();
        }
    }

    /// As `destroy_queue`, and waits for nothing.
    fn discard_queue(&self, hw_queue: &HwQueue, queue: &Arc<Queue>) {
        let stats = queue.stats();
        self.forgotten_commands
            .fetch_add(stats.commands + stats.launch_errors, Ordering::Relaxed);
        let _ = self.queues.remove(queue.id().0);
        hw_queue.device().remove(queue);
        queue.drop_pending();
        queue.close_submissions();
    }

    /// Adopted streams, and the commands that were ever admitted and captured on such streams.
    pub fn adopted(&self) -> Adopted {
        let streams = self.adopted.streams.lock();
        let mut adopted = Adopted {
            streams: streams.len(),
            commands: self.forgotten_commands.load(Ordering::Relaxed),
            captured: 0,
        };
        for queue in streams.values().filter_map(|hw_queue| hw_queue.queue()) {
            let stats = queue.stats();
            adopted.commands += stats.commands + stats.launch_errors;
            adopted.captured += stats.bypass_capture;
        }
        adopted
    }

    /// Makes the driver call that synchronises this device, or this context of it.
    pub fn synchronize_place(
        &self,
        device: Arc<dyn Device>,
        place: Place,
        call: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        self.device_queues(device).synchronize_place(place, call)
    }

    /// Makes a driver call that waits for every stream, of whichever device.
    pub fn while_all_waited_for<T>(&self, call: impl FnOnce() -> T) -> T {
        self.on_gated_devices(DeviceQueues::wait_for_all, call)
    }

    /// Makes a driver call that enqueues nothing, and that may turn out to wait for every stream: gates give
    /// way if it takes long. Counts as a wait, here or in `HOOKS`.
    #[inline]
    pub fn while_it_may_wait<T>(&self, call: impl FnOnce() -> T) -> T {
        let open = self.watchers.calls.begin();
        if open.is_none() {
            HOOKS.count(Passage::Wait);
        }
        call()
    }

    /// Calls made `while_it_may_wait`, but for those in `HOOKS`.
    pub fn calls_that_may_wait(&self) -> u64 {
        self.watchers.calls.count()
    }

    fn on_gated_devices<G, T>(
        &self,
        guard: impl Fn(Arc<DeviceQueues>) -> G,
        call: impl FnOnce() -> T,
    ) -> T {
        if !self.has_device_gates.load(Ordering::Relaxed) {
            return call();
        }
        let _guards: Vec<_> = self.devices().into_iter().map(guard).collect();
        call()
    }
}

impl StreamKey {
    /// The key of a stream whose handle is unique over all of its driver.
    pub fn of_handle(platform: u32, handle: usize) -> StreamKey {
        StreamKey {
            platform,
            place: None,
            stream: handle,
            thread: 0,
        }
    }

    /// For logs and traces.
    fn name(&self) -> String {
        match (self.place, self.thread) {
            (Some(place), 0) => format!("null stream of {place}"),
            (Some(place), thread) => format!("stream of thread {thread} on {place}"),
            (None, _) => format!("stream {:#x}", self.stream),
        }
    }
}
