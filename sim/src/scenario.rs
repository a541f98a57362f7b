//! What is simulated, as a TOML file says it. `sim/README.md` describes the format by example.

use serde::Deserialize;
use xsched::sched::{Hint, PolicyHints, PolicyKind};

/// A scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// As in `XSCHED_POLICY`; none: nobody is ever suspended.
    #[serde(default)]
    pub policy: Option<String>,
    /// How long new requests arrive, in milliseconds.
    pub duration_ms: f64,
    /// Of all random numbers.
    #[serde(default)]
    pub seed: u64,
    /// The policy's time slice in microseconds.
    #[serde(default = "timeslice_us")]
    pub timeslice_us: i64,
    /// How many queues of earliest deadline run together.
    #[serde(default = "one")]
    pub concurrency: usize,
    /// How long a queue without work that nobody synchronises counts as ready, in microseconds.
    #[serde(default = "grace_us")]
    pub grace_us: f64,
    /// How late the monitor's ticks are, in microseconds.
    #[serde(default)]
    pub tick_late_us: f64,
    /// Changes of the active window.
    #[serde(default)]
    pub window: Vec<Window>,
    /// The devices.
    pub device: Vec<Device>,
    /// The queues and what is submitted to them.
    #[serde(default)]
    pub queue: Vec<Workload>,
}

/// From then on this process owns the active window.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Milliseconds from the start.
    pub at_ms: f64,
    /// Nobody, if left out.
    #[serde(default)]
    pub process: Option<u32>,
}

/// How a device holds a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// The launching thread waits; commands in flight go on.
    Host,
    /// The stream waits at the next gate; commands up to there go on.
    #[default]
    Device,
    /// The running command is stopped, and goes on later.
    Interrupt,
}

/// A device.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// For queues to refer to.
    pub name: String,
    /// How many commands run at a time.
    #[serde(default = "one")]
    pub units: usize,
    /// How queues are held.
    #[serde(default)]
    pub gate: Gate,
    /// Host gate: most commands in flight.
    #[serde(default = "two")]
    pub threshold: usize,
    /// Device gate: work between two gates in microseconds.
    #[serde(default = "budget_us")]
    pub budget_us: f64,
    /// Device gate: what a gate costs the stream, in microseconds.
    #[serde(default)]
    pub gate_us: f64,
    /// Interrupt: how long the device is of no use while a command is stopped, in microseconds.
    #[serde(default)]
    pub interrupt_us: f64,
    /// Until a suspension acts on the device, in microseconds.
    #[serde(default)]
    pub suspend_us: f64,
    /// Until a resumed queue's next command can start, in microseconds.
    #[serde(default)]
    pub resume_us: f64,
    /// Most commands launched ahead of a stream's head.
    #[serde(default = "outstanding")]
    pub outstanding: usize,
}

/// When requests come.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Arrival {
    /// At fixed times, each late by up to `jitter_us`.
    Periodic {
        /// Between two.
        every_us: f64,
        /// Evenly from 0 to this.
        #[serde(default)]
        jitter_us: f64,
    },
    /// Independently of each other.
    Poisson {
        /// On average.
        per_s: f64,
    },
    /// The next one before the device has finished the last.
    Saturating,
    /// The next one this long after the last has completed.
    Closed {
        /// Thinking time.
        think_us: f64,
    },
}

/// How long a command takes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub enum Duration {
    /// Always the same, in microseconds.
    Constant(f64),
    /// Evenly between two, in microseconds.
    Uniform {
        /// From and to.
        uniform_us: [f64; 2],
    },
    /// Lognormal.
    Lognormal {
        /// Half of all commands are shorter.
        median_us: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
}

/// A queue and what is submitted to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// For the report.
    pub name: String,
    /// The name of its device; the first one if left out.
    #[serde(default)]
    pub device: Option<String>,
    /// Its process.
    #[serde(default)]
    pub process: u32,
    /// That process's nice value.
    #[serde(default)]
    pub nice: i32,
    /// When requests come.
    pub arrival: Arrival,
    /// Commands in a request.
    #[serde(default = "one")]
    pub commands: usize,
    /// How long each takes.
    pub command_us: Duration,
    /// What launching a command costs its thread, in microseconds.
    #[serde(default)]
    pub launch_us: f64,
    /// The application waits for each request, so that the queue is idle at once.
    #[serde(default = "yes")]
    pub synchronous: bool,
    /// First request, in milliseconds.
    #[serde(default)]
    pub start_ms: f64,
    /// No request from then on, in milliseconds.
    #[serde(default)]
    pub stop_ms: Option<f64>,
    /// A request that takes longer than this is a miss, in microseconds; the deadline hint if left out.
    #[serde(default)]
    pub deadline_us: Option<f64>,
    /// Advice to the policy from the start.
    #[serde(default)]
    pub hint: Advice,
    /// Advice at given times.
    #[serde(default)]
    pub change: Vec<Change>,
}

