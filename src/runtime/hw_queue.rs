//! A stream as the C API knows it, and the queue attached to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::Mutex;

use super::local::DeviceQueues;
use crate::device::Stream;
use crate::device::host::HostStream;
use crate::error::Result;
use crate::queue::Queue;

/// See the module.
pub struct HwQueue {
    id: u64,
    stream: Arc<HostStream>,
    device: Arc<DeviceQueues>,
    queue: Mutex<Option<Arc<Queue>>>,
    /// Changes whenever `queue` does, and when the stream is destroyed: whoever keeps a copy of
    /// `queue` compares it first.
    epoch: AtomicU64,
}

impl HwQueue {
    /// A stream without a queue.
    pub fn new(id: u64, stream: Arc<HostStream>, device: Arc<DeviceQueues>) -> HwQueue {
        HwQueue {
            id,
            stream,
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
    pub fn stream(&self) -> &Arc<HostStream> {
        &self.stream
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

    /// Waits for the stream on the application's behalf; an attached queue is idle then.
    pub fn synchronize(&self) -> Result<()> {
        let queue = self.queue();
        let launched = queue
            .as_ref()
            .map_or(0, |queue| queue.command_count_launched());
        let result = self.stream.synchronize();
        if let Some(queue) = queue
            && !matches!(result, Err(crate::error::Error::Hardware { .. }))
        {
            queue.synchronized(launched);
        }
        result
    }
}
