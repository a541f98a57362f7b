//! One queue: admission, gates, markers and explicit commands of one stream, put together.
//!
//! What it does stands in files of its own: `launch.rs` for the application's threads, `stop.rs` for
//! the thread that decides, `completion.rs` for whoever waits or watches. No lock is held across an
//! application's driver call or callback.

use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use crate::sync::Mutex;
use crossbeam_utils::CachePadded;

use super::admission::{Admission, NO_LIMIT, Word};
use super::budget::{Budget, CommandTime};
use super::gate::{DeviceGate, Spacing};
use super::in_flight::InFlight;
use super::launch_config::{LaunchConfig, MOST_BATCH, Stops};
use super::submit::Submissions;
use crate::clock;
pub use crate::device::Level;
use crate::device::{Place, Stream};
use crate::error::{Error, Result};
use crate::observe::stats::{Counters, QueueStats};

/// Identifies a queue for the life of the process; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueId(pub u64);

/// Whom a queue tells that its need for the device has changed. Called with no lock of the queue held.
pub trait Listener: Send + Sync {
    /// A thread wants to launch and READY is clear: sets it, or stops tracking the queue.
    fn ready(&self, queue: &Queue);
    /// The application has synchronised the queue up to this count.
    fn synchronized(&self, queue: &Queue, upto: u64);
    /// The queue has failed and passes everything from here on.
    fn failed(&self, queue: &Queue);
}

/// What a queue is made with.
#[derive(Clone, Copy, Debug)]
pub struct QueueSettings {
    /// Preemption level asked for.
    pub level: Level,
    /// The level is held by the device gate; otherwise by the host gate.
    pub device_gate: bool,
    /// `XQueueSubmit` launches on the calling thread.
    pub blocking_submit: bool,
    /// In-flight work that a suspension may have to wait for; `None` is the default, see `Budget`.
    pub budget_us: Option<u64>,
}

/// What to wait for before and after suspending.
#[derive(Clone, Copy, Debug, Default)]
pub struct SuspendFlags {
    /// Return when the device runs nothing of this queue.
    pub sync: bool,
    /// First wait for everything submitted so far.
    pub wait_all: bool,
    /// First wait until the queue is idle.
    pub wait_idle: bool,
}

/// See the module.
pub struct Queue {
    pub(super) id: QueueId,
    pub(super) hwq: u64,
    pub(super) stream: Arc<dyn Stream>,
    /// Only one thread can reach the stream: see `Stream::is_private`.
    pub(super) private: bool,
    pub(super) listener: Arc<dyn Listener>,
    pub(super) admission: CachePadded<Admission>,
    pub(super) submissions: Submissions,
    pub(super) stats: Counters,
    pub(super) in_flight: InFlight,
    pub(super) time: CommandTime,
    /// Device time; follows `in_flight`, readable without its lock.
    pub(super) used_ns: AtomicU64,
    pub(super) budget: Budget,
    /// `None`: the host gate. Fixed for the queue's life, whatever its level.
    pub(super) gate: Option<DeviceGate>,
    /// See `lift`. Written under the device's lock.
    pub(super) lifted: AtomicBool,
    /// Threads that wait for the stream in the driver.
    pub(super) waited_for: AtomicU32,
    pub(super) config: Mutex<LaunchConfig>,
    /// Commands between two markers; follows `config` and `time`.
    pub(super) batch: AtomicU32,
    /// Commands between two gates if the application has said so, otherwise 0.
    pub(super) gate_commands: AtomicU32,
    /// Launches are just in time (`pace.rs`).
    pub(super) paced: AtomicBool,
    /// Threads that wait for the queue to be quiet.
    pub(super) quiet_waiters: AtomicU32,
    /// Somebody may want to stop this queue: it needs gates and markers.
    pub(super) preemptible: AtomicBool,
    /// Launched commands that the last marker covers.
    pub(super) marked: AtomicU64,
    /// When the first command after the last marker was launched; 0 if none was.
    pub(super) since_ns: AtomicU64,
    pub(super) stopped_since_ns: AtomicU64,
    pub(super) went_on_ns: AtomicU64,
    pub(super) level: AtomicI32,
    name: Mutex<String>,
}

