//! Highest rank first, the common part of the policies that give each queue a rank: a queue runs unless
//! a ready queue of its domain - its device, or everything - has a higher rank.
//!
//! Ranks are priorities, and `PRIORITY_NO_EXECUTE` never runs. A queue inherits the ranks of the ready
//! queues that wait for it, but no more than the highest of its domain: what waits on another device
//! makes it equal to the best here and does not suspend those. Then no set of queues whose waits form no
//! cycle can be stuck: of all ready queues take one of the highest rank, and follow its waits; each queue
//! on the way has that rank too, or the highest of its device, so it runs, and the last waits for nobody.

use super::Policy;
use crate::sched::event::QueueId;
use crate::sched::hint::{PRIORITY_MIN, PRIORITY_NO_EXECUTE};
use crate::sched::table::{Advice, QueueView, Table};

/// Gives each queue a rank.
pub(super) trait Rank: Send + Default {
    /// One order over all devices, or one for each.
    const ACROSS_DEVICES: bool = false;

    /// The rank of a queue, ready or not.
    fn rank(&self, advice: &Advice, queue: &QueueView, now_us: u64) -> i32;

    /// When the rank of this ready queue changes by itself.
    fn changes_us(&self, _queue: &QueueView, _now_us: u64) -> Option<u64> {
        None
    }

    /// The lowest and the highest rank that this queue can have with its hints. `several`: more than
    /// one process has queues in its domain.
    fn range(&self, advice: &Advice, queue: &QueueView, _several: bool) -> (i32, i32) {
        let rank = self.rank(advice, queue, 0);
        (rank, rank)
    }

    /// What a user should know.
    fn note(&self, _advice: &Advice) -> Option<&'static str> {
        None
    }
}

/// A domain at this moment.
#[derive(Clone, Copy)]
struct Top {
    /// The highest rank of all its queues (one that may run is lent at least that of
    /// `PRIORITY_MIN`), and of its ready ones.
    any: i32,
    ready: i32,
    ready_count: usize,
}

/// What ranks the queues of a domain can have.
#[derive(Clone, Copy)]
struct Domain {
    /// The highest, and a queue that can have it.
    first: i32,
    holder: QueueId,
    /// The highest of the others.
    second: i32,
    process: Option<u32>,
    several: bool,
}

impl Default for Domain {
    fn default() -> Self {
        Domain {
            first: i32::MIN,
            holder: 0,
            second: i32::MIN,
            process: None,
            several: false,
        }
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct HighestFirst<R> {
    rank: R,
    tops: Vec<Top>,
    tick_us: Option<u64>,
}

impl<R: Rank> HighestFirst<R> {
    fn domain(queue: &QueueView) -> usize {
        if R::ACROSS_DEVICES { 0 } else { queue.device }
    }
}

impl<R: Rank> Policy for HighestFirst<R> {
    fn select(&mut self, now_us: u64, table: &mut Table) {
        let none = Top {
            any: PRIORITY_MIN,
            ready: PRIORITY_NO_EXECUTE,
            ready_count: 0,
        };
        self.tops.clear();
        self.tops.resize(table.devices.len(), none);
        for queue in &mut table.queues {
            let rank = self.rank.rank(&table.advice, queue, now_us);
            queue.effective_priority = rank;
            let top = &mut self.tops[Self::domain(queue)];
            top.any = top.any.max(rank);
            if queue.ready {
                top.ready = top.ready.max(rank);
                top.ready_count += 1;
            }
        }
        let tops = &mut self.tops;
        table.waits.each_lent(
            &mut table.queues,
            |queue| Some((-i64::from(queue.effective_priority), 0, 0)),
            |queues, target, lender| {
                let lent = queues[lender].effective_priority;
                let queue = &mut queues[target];
                let top = &mut tops[Self::domain(queue)];
                queue.effective_priority = queue.effective_priority.max(lent.min(top.any));
                if queue.ready {
                    top.ready = top.ready.max(queue.effective_priority);
                }
            },
        );
        self.tick_us = None;
        for queue in &mut table.queues {
            let top = self.tops[Self::domain(queue)];
            let rank = queue.effective_priority;
            queue.run = rank != PRIORITY_NO_EXECUTE && rank >= top.ready;
            // Alone, a queue need not be looked at again, unless it may never run.
            if queue.ready
                && (top.ready_count > 1 || !queue.run)
                && let Some(change_us) = self.rank.changes_us(queue, now_us)
            {
                self.tick_us = Some(self.tick_us.map_or(change_us, |tick| tick.min(change_us)));
            }
        }
    }

    fn next_tick_us(&self) -> Option<u64> {
        self.tick_us
    }

    fn note(&self, table: &Table) -> Option<&'static str> {
        self.rank.note(&table.advice)
    }

    fn preemptible(&self, table: &Table, may: &mut [bool]) {
        let mut domains = vec![Domain::default(); table.devices.len()];
        for queue in &table.queues {
            let domain = &mut domains[Self::domain(queue)];
            let process = queue.attributes.process;
            domain.several |= *domain.process.get_or_insert(process) != process;
        }
        for queue in &table.queues {
            let domain = &mut domains[Self::domain(queue)];
            let (_, high) = self.rank.range(&table.advice, queue, domain.several);
            if high > domain.first {
                (domain.first, domain.holder, domain.second) = (high, queue.id, domain.first);
            } else {
                domain.second = high.max(domain.second);
            }
        }
        for (queue, may) in table.queues.iter().zip(may) {
            let domain = domains[Self::domain(queue)];
            let (low, _) = self.rank.range(&table.advice, queue, domain.several);
            let others = if queue.id == domain.holder {
                domain.second
            } else {
                domain.first
            };
            *may = low == PRIORITY_NO_EXECUTE || low < others;
        }
    }
}
