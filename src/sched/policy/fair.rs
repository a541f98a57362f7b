//! Weighted fair sharing of a device by units, the common part of the share policies and of CFS.
//!
//! Each unit has a virtual time: the device time it was charged, divided by its weight. A unit whose
//! virtual time is the weighted mean of all ready ones (`fair_ns`) has had exactly its share; what it is
//! ahead or behind of that is its lag. A slice goes to the unit with the earliest virtual deadline - its
//! virtual time after one more slice - among those that are not ahead: earliest eligible virtual deadline
//! first (Stoica and Abdel-Wahab, "Earliest Eligible Virtual Deadline First", Old Dominion University TR-95-22,
//! 1995; the fair class of Linux since 6.6). That bounds the lag of every unit by one slice plus one
//! command for any weights, where the plain rule of the least virtual time lets many light units go before
//! a heavy one. A slice is not interrupted, save by a unit that wakes and has an earlier deadline.
//!
//! * A unit that wakes keeps its lag, and gains at most half a slice from having slept, but is never more
//!   than two slices behind. Its debt shrinks as the others go on.
//! * A new unit starts at the minimum of the ready ones, but at most half a slice behind the mean.
//! * A unit whose weight changes keeps its lag.
//! * A unit of weight 0 has the device while nobody else wants it.
//!
//! Strict sharing measures against the clock instead of the mean: a unit that is ahead of it waits, even
//! if the device stands idle.

use super::ledger::{Ledger, Per, UnitChange};
use super::service::{Line, Service, stretch};
use super::{Change, Policy};
use crate::sched::hint::{Hints, PolicyHints};
use crate::sched::table::{NONE, Table};

/// What makes a policy of it.
pub(super) trait Shares: Send {
    const PER: Per;
    /// Unused share is not lent.
    const STRICT: bool = false;
    /// Under strict sharing, the sum of weights that fills the device.
    const FULL: i64 = 100;

    /// The weight of a queue; a unit has that of its lightest queue.
    fn weight(hints: &Hints) -> i64;

    /// How long a unit has the device before the next choice, in nanoseconds.
    fn slice_ns(advice: &PolicyHints, weight: i64, total: i64) -> i64;
}

/// See the module.
pub(super) struct Fair<S> {
    ledger: Ledger<Service>,
    lines: Vec<Line>,
    tick_us: Option<u64>,
    shares: std::marker::PhantomData<S>,
}

impl<S: Shares> Default for Fair<S> {
    fn default() -> Self {
        Fair {
            ledger: Ledger::new(S::PER),
            lines: Vec::new(),
            tick_us: None,
            shares: std::marker::PhantomData,
        }
    }
}

impl<S: Shares> Fair<S> {
    fn settle(&mut self, now_us: u64) {
        let passed_ns = self.ledger.settle(now_us);
        if S::STRICT {
            for line in &mut self.lines {
                line.fair_ns = line.fair_ns.saturating_add(stretch(passed_ns, line.full));
            }
        }
    }

    /// Brings `fair_ns` of the device up to date, but for the unit `without`. Its sums are those of the
    /// other ready units.
    fn measure(&mut self, device: usize, without: usize) {
        let line = &mut self.lines[device];
        line.clear();
        for (at, unit) in self.ledger.units.iter().enumerate() {
            if unit.device == device && at != without && unit.ready > 0 {
                line.count(&unit.account);
            }
        }
        if !S::STRICT {
            line.take_mean();
        }
    }

    fn woke(&mut self, table: &Table, at: usize) {
        let device = self.ledger.units[at].device;
        self.measure(device, at);
        let line = &self.lines[device];
        let service = &mut self.ledger.units[at].account;
        let total = if S::STRICT {
            line.full
        } else {
            line.weight + service.weight
        };
        let slice_ns = S::slice_ns(&table.advice.policy, service.weight, total);
        if S::STRICT {
            service.wake_strictly(line, slice_ns);
        } else {
            service.wake(line, slice_ns);
        }
    }

    fn slept(&mut self, at: usize) {
        let device = self.ledger.units[at].device;
        self.measure(device, at);
        let line = &mut self.lines[device];
        let service = &mut self.ledger.units[at].account;
        if line.least_ns.is_none() && !S::STRICT {
            line.fair_ns = service.virtual_ns;
        }
        service.slept_at_ns = Some(line.fair_ns);
        if self.ledger.turns[device].holder == at {
            self.ledger.give(device, NONE, 0);
            self.ledger.turns[device].due = true;
        }
    }

    /// Its queues or their hints are different.
    fn advised(&mut self, table: &Table, at: usize) {
        let weight = table
            .queues
            .iter()
            .filter(|queue| queue.unit == at)
            .map(|queue| S::weight(&queue.hints))
            .min()
            .unwrap_or(0);
        let (device, old, ready) = {
            let unit = &self.ledger.units[at];
            (unit.device, unit.account.weight, unit.ready > 0)
        };
        if weight != old {
            if ready {
                self.measure(device, NONE);
            }
            let fair_ns = self.lines[device].fair_ns;
            let service = &mut self.ledger.units[at].account;
            let origin_ns = service.slept_at_ns.filter(|_| !ready).unwrap_or(fair_ns);
            service.reweight(origin_ns, weight);
            self.ledger.turns[device].due = true;
        }
        self.refill(device);
    }

