//! MLFQ, multi-level feedback queue: queues that use the device little go before those that use it much,
//! without anybody saying which is which.
//!
//! After Corbató, Merwin-Daggett and Daley, "An Experimental Time-Sharing System", AFIPS 1962, with the rules
//! of Arpaci-Dusseau and Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 8:
//!
//! * Four levels. The queues of the highest level that has ready ones take turns, first come, first
//!   served. A turn on level n lasts 2^n time slices (`PolicyHints::timeslice_us`); a queue that is
//!   interrupted by a higher level, or goes idle, has the rest of its turn later.
//! * A queue descends when it has used up one turn of its level, in one piece or in many: what it used
//!   adds up (`debt_ns`), so going idle just before the end of a turn gains nothing.
//! * Recovery: a queue that is idle works its debt off at a quarter of the time that passes. So a queue
//!   that uses less than about a fifth of the time stays on the highest level, and one that fell to the
//!   lowest is back after 0.3 s at the usual slice of 5 ms. Waiting is not idling: a queue that is held
//!   does not rise by that.
//! * Boost: a queue that was ready for a second without having the device starts again on the highest
//!   level, so nobody starves. (Only those that wait, as the balance set manager of Windows does it, and not
//!   all queues at a fixed period as in the book, which would let batch queues compete with interactive ones
//!   once in every period.)
//!
//! Hints are not read, save for `PRIORITY_NO_EXECUTE`.
//!
//! XSched 1.2 keeps the same four levels by the wall clock; moves the device only when its 5 ms timer
//! or an event comes; counts time on one level anew after every change; and lets a queue rise for time that
//! it spent running, if that was not much compared with a fixed 100 ms.

use super::ledger::{Account, Ledger, Per, UnitChange};
use super::{Change, Policy};
use crate::sched::hint::PolicyHints;
use crate::sched::table::{NONE, Table};

/// The lowest level; 0 is the highest.
const LOWEST: u32 = 3;
/// Idle time that works off one unit of debt.
const RECOVERY: i64 = 4;
/// Waiting for that long ends on the highest level.
const BOOST_US: u64 = 1_000_000;

/// What a queue has had.
#[derive(Debug, Default)]
struct Record {
    /// Device time used and not worked off.
    debt_ns: i64,
    /// Of its present turn.
    ran_ns: i64,
    level: u32,
    /// Its place among those of its level; 0 before it has one.
    place: u64,
    /// When it last had the device, became ready, or became idle.
    since_us: u64,
}

impl Account for Record {
    fn charge(&mut self, ns: i64) {
        self.debt_ns = self.debt_ns.saturating_add(ns).max(0);
        self.ran_ns = self.ran_ns.saturating_add(ns).max(0);
    }
}

/// See the module.
pub(super) struct MultiLevelFeedbackQueue {
    ledger: Ledger<Record>,
    /// The best queue of each device, by level and place.
    best: Vec<Option<(u32, u64, usize)>>,
    places: u64,
    tick_us: Option<u64>,
    boost_us: Option<u64>,
}

impl Default for MultiLevelFeedbackQueue {
    fn default() -> Self {
        MultiLevelFeedbackQueue {
            ledger: Ledger::new(Per::Queue),
            best: Vec::new(),
            places: 0,
            tick_us: None,
            boost_us: None,
        }
    }
}

fn slice_ns(advice: &PolicyHints) -> i64 {
    advice.timeslice_us.clamp(1, i64::MAX / 1_000_000) * 1000
}

/// One turn on a level.
fn turn_ns(advice: &PolicyHints, level: u32) -> i64 {
    slice_ns(advice) << level
}

/// Where a level begins, in debt: one turn of each level above it.
fn begin_ns(advice: &PolicyHints, level: u32) -> i64 {
    slice_ns(advice) * ((1 << level) - 1)
}

fn level_of(advice: &PolicyHints, debt_ns: i64) -> u32 {
    (1..=LOWEST)
        .rev()
        .find(|&level| debt_ns >= begin_ns(advice, level))
        .unwrap_or(0)
}

impl MultiLevelFeedbackQueue {
    fn line_up(places: &mut u64, record: &mut Record, level: u32) {
        *places += 1;
        record.place = *places;
        record.level = level;
        record.ran_ns = 0;
    }

    fn woke(&mut self, now_us: u64, advice: &PolicyHints, at: usize) {
        let record = &mut self.ledger.units[at].account;
        let idle_us = now_us.saturating_sub(record.since_us);
        let idle_ns = i64::try_from(idle_us.saturating_mul(1000)).unwrap_or(i64::MAX);
        record.debt_ns = (record.debt_ns - idle_ns / RECOVERY).max(0);
        record.since_us = now_us;
        let level = level_of(advice, record.debt_ns);
        if level != record.level || record.place == 0 {
            Self::line_up(&mut self.places, record, level);
        }
    }

