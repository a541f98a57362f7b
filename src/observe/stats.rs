//! Counters of one queue. Relaxed atomics: each is exact, together they are no snapshot of an instant.

use std::sync::atomic::{AtomicU64, Ordering};

/// Written by the threads that use the queue.
#[derive(Default)]
pub(crate) struct Counters {
    /// Commands admitted while somebody might have competed.
    pub(crate) tracked: AtomicU64,
    pub(crate) bypass_capture: AtomicU64,
    pub(crate) bypass_failed: AtomicU64,
    pub(crate) launch_errors: AtomicU64,
    pub(crate) gates: AtomicU64,
    pub(crate) markers: AtomicU64,
    pub(crate) stalls: AtomicU64,
    pub(crate) suspends: AtomicU64,
    pub(crate) resumes: AtomicU64,
    pub(crate) app_suspends: AtomicU64,
    pub(crate) app_resumes: AtomicU64,
    held_threads: AtomicU64,
    held_ns: AtomicU64,
    stopped_ns: AtomicU64,
}

/// The numbers behind `XQueueStats`; names and units are documented there.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct QueueStats {
    pub commands: u64,
    pub passed: u64,
    pub tracked: u64,
    pub pending: u64,
    pub in_flight: u64,
    pub launch_errors: u64,
    pub suspends: u64,
    pub resumes: u64,
    pub app_suspends: u64,
    pub app_resumes: u64,
    pub suspended_us: u64,
    pub held_threads: u64,
    pub held_us: u64,
    pub gates: u64,
    pub markers: u64,
    /// Commands let through above the threshold.
    pub stalls: u64,
    pub bypass_failed: u64,
    pub bypass_capture: u64,
    pub threshold: u64,
    pub batch_size: u64,
    pub command_time_ns: u64,
    pub budget_us: u64,
    pub device_time_us: u64,
    pub device_time_estimated_us: u64,
    pub level: i64,
    pub device_gate: bool,
    pub suspended: bool,
    pub failed: bool,
}

impl Counters {
    /// A launching thread has waited at the host gate.
    pub(crate) fn held(&self, ns: u64) {
        self.held_threads.fetch_add(1, Ordering::Relaxed);
        self.held_ns.fetch_add(ns, Ordering::Relaxed);
    }

    /// The queue was stopped for this long.
    pub(crate) fn stopped(&self, ns: u64) {
        self.stopped_ns.fetch_add(ns, Ordering::Relaxed);
    }

    /// How long the queue was stopped, but for a suspension that lasts still.
    pub(crate) fn stopped_ns(&self) -> u64 {
        self.stopped_ns.load(Ordering::Relaxed)
    }

    /// The counters, as far as they are here.
    pub(crate) fn snapshot(&self) -> QueueStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        QueueStats {
            tracked: read(&self.tracked),
            bypass_capture: read(&self.bypass_capture),
            bypass_failed: read(&self.bypass_failed),
            launch_errors: read(&self.launch_errors),
            gates: read(&self.gates),
            markers: read(&self.markers),
            stalls: read(&self.stalls),
            suspends: read(&self.suspends),
            resumes: read(&self.resumes),
            app_suspends: read(&self.app_suspends),
            app_resumes: read(&self.app_resumes),
            held_threads: read(&self.held_threads),
            held_us: read(&self.held_ns) / 1000,
            ..QueueStats::default()
        }
    }
}
