//! A stream as the C API knows it, and the queue attached to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::Mutex;

use super::adopt::StreamKey;
use super::local::DeviceQueues;
use crate::device::Stream;
use crate::device::host::HostStream;
use crate::error::{Error, Result};
use crate::queue::Queue;

/// Where a stream comes from.
pub(super) enum Origin {
    /// The software device made it for us.
    Host(Arc<HostStream>),
    /// It is the application's.
    Adopted(StreamKey),
}

/// See the module.
pub struct HwQueue {
    id: u64,
    stream: Arc<dyn Stream>,
    origin: Origin,
    device: Arc<DeviceQueues>,
    queue: Mutex<Option<Arc<Queue>>>,
    /// Changes whenever `queue` does, and when the stream is destroyed: whoever keeps a copy of
    /// `queue` compares it first.
    epoch: AtomicU64,
}

impl HwQueue {
    /// A stream without a queue.
    pub(super) fn new(
        id: u64,
        stream: Arc<dyn Stream>,
        origin: Origin,
        device: Arc<DeviceQueues>,
    ) -> HwQueue {
        HwQueue {
            id,
            stream,
            origin,
            device,
            queue: Mutex::new(None),
            epoch: AtomicU64::new(0),
        }
    }

    /// Its handle.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The stream.
    pub fn stream(&self) -> &Arc<dyn Stream> {
        &self.stream
    }

    /// The stream with what only the software device can do.
    pub fn host_stream(&self) -> Result<&Arc<HostStream>> {
        match &self.origin {
            Origin::Host(stream) => Ok(stream),
            Origin::Adopted(_) => Err(Error::invalid("hwq", "is no stream of the software device")),
        }
    }

    /// By what an adopted stream is found.
    pub fn key(&self) -> Option<StreamKey> {
        match &self.origin {
            Origin::Host(_) => None,
            Origin::Adopted(key) => Some(*key),
        }
    }

    /// The queues of its device.
    pub fn device(&self) -> &Arc<DeviceQueues> {
        &self.device
    }

    /// The attached queue.
    pub fn queue(&self) -> Option<Arc<Queue>> {
        self.queue.lock().clone()
    }

    /// See `epoch`.
    #[inline]
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Attaches what `make` makes, unless a queue is attached already. Returns the attached one.
    pub fn attach(&self, make: impl FnOnce() -> Result<Arc<Queue>>) -> Result<Arc<Queue>> {
        let mut attached = self.queue.lock();
        if let Some(queue) = &*attached {
            return Ok(queue.clone());
        }
        let queue = make()?;
        *attached = Some(queue.clone());
        self.epoch.fetch_add(1, Ordering::Release);
        Ok(queue)
    }

    /// Detaches the queue.
    pub fn detach(&self) {
        *self.queue.lock() = None;
        self.epoch.fetch_add(1, Ordering::Release);
    }

    /// Launches a command that makes the stream wait for something that any other queue may bring about.
    /// Until it is passed the queue lends its priority to all others of the device.
    pub fn launch_open_wait(&self, queue: &Queue, call: impl FnOnce() -> Result<()>) -> Result<()> {
        let (launched, result) = queue.launch_counted(call);
        if result.is_ok()
            && queue.is_ready()
            && let Some(marker) = queue.marker_behind(launched)
        {
            self.device.waits_for_any(queue, marker);
        }
        result
    }

    /// Waits for the stream on the application's behalf; an attached queue is idle then.
    pub fn synchronize(&self) -> Result<()> {
        let queue = self.queue();
        let launched = queue
            .as_ref()
            .map_or(0, |queue| queue.command_count_launched());
        let result = match &queue {
            Some(queue) => queue.while_waited_for(|| self.stream.synchronize()),
            None => self.stream.synchronize(),
        };
        if let Some(queue) = queue
            && !matches!(result, Err(Error::Hardware { .. }))
        {
            queue.synchronized(launched);
        }
        result
    }
}