    /// Moves queues between levels and finds the first of each device.
    fn line(&mut self, now_us: u64, advice: &PolicyHints) {
        let most_ns = begin_ns(advice, LOWEST + 1);
        self.best.clear();
        self.best.resize(self.ledger.turns.len(), None);
        for (at, unit) in self.ledger.units.iter_mut().enumerate() {
            let record = &mut unit.account;
            // More could not be worked off in a reasonable time, and makes no difference.
            record.debt_ns = record.debt_ns.min(most_ns);
            if unit.ready == 0 {
                continue;
            }
            let holds = self.ledger.turns[unit.device].holder == at;
            if holds {
                record.since_us = now_us;
            } else if now_us.saturating_sub(record.since_us) >= BOOST_US {
                record.debt_ns = 0;
                record.since_us = now_us;
            }
            let level = level_of(advice, record.debt_ns);
            if level != record.level || record.ran_ns >= turn_ns(advice, level) {
                Self::line_up(&mut self.places, record, level);
            }
            let place = (level, record.place, at);
            let best = &mut self.best[unit.device];
            *best = Some(best.map_or(place, |best| best.min(place)));
        }
    }

    fn choose(&mut self, now_us: u64, advice: &PolicyHints) {
        self.line(now_us, advice);
        for (device, best) in self.best.iter().enumerate() {
            let turn = &self.ledger.turns[device];
            let (at, left_ns) = match *best {
                None => (NONE, 0),
                Some((level, _, at)) => {
                    let record = &self.ledger.units[at].account;
                    let turn_ns = turn_ns(advice, level) - record.ran_ns;
                    // On all levels but the lowest, the debt says when it has to go down.
                    let level_ns = match level {
                        LOWEST => turn_ns,
                        _ => begin_ns(advice, level + 1) - record.debt_ns,
                    };
                    (at, turn_ns.min(level_ns).max(1))
                }
            };
            if turn.holder != at || turn.due {
                let before = self.ledger.units.get_mut(turn.holder);
                if let Some(before) = before.filter(|_| turn.holder != at) {
                    before.account.since_us = now_us;
                }
                self.ledger.give(device, at, left_ns);
            }
        }
        let Ledger { units, turns, .. } = &self.ledger;
        let waiting = units
            .iter()
            .enumerate()
            .filter(|&(at, unit)| unit.ready > 0 && turns[unit.device].holder != at);
        self.boost_us = waiting
            .map(|(_, unit)| unit.account.since_us.saturating_add(BOOST_US))
            .min();
    }
}

impl Policy for MultiLevelFeedbackQueue {
    fn observe(&mut self, now_us: u64, table: &mut Table, at: usize, change: Change) -> bool {
        self.ledger.settle(now_us);
        if change == Change::Goes {
            self.ledger.goes(table, at);
            if self.ledger.units.is_empty() {
                self.boost_us = None;
            }
            return true;
        }
        match self.ledger.observe(table, at, change) {
            (unit, UnitChange::Came) => self.ledger.units[unit].account.since_us = now_us,
            (unit, UnitChange::Woke) => self.woke(now_us, &table.advice.policy, unit),
            (unit, UnitChange::Slept) => {
                let unit = &mut self.ledger.units[unit];
                unit.account.since_us = now_us;
            }
            (_, UnitChange::None | UnitChange::Advised) => {}
        }
        self.ledger.is_due()
    }

    fn readvised(&mut self) {
        self.ledger.choose_anew();
    }

    fn select(&mut self, now_us: u64, table: &mut Table) {
        self.ledger.settle(now_us);
        let boost = self.boost_us.is_some_and(|boost_us| boost_us <= now_us);
        if self.ledger.is_due() || boost {
            self.choose(now_us, &table.advice.policy);
        }
        let ends = (0..self.ledger.turns.len())
            .filter(|&device| self.ledger.turns[device].ready > 1)
            .filter_map(|device| self.ledger.ends_us(device));
        self.tick_us = ends.chain(self.boost_us).min();
        self.ledger.run_holders(table);
    }

    fn next_tick_us(&self) -> Option<u64> {
        self.tick_us
    }

    fn preemptible(&self, table: &Table, may: &mut [bool]) {
        self.ledger.preemptible(table, may);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_follow_the_debt() {
        let advice = PolicyHints::default();
        let ms = |ms: i64| level_of(&advice, ms * 1_000_000);
        assert_eq!(
            [ms(0), ms(4), ms(5), ms(14), ms(15), ms(34)],
            [0, 0, 1, 1, 2, 2]
        );
        assert_eq!([ms(35), ms(1000)], [3, 3]);
        assert_eq!(begin_ns(&advice, LOWEST + 1), 75_000_000);
    }
}