    fn refill(&mut self, device: usize) {
        let units = self.ledger.units.iter();
        let weights = units.filter(|unit| unit.device == device);
        let sum: i64 = weights.map(|unit| unit.account.weight).sum();
        if let Some(line) = self.lines.get_mut(device) {
            line.full = sum.max(S::FULL);
        }
    }

    /// Gives every device on which a choice is due to the unit whose turn it is.
    fn choose(&mut self, table: &Table) {
        self.lines.iter_mut().for_each(Line::clear);
        for unit in self.ledger.units.iter().filter(|unit| unit.ready > 0) {
            self.lines[unit.device].count(&unit.account);
        }
        for (at, unit) in self.ledger.units.iter_mut().enumerate() {
            if unit.ready > 0 {
                let line = &mut self.lines[unit.device];
                let total = if S::STRICT { line.full } else { line.weight };
                let service = &mut unit.account;
                let slice_ns = S::slice_ns(&table.advice.policy, service.weight, total.max(1));
                if S::STRICT {
                    line.consider_strictly(service, slice_ns, at);
                } else {
                    line.consider(service, slice_ns, at);
                }
            }
        }
        for device in 0..self.lines.len() {
            if !S::STRICT {
                self.lines[device].take_mean();
            }
            if self.ledger.turns[device].due {
                self.take_turn(table, device);
            }
            if let Some(by_ns) = self.lines[device].rebase() {
                let units = self.ledger.units.iter_mut();
                for unit in units.filter(|unit| unit.device == device) {
                    unit.account.rebase(by_ns);
                }
            }
        }
    }

    fn take_turn(&mut self, table: &Table, device: usize) {
        let line = &self.lines[device];
        let total = if S::STRICT {
            line.full
        } else {
            line.weight.max(1)
        };
        let slice_ns = |weight| S::slice_ns(&table.advice.policy, weight, total);
        let at = self.ledger.turns[device].holder;
        let holder = self.ledger.units.get(at);
        if let Some(holder) = holder.filter(|holder| holder.ready > 0) {
            let Service {
                virtual_ns, weight, ..
            } = holder.account;
            // Its slice may be from a time when fewer were ready.
            let left_ns = self.ledger.shorten(device, slice_ns(weight));
            let deadline_ns = virtual_ns.saturating_add(stretch(left_ns, weight));
            let turn = &mut self.ledger.turns[device];
            let claims =
                |(claim_ns, claimant): (i64, usize)| claimant != at && claim_ns < deadline_ns;
            let claimed = std::mem::take(&mut turn.woke) && line.best.is_some_and(claims);
            let left_over = weight == 0 && line.weight > 0;
            if !turn.is_over() && !left_over && !claimed {
                turn.due = false;
                return;
            }
        }
        let (at, slice_ns) = line.best.map_or((NONE, 0), |(_, at)| {
            (at, slice_ns(self.ledger.units[at].account.weight))
        });
        self.ledger.give(device, at, slice_ns);
    }

    fn next_us(&self) -> Option<u64> {
        let ends = self.lines.iter().enumerate().filter_map(|(device, line)| {
            let turn = &self.ledger.turns[device];
            if turn.ready == 0 {
                None
            } else if turn.holder == NONE {
                line.wait_ns.map(|wait_ns| self.ledger.after_us(wait_ns))
            } else if turn.ready > 1 || S::STRICT {
                self.ledger.ends_us(device)
            } else {
                None
            }
        });
        ends.min()
    }
}

impl<S: Shares> Policy for Fair<S> {
    fn observe(&mut self, now_us: u64, table: &mut Table, at: usize, change: Change) -> bool {
        self.settle(now_us);
        let device = table.queues[at].device;
        if change == Change::Goes {
            if let Some(unit) = self.ledger.goes(table, at) {
                self.advised(table, unit);
            } else {
                self.refill(device);
            }
            self.lines.truncate(self.ledger.turns.len());
            if self.lines.is_empty() {
                self.lines = Vec::new();
            }
            return true;
        }
        let (unit, meaning) = self.ledger.observe(table, at, change);
        if self.lines.len() < self.ledger.turns.len() {
            self.lines.resize(self.ledger.turns.len(), Line::default());
        }
        if change == Change::Came && table.devices[device].queues == 1 {
            self.lines[device] = Line::default();
        }
        if matches!(change, Change::Came | Change::Advised) {
            self.advised(table, unit);
        }
        match meaning {
            UnitChange::Woke => self.woke(table, unit),
            UnitChange::Slept => self.slept(unit),
            UnitChange::None | UnitChange::Came | UnitChange::Advised => {}
        }
        self.ledger.is_due()
    }

    fn readvised(&mut self) {
        self.ledger.choose_anew();
    }

    fn select(&mut self, now_us: u64, table: &mut Table) {
        self.settle(now_us);
        if S::STRICT {
            for turn in &mut self.ledger.turns {
                turn.due |= turn.holder == NONE && turn.ready > 0;
            }
        }
        if self.ledger.is_due() {
            self.choose(table);
        }
        self.tick_us = self.next_us();
        self.ledger.run_holders(table);
    }

    fn next_tick_us(&self) -> Option<u64> {
        self.tick_us
    }

    fn preemptible(&self, table: &Table, may: &mut [bool]) {
        self.ledger.preemptible(table, may);
        if S::STRICT {
            for (queue, may) in table.queues.iter().zip(may) {
                let weight = self.ledger.units[queue.unit].account.weight;
                *may |= weight < self.lines[queue.device].full;
            }
        }
    }
}
