//! Who has the device, and who pays for it: the common part of the policies that give a device to one
//! unit - a queue, or a process with all its queues - at a time.
//!
//! Every moment of a device that somebody had is charged to exactly one unit. While a unit has the device
//! it is charged for the time as it passes, provisionally. Device time reported by the runtime comes late;
//! it replaces what was provisional. If it is more than that, the unit's commands ran while another one had
//! the device already - a command under way cannot be stopped - and that other one gets the time back. If
//! it is less, the device stood idle for that unit, and it pays: nobody else could use that time.
//!
//! After a turn has changed hands, the commands under way of the unit before may take longer than the new
//! turn, which would then end before it began. So a turn may last longer by what such commands have taken
//! lately (`drain_ns`), unless reports show that its holder has had its slice.

use super::Change;
use super::turn::Turn;
use crate::sched::hint::PRIORITY_NO_EXECUTE;
use crate::sched::table::{self, NONE, Table};

/// More unconfirmed time than this is not taken back, and nobody waits longer for commands under way.
const LATEST_NS: i64 = 1_000_000_000;

/// What a policy keeps for each unit.
pub(super) trait Account: Default {
    /// The unit has used the device for that long; negative: it turns out that it has not.
    fn charge(&mut self, ns: i64);
}

/// What competes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Per {
    Queue,
    Process,
}

/// A queue, or the queues of a process on one device.
#[derive(Debug, Default)]
pub(super) struct Unit<A> {
    pub(super) device: usize,
    process: u32,
    queues: u32,
    /// How many of its queues are ready and may run.
    pub(super) ready: u32,
    /// Charged while it had the device and not confirmed by a report.
    provisional_ns: i64,
    /// It has reported since it got its turn.
    reported: bool,
    /// The longest of the last reports, fading: about what a command or a marker interval takes.
    grain_ns: i64,
    /// What it has used since it lost its turn, and the most of the last times, fading.
    after_ns: i64,
    overhang_ns: i64,
    pub(super) account: A,
}

/// A unit began or ceased to have ready queues, or is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitChange {
    /// Nothing that concerns the unit.
    None,
    /// It is new and idle.
    Came,
    /// It has ready queues.
    Woke,
    /// It has none any more.
    Slept,
    /// Its queues, or their hints, are different.
    Advised,
}

/// See the module.
pub(super) struct Ledger<A> {
    per: Per,
    pub(super) units: Vec<Unit<A>>,
    pub(super) turns: Vec<Turn>,
    settled_us: u64,
}

impl<A: Account> Ledger<A> {
    pub(super) fn new(per: Per) -> Ledger<A> {
        Ledger {
            per,
            units: Vec::new(),
            turns: Vec::new(),
            settled_us: 0,
        }
    }

    /// Charges the time since the last call to whoever has the device; returns how long that was.
    pub(super) fn settle(&mut self, now_us: u64) -> i64 {
        let passed_us = now_us.saturating_sub(self.settled_us);
        let passed_ns = i64::try_from(passed_us.saturating_mul(1000)).unwrap_or(i64::MAX / 4);
        self.settled_us = now_us;
        for turn in &mut self.turns {
            if turn.holder != NONE {
                let unit = &mut self.units[turn.holder];
                let provisional_ns = unit.provisional_ns.saturating_add(passed_ns);
                unit.provisional_ns = provisional_ns.min(LATEST_NS);
                unit.account.charge(passed_ns);
                turn.pass(passed_ns);
                turn.look(unit.grain_ns);
            }
        }
        passed_ns
    }

    /// A unit's commands have used the device for that long. The caller has settled.
    fn used(&mut self, at: usize, ns: i64) {
        let unit = &mut self.units[at];
        unit.reported = true;
        unit.grain_ns = ns.max(unit.grain_ns - unit.grain_ns / 8);
        let confirmed_ns = ns.min(unit.provisional_ns);
        unit.provisional_ns -= confirmed_ns;
        let mut excess_ns = ns - confirmed_ns;
        unit.account.charge(excess_ns);
        let turn = &mut self.turns[unit.device];
        if turn.holder == at {
            turn.confirm(ns);
        } else {
            unit.after_ns = unit.after_ns.saturating_add(excess_ns).min(LATEST_NS);
            unit.overhang_ns = unit.overhang_ns.max(unit.after_ns);
        }
        for other in [turn.holder, turn.before] {
            if other == at || other == NONE {
                continue;
            }
            let payer = &mut self.units[other];
            let back_ns = excess_ns.min(payer.provisional_ns);
            excess_ns -= back_ns;
            payer.provisional_ns -= back_ns;
            payer.account.charge(-back_ns);
            if other == turn.holder {
                turn.give_back(back_ns);
            }
        }
        if let Some(holder) = self.units.get(turn.holder) {
            turn.look(holder.grain_ns);
        }
    }

    /// Gives the device to a unit for one slice, or to nobody.
    pub(super) fn give(&mut self, device: usize, at: usize, slice_ns: i64) {
        let turn = &mut self.turns[device];
        if turn.holder != at {
            if let Some(before) = self.units.get(turn.holder) {
                turn.end(before.overhang_ns);
            }
            if let Some(unit) = self.units.get_mut(at)
                && std::mem::take(&mut unit.reported)
            {
                // What was not confirmed by now was idle time, or its report is on its way.
                unit.provisional_ns /= 2;
                unit.overhang_ns = unit.after_ns.max(unit.overhang_ns - unit.overhang_ns / 8);
                unit.after_ns = 0;
            }
        }
        turn.begin(at, slice_ns);
    }

