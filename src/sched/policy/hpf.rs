//! HPF, highest priority first: a queue runs unless a ready queue of its device has a higher priority.
//!
//! Fixed-priority preemptive scheduling (Liu and Layland, "Scheduling Algorithms for Multiprogramming in a
//! Hard-Real-Time Environment", Journal of the ACM 20, 1973, section 4) with priorities given by the
//! application; queues of one priority share the device in the order in which their commands arrive.
//! `PRIORITY_NO_EXECUTE` never runs.
//!
//! XSched 1.2 does the same per device, but forgets no priority of a queue that is gone, knows no
//! inheritance, so a queue that waits for a lower one never goes on while a third is ready, and drops
//! queues from consideration five seconds of wall-clock time after they became ready, so a long request
//! loses its priority. Here hints end with the queue, waits lend priority, and ready is ready.

use super::rank::{HighestFirst, Rank};
use crate::sched::table::{Advice, QueueView};

/// See the module.
pub(super) type HighestPriorityFirst = HighestFirst<ByPriority>;

/// The priority hint.
#[derive(Default)]
pub(super) struct ByPriority;

impl Rank for ByPriority {
    fn rank(&self, _advice: &Advice, queue: &QueueView, _now_us: u64) -> i32 {
        queue.hints.priority
    }
}
