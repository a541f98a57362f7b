//! Highest priority first: a queue runs unless a ready queue of its device has a higher priority.
//!
//! Fixed-priority preemptive scheduling (Liu and Layland, 1973, section 4) with priorities given by the
//! application; queues of one priority share the device in the order in which their commands arrive.
//! `PRIORITY_NO_EXECUTE` never runs.

use super::{Policy, QueueView};
use crate::sched::hint::PRIORITY_NO_EXECUTE;

/// See the module.
#[derive(Default)]
pub struct HighestPriorityFirst {
    /// The highest priority of each device.
    highest: Vec<(u64, i32)>,
}

impl HighestPriorityFirst {
    fn find(highest: &[(u64, i32)], device: u64) -> Option<i32> {
        let found = highest.iter().find(|&&(known, _)| known == device);
        found.map(|&(_, priority)| priority)
    }

    fn raise(highest: &mut Vec<(u64, i32)>, device: u64, priority: i32) {
        match highest.iter_mut().find(|(known, _)| *known == device) {
            Some((_, highest)) => *highest = priority.max(*highest),
            None => highest.push((device, priority)),
        }
    }
}

impl Policy for HighestPriorityFirst {
    fn select(&mut self, _now_us: u64, queues: &[QueueView], run: &mut [bool]) {
        self.highest.clear();
        for queue in queues.iter().filter(|queue| queue.ready) {
            let device = queue.attributes.device;
            Self::raise(&mut self.highest, device, queue.effective_priority);
        }
        for (queue, run) in queues.iter().zip(run) {
            let highest = Self::find(&self.highest, queue.attributes.device);
            *run = queue.effective_priority != PRIORITY_NO_EXECUTE
                && highest.is_none_or(|highest| queue.effective_priority >= highest);
        }
    }

    fn preemptible(&self, queues: &[QueueView], may: &mut [bool]) {
        let mut highest = Vec::new();
        for queue in queues {
            Self::raise(&mut highest, queue.attributes.device, queue.hints.priority);
        }
        for (queue, may) in queues.iter().zip(may) {
            *may = queue.hints.priority == PRIORITY_NO_EXECUTE
                || Self::find(&highest, queue.attributes.device)
                    .is_some_and(|highest| queue.hints.priority < highest);
        }
    }
}