    /// When the turn on a device is over, if nothing happens.
    pub(super) fn ends_us(&self, device: usize) -> Option<u64> {
        let turn = &self.turns[device];
        (turn.holder != NONE).then(|| self.after_us(turn.next_look_ns()))
    }

    /// That long after the last `settle`, rounded up.
    pub(super) fn after_us(&self, ns: i64) -> u64 {
        let us = u64::try_from(ns.max(0)).unwrap_or(0).div_ceil(1000);
        self.settled_us.saturating_add(us.max(1))
    }

    /// Takes a change of a queue and says what it means for the queue's unit. The caller has settled.
    pub(super) fn observe(
        &mut self,
        table: &mut Table,
        at: usize,
        change: Change,
    ) -> (usize, UnitChange) {
        let mut meaning = UnitChange::None;
        match change {
            Change::Came => meaning = self.came(table, at),
            Change::UsedNs(ns) => {
                let ns = i64::try_from(ns).unwrap_or(i64::MAX / 4);
                self.used(table.queues[at].unit, ns);
            }
            Change::Advised => meaning = UnitChange::Advised,
            Change::Goes | Change::Ready | Change::Idle => {}
        }
        let queue = &mut table.queues[at];
        let unit = &mut self.units[queue.unit];
        let turn = &mut self.turns[queue.device];
        let counts = queue.ready && queue.hints.priority != PRIORITY_NO_EXECUTE;
        if counts != queue.counted {
            queue.counted = counts;
            let before = unit.ready;
            unit.ready = if counts { before + 1 } else { before - 1 };
            if before == 0 {
                turn.ready += 1;
                turn.due = true;
                turn.woke = true;
                meaning = UnitChange::Woke;
            } else if unit.ready == 0 {
                turn.ready -= 1;
                turn.due = true;
                meaning = UnitChange::Slept;
            }
        }
        (queue.unit, meaning)
    }

    fn came(&mut self, table: &mut Table, at: usize) -> UnitChange {
        let queue = &mut table.queues[at];
        let (device, process) = (queue.device, queue.attributes.process);
        if self.turns.len() <= device {
            self.turns.resize(device + 1, Turn::NOBODY);
        }
        if table.devices[device].queues == 1 {
            self.turns[device] = Turn::NOBODY;
        }
        let same = |unit: &Unit<A>| unit.device == device && unit.process == process;
        let known = match self.per {
            Per::Queue => None,
            Per::Process => self.units.iter().position(same),
        };
        if let Some(known) = known {
            queue.unit = known;
            self.units[known].queues += 1;
            return UnitChange::Advised;
        }
        queue.unit = self.units.len();
        let unit = Unit {
            device,
            process,
            queues: 1,
            ..Unit::default()
        };
        table::push(&mut self.units, unit);
        UnitChange::Came
    }

    /// Forgets a queue, and its unit with its last queue. Returns the unit if it is still there.
    pub(super) fn goes(&mut self, table: &mut Table, at: usize) -> Option<usize> {
        let gone = std::mem::replace(&mut table.queues[at].unit, NONE);
        self.units[gone].queues -= 1;
        if self.units[gone].queues > 0 {
            return Some(gone);
        }
        let last = self.units.len() - 1;
        let unit = table::swap_remove(&mut self.units, gone);
        for turn in &mut self.turns {
            turn.forget(gone, last);
        }
        for queue in &mut table.queues {
            if queue.unit == last {
                queue.unit = gone;
            }
        }
        self.turns[unit.device].due = true;
        while self.turns.len() > table.devices.len() {
            self.turns.pop();
        }
        if self.units.is_empty() {
            self.turns = Vec::new();
        }
        None
    }

    /// The rules have changed: choose again everywhere.
    pub(super) fn choose_anew(&mut self) {
        for turn in &mut self.turns {
            turn.due = true;
        }
    }

    /// What is left of the slice of whoever has the device, when a slice is no longer than this.
    pub(super) fn shorten(&mut self, device: usize, slice_ns: i64) -> i64 {
        let turn = &mut self.turns[device];
        if let Some(holder) = self.units.get(turn.holder) {
            turn.shorten(slice_ns);
            turn.look(holder.grain_ns);
        }
        turn.left_ns()
    }

    /// True if a slice has ended or somebody came or went, so that a choice is due.
    pub(super) fn is_due(&self) -> bool {
        self.turns.iter().any(|turn| turn.due)
    }

    /// Lets the ready queues of the units that have their devices run, and those they wait for.
    pub(super) fn run_holders(&self, table: &mut Table) {
        for queue in &mut table.queues {
            queue.effective_priority = queue.hints.priority;
            queue.run = queue.counted && self.turns[queue.device].holder == queue.unit;
        }
        table.waits.run_targets(&mut table.queues);
    }

    /// Which queues some event or the time could suspend: those of devices that several units share,
    /// and those that may never run.
    pub(super) fn preemptible(&self, table: &Table, may: &mut [bool]) {
        let mut units = vec![0_usize; self.turns.len()];
        for unit in &self.units {
            units[unit.device] += 1;
        }
        for (queue, may) in table.queues.iter().zip(may) {
            *may = units[queue.device] > 1 || !queue.is_executable();
        }
    }
}
