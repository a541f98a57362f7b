//! One device: its execution units, its hardware queues and the streams that share them.

use std::sync::{Arc, Mutex, OnceLock};

use xsched::device::host::HostDevice;

use crate::config;
use crate::front_end::{self, QueueId};
use crate::stream::{Kind, Stream};
use crate::sync::lock;

/// Hardware queues that the streams of one priority share, as many as AMD's runtimes use by
/// default.
const SHARED_QUEUES: usize = 4;

/// `hipDeviceGetStreamPriorityRange`: a smaller number is a higher priority.
pub(crate) const LEAST_PRIORITY: i32 = 1;
pub(crate) const GREATEST_PRIORITY: i32 = -1;
const PRIORITIES: usize = 3;

pub(crate) struct Device {
    pub(crate) ordinal: usize,
    units: HostDevice,
    /// By priority, greatest first.
    pools: Mutex<[Pool; PRIORITIES]>,
    /// All streams but those that were destroyed, or whose thread ended, and that are drained.
    streams: Mutex<Vec<Arc<Stream>>>,
    null_stream: OnceLock<Arc<Stream>>,
}

#[derive(Default)]
struct Pool {
    queues: Vec<QueueId>,
    next: usize,
}

impl Device {
    pub(crate) fn new(ordinal: usize) -> Device {
        Device {
            ordinal,
            units: HostDevice::new(config::get().units),
            pools: Mutex::default(),
            streams: Mutex::default(),
            null_stream: OnceLock::new(),
        }
    }

    /// Its ordinal as C has it.
    pub(crate) fn number(&self) -> i32 {
        i32::try_from(self.ordinal).unwrap_or(i32::MAX)
    }

    /// The stream of the value 0. It takes its turn among the hardware queues when first used.
    pub(crate) fn null_stream(&'static self) -> &'static Arc<Stream> {
        self.null_stream
            .get_or_init(|| self.create_stream(Kind::Null, 0, 0, None))
    }

    /// The null stream if it was ever used.
    pub(crate) fn null_stream_in_use(&self) -> Option<&Arc<Stream>> {
        self.null_stream.get()
    }

    pub(crate) fn create_stream(
        &'static self,
        kind: Kind,
        flags: u32,
        priority: i32,
        cu_mask: Option<Vec<u32>>,
    ) -> Arc<Stream> {
        let priority = priority.clamp(GREATEST_PRIORITY, LEAST_PRIORITY);
        // A queue cannot have two masks, so a masked stream shares none.
        let queue = match cu_mask {
            Some(_) => self.new_queue(priority),
            None => self.next_shared_queue(priority),
        };
        let stream = Arc::new(Stream::new(self, kind, flags, priority, cu_mask, queue));
        let mut streams = lock(&self.streams);
        streams.retain(|stream| !stream.is_gone());
        streams.push(stream.clone());
        stream
    }

    fn next_shared_queue(&self, priority: i32) -> QueueId {
        let mut pools = lock(&self.pools);
        let index = usize::try_from(priority - GREATEST_PRIORITY).unwrap_or(0);
        let pool = &mut pools[index];
        let turn = pool.next % SHARED_QUEUES;
        pool.next += 1;
        if turn == pool.queues.len() {
            pool.queues.push(self.new_queue(priority));
        }
        pool.queues[turn]
    }

    /// A hardware queue that nobody shares.
    pub(crate) fn new_queue(&self, priority: i32) -> QueueId {
        front_end::get().add_queue(&self.units, -priority)
    }

    pub(crate) fn streams(&self) -> Vec<Arc<Stream>> {
        lock(&self.streams).clone()
    }

    pub(crate) fn forget_stream(&self, stream: &Arc<Stream>) {
        lock(&self.streams).retain(|other| !Arc::ptr_eq(other, stream));
    }

    /// Waits for everything launched on this device so far.
    pub(crate) fn synchronize(&self) {
        for stream in self.streams() {
            stream.synchronize();
        }
    }
}
