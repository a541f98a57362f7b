//! The requests of a workload: when they come and what they consist of.

use crate::random::Random;
use crate::scenario::{Arrival, Duration, Workload};
use crate::time::{ns_from_ms, ns_from_us};

/// See the module.
pub(crate) struct Feed {
    arrival: Arrival,
    commands: usize,
    command_us: Duration,
    stop_ns: u64,
    random: Random,
    count: u64,
    start_ns: u64,
}

impl Feed {
    pub(crate) fn new(workload: &Workload, end_ns: u64, random: Random) -> Feed {
        let stop_ns = workload.stop_ms.map_or(end_ns, ns_from_ms);
        Feed {
            arrival: workload.arrival,
            commands: workload.commands,
            command_us: workload.command_us,
            stop_ns: stop_ns.min(end_ns),
            random,
            count: 0,
            start_ns: ns_from_ms(workload.start_ms),
        }
    }

    /// When the next request comes that does not depend on what became of the last. The first one of
    /// every workload does not.
    pub(crate) fn next_ns(&mut self) -> Option<u64> {
        let at_ns = match self.arrival {
            Arrival::Periodic {
                every_us,
                jitter_us,
            } => {
                // Whole periods from the start, so that rounding does not add up.
                let nth = self.count as f64;
                let late_us = jitter_us * self.random.unit();
                self.start_ns + ns_from_us(every_us.mul_add(nth, late_us))
            }
            Arrival::Poisson { per_s } => {
                self.start_ns += ns_from_us(self.random.exponential(1e6 / per_s));
                self.start_ns
            }
            Arrival::Saturating | Arrival::Closed { .. } if self.count > 0 => return None,
            Arrival::Saturating | Arrival::Closed { .. } => self.start_ns,
        };
        self.count += 1;
        (at_ns < self.stop_ns).then_some(at_ns)
    }

    /// When the next request comes, now that one has completed.
    pub(crate) fn after_ns(&self, now_ns: u64) -> Option<u64> {
        let Arrival::Closed { think_us } = self.arrival else {
            return None;
        };
        let at_ns = now_ns + ns_from_us(think_us);
        (at_ns < self.stop_ns).then_some(at_ns)
    }

    /// True if there is always a next request at hand.
    pub(crate) fn saturates(&self, now_ns: u64) -> bool {
        matches!(self.arrival, Arrival::Saturating)
            && (self.start_ns..self.stop_ns).contains(&now_ns)
    }

    /// The device times of a request's commands.
    pub(crate) fn request(&mut self) -> Vec<u64> {
        let random = &mut self.random;
        let command_us = self.command_us;
        let mut draw = || match command_us {
            Duration::Constant(us) => us,
            Duration::Uniform {
                uniform_us: [low, high],
            } => low + (high - low) * random.unit(),
            Duration::Lognormal { median_us, sigma } => random.lognormal(median_us, sigma),
        };
        (0..self.commands)
            .map(|_| ns_from_us(draw()).max(1))
            .collect()
    }
}
