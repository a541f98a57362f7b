//! One device: its execution units and its hardware queues.

use std::collections::BTreeMap;
use std::sync::Mutex;

use xsched::device::host::HostDevice;

use crate::config;
use crate::front_end::{self, QueueId};
use crate::sync::lock;

/// Hardware queues that the streams of one priority share, as many as AMD's runtimes use by
/// default.
const SHARED_QUEUES: usize = 4;

pub struct Device {
    pub ordinal: usize,
    units: HostDevice,
    /// By priority.
    pools: Mutex<BTreeMap<i32, Pool>>,
}

#[derive(Default)]
struct Pool {
    queues: Vec<QueueId>,
    next: usize,
}

impl Device {
    pub fn new(ordinal: usize) -> Device {
        Device {
            ordinal,
            units: HostDevice::new(config::get().units),
            pools: Mutex::default(),
        }
    }

    /// Its ordinal as C has it.
    pub fn number(&self) -> i32 {
        i32::try_from(self.ordinal).unwrap_or(i32::MAX)
    }

    pub fn next_shared_queue(&self, priority: i32) -> QueueId {
        let mut pools = lock(&self.pools);
        let pool = pools.entry(priority).or_default();
        let turn = pool.next % SHARED_QUEUES;
        pool.next += 1;
        if turn == pool.queues.len() {
            pool.queues.push(self.new_queue(priority));
        }
        pool.queues[turn]
    }

    /// A hardware queue that nobody shares.
    pub fn new_queue(&self, priority: i32) -> QueueId {
        front_end::get().add_queue(&self.units, -priority)
    }
}