/// Advice about a queue; what is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Larger runs first.
    #[serde(default)]
    pub priority: Option<i32>,
    /// Percent.
    #[serde(default)]
    pub utilization: Option<i32>,
    /// Microseconds after becoming ready.
    #[serde(default)]
    pub deadline_us: Option<i64>,
    /// How long it can wait, and its priorities until then and after.
    #[serde(default)]
    pub laxity: Option<Laxity>,
}

/// See `Advice`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Laxity {
    /// Microseconds.
    pub us: i64,
    /// Priority until then.
    pub lax: i32,
    /// Priority after.
    pub critical: i32,
}

/// Advice that comes later.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Milliseconds from the start.
    pub at_ms: f64,
    /// What changes.
    pub hint: Advice,
}

impl Advice {
    /// For the scheduler.
    pub fn hints(&self) -> impl Iterator<Item = Hint> {
        let laxity = self.laxity.map(|laxity| Hint::Laxity {
            laxity_us: laxity.us,
            lax: laxity.lax,
            critical: laxity.critical,
        });
        let all = [
            self.priority.map(Hint::Priority),
            self.utilization.map(Hint::Utilization),
            self.deadline_us.map(Hint::Deadline),
            laxity,
        ];
        all.into_iter().flatten()
    }
}

impl Scenario {
    /// Reads a scenario and checks that it makes sense.
    pub fn from_toml(text: &str) -> Result<Scenario, String> {
        let scenario: Scenario = toml::from_str(text).map_err(|error| error.to_string())?;
        scenario.check()?;
        Ok(scenario)
    }

    /// The policy.
    pub fn policy(&self) -> Result<Option<PolicyKind>, String> {
        let Some(name) = &self.policy else {
            return Ok(None);
        };
        let known: Vec<&str> = PolicyKind::all().map(PolicyKind::name).collect();
        PolicyKind::parse(name)
            .map(Some)
            .ok_or_else(|| format!("policy {name:?} is not one of {}", known.join(", ")))
    }

    /// Hints to the policy.
    pub fn policy_hints(&self) -> PolicyHints {
        PolicyHints {
            timeslice_us: self.timeslice_us,
            concurrency: self.concurrency,
        }
    }

    /// The position of a workload's device.
    pub fn device_of(&self, workload: &Workload) -> Option<usize> {
        match &workload.device {
            None => (!self.device.is_empty()).then_some(0),
            Some(name) => self.device.iter().position(|device| device.name == *name),
        }
    }

    /// What is wrong, if anything is.
    pub fn check(&self) -> Result<(), String> {
        self.policy()?;
        if self.device.is_empty() {
            return Err("there is no [[device]]".into());
        }
        for device in &self.device {
            if device.units == 0 || device.threshold == 0 || device.outstanding == 0 {
                let name = &device.name;
                return Err(format!(
                    "device {name:?}: units, threshold and outstanding are at least 1"
                ));
            }
        }
        for queue in &self.queue {
            let name = &queue.name;
            if self.device_of(queue).is_none() {
                return Err(format!("queue {name:?}: there is no such device"));
            }
            let paced = match queue.arrival {
                Arrival::Periodic { every_us, .. } => every_us > 0.0,
                Arrival::Poisson { per_s } => per_s > 0.0,
                Arrival::Saturating | Arrival::Closed { .. } => true,
            };
            if queue.commands == 0 || !paced {
                return Err(format!(
                    "queue {name:?}: needs commands, and time between requests"
                ));
            }
        }
        Ok(())
    }
}

fn one() -> usize {
    1
}

fn two() -> usize {
    2
}

fn outstanding() -> usize {
    512
}

fn yes() -> bool {
    true
}

fn timeslice_us() -> i64 {
    5000
}

fn grace_us() -> f64 {
    200.0
}

fn budget_us() -> f64 {
    100.0
}
