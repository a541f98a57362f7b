//! What came out of a simulation, and what users ask about it.

use crate::scenario::{Scenario, Workload};
use crate::time::{ns_from_ms, ns_from_us, us_from_ns};

/// A request of a queue.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// When it came.
    pub arrived_ns: u64,
    /// When its last command completed, if it did.
    pub done_ns: Option<u64>,
}

/// One queue.
#[derive(Clone, Debug)]
pub struct QueueOutcome {
    /// As in the scenario.
    pub name: String,
    /// Position of its device.
    pub device: usize,
    /// Requests that take longer are misses.
    pub deadline_ns: Option<u64>,
    /// In the order of arrival.
    pub requests: Vec<Request>,
    /// When its commands ran, from and to, in order; without gaps they are one.
    pub ran: Vec<(u64, u64)>,
    /// How often it was suspended.
    pub suspensions: usize,
    /// When it was suspended (true) and resumed.
    pub decisions: Vec<(u64, bool)>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The queues of the scenario or the recording, in its order.
    pub queues: Vec<QueueOutcome>,
    /// Names and numbers of execution units of the devices.
    pub devices: Vec<(String, usize)>,
    /// When the last request came to its end.
    pub end_ns: u64,
    /// How long requests came.
    pub duration_ns: u64,
    requests: Vec<(usize, usize)>,
}

impl Outcome {
    pub(crate) fn new(scenario: &Scenario) -> Outcome {
        let deadline_ns = |queue: &Workload| {
            let hint = queue.hint.deadline_us.filter(|&us| us >= 0);
            let us = queue.deadline_us.or(hint.map(|us| us as f64));
            us.map(ns_from_us)
        };
        let queues = scenario.queue.iter().map(|queue| QueueOutcome {
            name: queue.name.clone(),
            device: scenario.device_of(queue).unwrap_or(0),
            deadline_ns: deadline_ns(queue),
            requests: Vec::new(),
            ran: Vec::new(),
            suspensions: 0,
            decisions: Vec::new(),
        });
        let duration_ns = ns_from_ms(scenario.duration_ms);
        Outcome {
            queues: queues.collect(),
            devices: scenario
                .device
                .iter()
                .map(|device| (device.name.clone(), device.units))
                .collect(),
            end_ns: duration_ns,
            duration_ns,
            requests: Vec::new(),
        }
    }

    pub(crate) fn add_queue(&mut self, name: &str, device: usize) {
        self.queues.push(QueueOutcome {
            name: name.to_owned(),
            device,
            deadline_ns: None,
            requests: Vec::new(),
            ran: Vec::new(),
            suspensions: 0,
            decisions: Vec::new(),
        });
    }

    pub(crate) fn begin_request(&mut self, queue: usize, arrived_ns: u64) -> usize {
        let requests = &mut self.queues[queue].requests;
        self.requests.push((queue, requests.len()));
        requests.push(Request {
            arrived_ns,
            done_ns: None,
        });
        self.requests.len() - 1
    }

    pub(crate) fn end_request(&mut self, request: usize, now_ns: u64) {
        let (queue, at) = self.requests[request];
        self.queues[queue].requests[at].done_ns = Some(now_ns);
    }

    pub(crate) fn note_ran(&mut self, queue: usize, from_ns: u64, to_ns: u64) {
        let ran = &mut self.queues[queue].ran;
        match ran.last_mut() {
            Some((_, end_ns)) if *end_ns == from_ns => *end_ns = to_ns,
            _ => ran.push((from_ns, to_ns)),
        }
    }

    pub(crate) fn note_operation(&mut self, queue: usize, now_ns: u64, suspend: bool) {
        let queue = &mut self.queues[queue];
        queue.suspensions += usize::from(suspend);
        queue.decisions.push((now_ns, suspend));
    }