impl Queue {
    /// A queue over `stream`; `hwq` is what callbacks are given.
    pub fn new(
        id: QueueId,
        hwq: u64,
        stream: Arc<dyn Stream>,
        listener: Arc<dyn Listener>,
        settings: QueueSettings,
    ) -> Result<Arc<Queue>> {
        let gate = settings
            .device_gate
            .then(|| stream.gate())
            .transpose()?
            .map(DeviceGate::new);
        let flags = if gate.is_some() { 0 } else { Word::HOST_GATE };
        let costly_gate = gate.as_ref().is_some_and(|gate| !gate.is_free());
        // Without one predictions are coarser, that is all.
        let stopwatch = costly_gate.then(|| stream.stopwatch().ok().flatten());
        Ok(Arc::new_cyclic(|own: &Weak<Queue>| Queue {
            id,
            hwq,
            private: stream.is_private(),
            stream,
            listener,
            admission: CachePadded::new(Admission::new(flags)),
            submissions: Submissions::new(own.clone(), settings.blocking_submit),
            stats: Counters::default(),
            in_flight: InFlight::new(stopwatch.flatten()),
            time: CommandTime::default(),
            used_ns: AtomicU64::new(0),
            budget: Budget::new(settings.budget_us, costly_gate),
            gate,
            lifted: AtomicBool::new(false),
            waited_for: AtomicU32::new(0),
            config: Mutex::new(LaunchConfig::default()),
            batch: AtomicU32::new(1),
            gate_commands: AtomicU32::new(0),
            paced: AtomicBool::new(false),
            quiet_waiters: AtomicU32::new(0),
            preemptible: AtomicBool::new(false),
            marked: AtomicU64::new(0),
            since_ns: AtomicU64::new(0),
            stopped_since_ns: AtomicU64::new(0),
            went_on_ns: AtomicU64::new(0),
            level: AtomicI32::new(settings.level as i32),
            name: Mutex::new(format!("queue {}", id.0 & 0xffff_ffff)),
        }))
    }

    /// The queue's identity, and its handle in the C API.
    pub fn id(&self) -> QueueId {
        self.id
    }

    /// True if the device itself holds the stream, false if callers are held.
    pub fn has_device_gate(&self) -> bool {
        self.gate.is_some()
    }

    /// Its device is a driver's, whose calls may turn out to wait for what a device gate holds; calls of the
    /// software device do not.
    pub fn has_drivers_gate(&self) -> bool {
        self.gate.as_ref().is_some_and(|gate| !gate.is_free())
    }

    /// See `Stream::place`.
    pub fn place(&self) -> Option<Place> {
        self.stream.place()
    }

    /// The handle of its stream.
    pub fn hwq(&self) -> u64 {
        self.hwq
    }

    /// Brings threshold and batch in line with the configuration and the measured command times.
    pub(super) fn refresh_limits(&self) {
        let config = *self.config.lock();
        let preemptible = self.preemptible.load(Ordering::Relaxed);
        let within = self
            .time
            .commands_within(self.budget.least_ns(), MOST_BATCH);
        let stops = self.stops(config);
        let gates = self.in_flight.gates();
        let limits = config.limits(stops, within, gates);
        self.batch.store(limits.batch, Ordering::Relaxed);
        let gate_commands = if config.is_explicit() {
            limits.batch
        } else {
            0
        };
        self.gate_commands.store(gate_commands, Ordering::Relaxed);
        let paced = stops == Stops::Paced;
        self.paced.store(paced, Ordering::Relaxed);
        if self.gate.is_some() {
            // The host holds what no gate would, and what the driver would not take. An application that has
            // suspended a queue may go on launching so far: the very thread may be the one that resumes.
            let held_limit = if paced { 0 } else { limits.threshold };
            let suspended_limit = config.limits(Stops::AtGates, within, gates).threshold;
            self.admission
                .set_stopped_limits(held_limit, suspended_limit);
        }
        self.admission.set_limit(if preemptible {
            limits.threshold
        } else {
            NO_LIMIT
        });
    }

