//! KEDF, k earliest deadlines first: of the ready queues of a device, the `k` whose deadlines come first
//! run. A deadline is the moment of becoming ready plus the deadline hint.
//!
//! Earliest deadline first (Liu and Layland, 1973, section 7; optimal on one processor: Dertouzos, "Control
//! Robotics", IFIP Congress 1974). With k = 1 and immediate preemption every feasible set meets its deadlines;
//! with commands that cannot be stopped, one such command of another queue can be in the way of each job.
//! Larger k trades that for occupancy: k queues share the device first-come-first-served.
//!
//! Queues without a deadline run together while fewer than k queues have one. A queue that is a whole
//! period (its deadline hint) late is treated as if it had become ready again, at that moment and every
//! two periods from then on: without that a queue that is never idle keeps the earliest deadline for ever
//! and takes the device for itself (postponement as in the constant bandwidth server: Abeni and Buttazzo,
//! "Integrating Multimedia Applications in Hard Real-Time Systems", IEEE Real-Time Systems Symposium 1998).
//!
//! A queue that a ready queue waits for takes over its place in the order, next to it, and does not count
//! as one of the k.
//!
//! XSched 1.2 sorts the queues of all devices into one list, counts idle queues among the k, lets only the
//! first few of the queues without deadline run, by accident of order, and lets late queues stay first.

use super::{Change, Policy};
use crate::sched::table::{QueueView, Table};
use crate::sched::waits::Key;

/// The shortest period for postponement; microseconds.
const SHORTEST_PERIOD_US: u64 = 1000;

/// After every deadline.
const LAST: Key = (i64::MAX, 0, 0);

/// See the module.
#[derive(Default)]
pub(super) struct KEarliestDeadlineFirst {
    /// Place of each queue in the order, its own or what it was lent.
    places: Vec<Key>,
    /// Own places of ready queues with a deadline, by device.
    ranked: Vec<Key>,
    /// Per device: where its part of `ranked` ends, and the last place that runs.
    ends: Vec<usize>,
    limits: Vec<Key>,
    tick_us: Option<u64>,
}

impl KEarliestDeadlineFirst {
    /// The absolute deadline of a ready queue in microseconds.
    fn deadline_us(queue: &QueueView, now_us: u64) -> Option<u64> {
        let period_us = u64::try_from(queue.hints.deadline_us).ok()?;
        let renewal_us = 2 * period_us.clamp(SHORTEST_PERIOD_US, u64::MAX / 4);
        let waited_us = now_us.saturating_sub(queue.ready_since_us);
        let renewed_us = queue.ready_since_us + waited_us / renewal_us * renewal_us;
        Some(renewed_us.saturating_add(period_us))
    }

    /// When that deadline will be postponed.
    fn postponed_us(queue: &QueueView, now_us: u64) -> Option<u64> {
        let period_us = u64::try_from(queue.hints.deadline_us).ok()?;
        let renewal_us = 2 * period_us.clamp(SHORTEST_PERIOD_US, u64::MAX / 4);
        let waited_us = now_us.saturating_sub(queue.ready_since_us);
        Some(
            queue
                .ready_since_us
                .saturating_add((waited_us / renewal_us + 1).saturating_mul(renewal_us)),
        )
    }

    fn place(queue: &QueueView, now_us: u64) -> Key {
        match Self::deadline_us(queue, now_us) {
            Some(deadline_us) if queue.is_executable() => {
                let deadline_us = i64::try_from(deadline_us).unwrap_or(i64::MAX - 1);
                (deadline_us, queue.ready_since_us, queue.id)
            }
            _ => LAST,
        }
    }

    fn has_place(queue: &QueueView) -> bool {
        queue.ready && queue.is_executable() && queue.hints.deadline_us >= 0
    }

    /// Finds, for each device, the k-th place among the ready queues with a deadline of their own.
    fn rank(&mut self, table: &Table) {
        let k = table.advice.policy.concurrency.max(1);
        self.ends.clear();
        self.ends.resize(table.devices.len() + 1, 0);
        for queue in table.queues.iter().filter(|queue| Self::has_place(queue)) {
            self.ends[queue.device + 1] += 1;
        }
        for device in 0..table.devices.len() {
            self.ends[device + 1] += self.ends[device];
        }
        let all = self.ends[table.devices.len()];
        self.ranked.clear();
        self.ranked.resize(all, LAST);
        // Each device's start moves up to its end.
        for (queue, &place) in table.queues.iter().zip(&self.places) {
            if Self::has_place(queue) {
                self.ranked[self.ends[queue.device]] = place;
                self.ends[queue.device] += 1;
            }
        }
        self.limits.clear();
        let mut start = 0;
        for &end in &self.ends[..table.devices.len()] {
            let places = &mut self.ranked[start..end];
            self.limits.push(if places.len() < k {
                LAST
            } else {
                *places.select_nth_unstable(k - 1).1
            });
            start = end;
        }
    }
}

impl Policy for KEarliestDeadlineFirst {
    fn observe(&mut self, _now_us: u64, table: &mut Table, _at: usize, change: Change) -> bool {
        if change == Change::Goes && self.places.capacity() > 2 * table.queues.len() {
            *self = KEarliestDeadlineFirst::default();
        }
        false
    }

    fn select(&mut self, now_us: u64, table: &mut Table) {
        self.places.clear();
        let places = table.queues.iter().map(|queue| Self::place(queue, now_us));
        self.places.extend(places);
        self.rank(table);

        let places = &mut self.places;
        for (queue, &place) in table.queues.iter_mut().zip(places.iter()) {
            queue.effective_priority = queue.hints.priority;
            queue.run = queue.is_executable() && place <= self.limits[queue.device];
        }
        let limits = &self.limits;
        table.waits.each_lent(
            &mut table.queues,
            |queue| queue.is_executable().then(|| Self::place(queue, now_us)),
            |queues, target, lender| {
                places[target] = places[target].min(places[lender]);
                let target_limit = limits[queues[target].device];
                queues[target].run |= places[target] <= target_limit;
            },
        );

        self.tick_us = None;
        let contended = table.queues.iter().any(|queue| queue.ready && !queue.run);
        if contended {
            let running = table.queues.iter().filter(|queue| queue.ready && queue.run);
            self.tick_us = running
                .filter_map(|queue| Self::postponed_us(queue, now_us))
                .min();
        }
    }

    fn next_tick_us(&self) -> Option<u64> {
        self.tick_us
    }

    fn preemptible(&self, table: &Table, may: &mut [bool]) {
        let k = table.advice.policy.concurrency.max(1);
        let mut deadlines = vec![0_usize; table.devices.len()];
        for queue in &table.queues {
            deadlines[queue.device] += usize::from(queue.hints.deadline_us >= 0);
        }
        for (queue, may) in table.queues.iter().zip(may) {
            let own = usize::from(queue.hints.deadline_us >= 0);
            *may = !queue.is_executable() || deadlines[queue.device] - own >= k;
        }
    }
}
