//! What the simulator's tests share.

#![allow(dead_code, clippy::unwrap_used)] // not every test file uses all of it

use xsched_sim::{Outcome, Scenario, percentile, simulate};

/// Of a second.
pub(crate) const MS: u64 = 1_000_000;

/// Reads and runs a scenario.
pub(crate) fn run(toml: &str) -> Outcome {
    let scenario = Scenario::from_toml(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    simulate(&scenario).unwrap()
}

/// A scenario with this policy and one device, to which queues are added.
pub(crate) fn scenario(policy: &str, duration_ms: u64, device: &str) -> String {
    let policy = match policy {
        "" => String::new(),
        name => format!("policy = \"{name}\"\n"),
    };
    format!(
        "{policy}duration_ms = {duration_ms}\ntick_late_us = 60\n[[device]]\nname = \"device\"\n{device}\n"
    )
}

/// A queue that always has work.
pub(crate) fn saturating(name: &str, command_us: &str, more: &str) -> String {
    format!(
        "[[queue]]\nname = \"{name}\"\narrival = {{ kind = \"saturating\" }}\n\
         command_us = {command_us}\n{more}\n"
    )
}

/// Of the requests of a queue, in microseconds.
pub(crate) fn latency_us(outcome: &Outcome, queue: &str, percent: usize) -> f64 {
    let queue = &outcome.queues[outcome.find(queue).unwrap()];
    percentile(&queue.latencies_us(), percent).unwrap()
}

/// Part of the device time that a queue had between two times, from 0 to 1.
pub(crate) fn share(outcome: &Outcome, queue: &str, from_ns: u64, to_ns: u64) -> f64 {
    let queue = &outcome.queues[outcome.find(queue).unwrap()];
    queue.used_ns(from_ns, to_ns) as f64 / (to_ns - from_ns) as f64
}