    /// The position of the queue of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.queues.iter().position(|queue| queue.name == name)
    }

    /// Part of the device's time in which commands ran, from 0 to 1.
    pub fn utilisation(&self, device: usize, from_ns: u64, to_ns: u64) -> f64 {
        let queues = self.queues.iter().filter(|queue| queue.device == device);
        let used_ns: u64 = queues.map(|queue| queue.used_ns(from_ns, to_ns)).sum();
        let units = self.devices[device].1 as f64;
        used_ns as f64 / ((to_ns - from_ns).max(1) as f64 * units)
    }

    /// By how much the queues' part of any window of that length between two times differs from
    /// `share` at most; both from 0 to 1.
    pub fn share_error(
        &self,
        queues: &[usize],
        share: f64,
        window_ns: u64,
        (from_ns, to_ns): (u64, u64),
    ) -> f64 {
        // The part of a sliding window is extreme where the window begins or ends with a run.
        let runs = || queues.iter().flat_map(|&queue| &self.queues[queue].ran);
        let bounds = runs().flat_map(|&(start_ns, end_ns)| [start_ns, end_ns]);
        let starts = bounds.flat_map(|at_ns| [Some(at_ns), at_ns.checked_sub(window_ns)]);
        let curves: Vec<Used<'_>> = queues
            .iter()
            .map(|&queue| Used::new(&self.queues[queue].ran))
            .collect();
        starts
            .flatten()
            .chain([from_ns])
            .filter(|start_ns| (from_ns..=to_ns.saturating_sub(window_ns)).contains(start_ns))
            .map(|start_ns| {
                let used =
                    |curve: &Used<'_>| curve.until(start_ns + window_ns) - curve.until(start_ns);
                let used_ns: u64 = curves.iter().map(used).sum();
                (used_ns as f64 / window_ns as f64 - share).abs()
            })
            .fold(0.0, f64::max)
    }
}

/// How long a queue has used the device until when.
struct Used<'a> {
    ran: &'a [(u64, u64)],
    /// Before each of `ran`.
    before_ns: Vec<u64>,
}

impl<'a> Used<'a> {
    fn new(ran: &'a [(u64, u64)]) -> Used<'a> {
        let mut sum_ns = 0;
        let before_ns = ran.iter().map(|(start_ns, end_ns)| {
            let before_ns = sum_ns;
            sum_ns += end_ns - start_ns;
            before_ns
        });
        Used {
            before_ns: before_ns.collect(),
            ran,
        }
    }

    fn until(&self, at_ns: u64) -> u64 {
        let after = self.ran.partition_point(|&(start_ns, _)| start_ns < at_ns);
        let Some(at) = after.checked_sub(1) else {
            return 0;
        };
        let (start_ns, end_ns) = self.ran[at];
        self.before_ns[at] + at_ns.min(end_ns) - start_ns
    }
}

impl QueueOutcome {
    /// Device time between two times.
    pub fn used_ns(&self, from_ns: u64, to_ns: u64) -> u64 {
        let within = |&(start_ns, end_ns): &(u64, u64)| {
            end_ns.min(to_ns).saturating_sub(start_ns.max(from_ns))
        };
        self.ran.iter().map(within).sum()
    }

    /// How long the completed requests took, shortest first, in microseconds.
    pub fn latencies_us(&self) -> Vec<f64> {
        let completed = self.requests.iter();
        let mut latencies_ns: Vec<u64> = completed
            .filter_map(|request| Some(request.done_ns? - request.arrived_ns))
            .collect();
        latencies_ns.sort_unstable();
        latencies_ns.into_iter().map(us_from_ns).collect()
    }

    /// Requests that were not done by their deadline.
    pub fn misses(&self) -> usize {
        let Some(deadline_ns) = self.deadline_ns else {
            return 0;
        };
        let late = |request: &&Request| {
            request
                .done_ns
                .is_none_or(|done_ns| done_ns - request.arrived_ns > deadline_ns)
        };
        self.requests.iter().filter(late).count()
    }
}

/// The smallest value that `percent` of all values do not exceed; of values in order.
pub fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let values: Vec<f64> = (1..=200).map(f64::from).collect();
        assert_eq!(percentile(&values, 50), Some(100.0));
        assert_eq!(percentile(&values, 99), Some(198.0));
        assert_eq!(percentile(&values, 100), Some(200.0));
        assert_eq!(percentile(&[], 99), None);
    }

    #[test]
    fn used_time_is_summed_up() {
        let ran = [(10, 20), (30, 50)];
        let used = Used::new(&ran);
        let at = [0, 10, 15, 25, 30, 40, 99];
        assert_eq!(at.map(|at_ns| used.until(at_ns)), [0, 0, 5, 10, 10, 20, 30]);
    }
}