    fn stops(&self, config: LaunchConfig) -> Stops {
        let Some(gate) = &self.gate else {
            return Stops::AtHost;
        };
        let automatic = !config.is_explicit() && self.budget.least_ns() > 0;
        if automatic && !gate.is_free() && self.in_flight.is_paced(self.budget.least_ns()) {
            Stops::Paced
        } else {
            Stops::AtGates
        }
    }

    /// Where gates stand.
    pub(super) fn spacing(&self, stopped: bool) -> Spacing {
        match self.gate_commands.load(Ordering::Relaxed) {
            0 if self.paced.load(Ordering::Relaxed) && !stopped => Spacing::None,
            0 => Spacing::Work(self.budget.ns()),
            commands => Spacing::Commands(commands),
        }
    }

    /// An internal fault: from here on everything passes. Logged once.
    pub(super) fn fail(&self, what: &str, error: &Error) {
        let before = self.admission.set(Word::FAILED);
        if !before.has(Word::FAILED) {
            // At the process's end the driver is gone before its threads are.
            if !before.has(Word::CLOSED) {
                tracing::error!(
                    "{}: {what} failed ({error}); the queue passes everything from here on",
                    self.name()
                );
            }
            self.open_gate();
            self.listener.failed(self);
        }
    }

    /// Names the queue in logs and traces.
    pub fn set_name(&self, name: &str) {
        const MOST_BYTES: usize = 64;
        let end = (0..=MOST_BYTES.min(name.len()))
            .rev()
            .find(|&at| name.is_char_boundary(at));
        *self.name.lock() = name[..end.unwrap_or(0)].to_owned();
    }

    /// The queue's name.
    pub fn name(&self) -> String {
        self.name.lock().clone()
    }

    /// Changes the level; the gate is fixed, so this is what later queries see.
    pub fn set_level(&self, level: Level) {
        self.level.store(level as i32, Ordering::Relaxed);
    }

    /// The level in force.
    pub fn level(&self) -> i32 {
        self.level.load(Ordering::Relaxed)
    }

    /// When it was last suspended by anyone, if it is.
    pub fn stopped_since_ns(&self) -> u64 {
        self.stopped_since_ns.load(Ordering::Relaxed)
    }

    /// Time spent suspended so far, by anyone.
    pub(super) fn stopped_ns(&self) -> u64 {
        let lasting_ns = if self.is_stopped() {
            clock::now_ns().saturating_sub(self.stopped_since_ns.load(Ordering::Relaxed))
        } else {
            0
        };
        self.stats.stopped_ns() + lasting_ns
    }

    /// A snapshot of the counters.
    pub fn stats(&self) -> QueueStats {
        let word = self.admission.word();
        let threshold = self.admission.limit();
        let mut stats = self.stats.snapshot();
        stats.suspended_us = self.stopped_ns() / 1000;
        stats.commands = word.launched() + self.submissions.pending();
        stats.passed = word
            .launched()
            .saturating_sub(stats.tracked + stats.bypass_failed);
        stats.pending = self.submissions.pending();
        stats.in_flight = self.admission.in_flight();
        stats.threshold = if threshold == NO_LIMIT {
            0
        } else {
            u64::from(threshold)
        };
        stats.batch_size = u64::from(self.batch.load(Ordering::Relaxed));
        let device_time = self.in_flight.device_time();
        stats.device_time_us = device_time.used_ns / 1000;
        stats.device_time_estimated_us = device_time.estimated_ns / 1000;
        stats.command_time_ns = self.time.estimate_ns().unwrap_or(0);
        stats.budget_us = self.budget.ns() / 1000;
        stats.level = i64::from(self.level());
        stats.device_gate = self.gate.is_some();
        stats.suspended = word.stopped();
        stats.failed = word.has(Word::FAILED);
        stats
    }
}
