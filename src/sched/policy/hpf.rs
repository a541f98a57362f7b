//! Highest priority first: a queue runs unless a ready queue has a higher priority.
//!
//! Fixed-priority preemptive scheduling (Liu and Layland, 1973, section 4) with priorities given by the
//! application; queues of one priority share the device in the order in which their commands arrive.
//! `PRIORITY_NO_EXECUTE` never runs.

use super::{Policy, QueueView};
use crate::sched::hint::PRIORITY_NO_EXECUTE;

/// See the module. Has no state.
pub struct HighestPriorityFirst;

impl Policy for HighestPriorityFirst {
    fn select(&mut self, _now_us: u64, queues: &[QueueView], run: &mut [bool]) {
        let highest = queues
            .iter()
            .filter(|q| q.ready)
            .map(|q| q.effective_priority)
            .max();
        for (queue, run) in queues.iter().zip(run) {
            *run = queue.effective_priority != PRIORITY_NO_EXECUTE
                && highest.is_none_or(|highest| queue.effective_priority >= highest);
        }
    }

    fn preemptible(&self, queues: &[QueueView], may: &mut [bool]) {
        let highest = queues.iter().map(|q| q.hints.priority).max();
        for (queue, may) in queues.iter().zip(may) {
            *may = queue.hints.priority == PRIORITY_NO_EXECUTE
                || highest.is_some_and(|highest| queue.hints.priority < highest);
        }
    }
}
