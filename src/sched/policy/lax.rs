//! LAX, laxity: a queue has its lax priority from the moment it becomes ready until its laxity hint is
//! used up, and its critical priority from then on. The highest priority runs, on each device.
//!
//! Fixed priorities with promotion at a fixed time after release: dual priority scheduling (Davis and
//! Wellings, "Dual Priority Scheduling", IEEE Real-Time Systems Symposium 1995). Laxity is deadline minus work:
//! how long a job can wait and still be in time (Dertouzos and Mok, "Multiprocessor On-Line Scheduling of
//! Hard-Real-Time Tasks", IEEE Transactions on Software Engineering 15, 1989). Work that can wait gives way to
//! work that cannot, and goes first when it no longer can. A queue without laxity (`NO_LAXITY`) has its priority hint throughout.
//!
//! XSched 1.2 keeps one laxity per process, overwritten by whichever queue hinted last, and takes the ready
//! time of the oldest queue of the process; gives a queue without laxity priority 0, whatever its priority
//! hint; ignores devices; and reads the wall clock, which may jump. Here laxity belongs to the queue it was
//! set for.

use super::rank::{HighestFirst, Rank};
use crate::sched::table::{Advice, QueueView};

/// See the module.
pub(super) type LaxityPolicy = HighestFirst<ByLaxity>;

/// The lax or the critical priority.
#[derive(Default)]
pub(super) struct ByLaxity;

impl ByLaxity {
    /// When the queue, were it ready, would become critical.
    fn critical_us(queue: &QueueView) -> Option<u64> {
        let laxity_us = u64::try_from(queue.hints.laxity_us).ok()?;
        Some(queue.ready_since_us.saturating_add(laxity_us))
    }
}

impl Rank for ByLaxity {
    fn rank(&self, _advice: &Advice, queue: &QueueView, now_us: u64) -> i32 {
        match Self::critical_us(queue) {
            None => queue.hints.priority,
            Some(critical_us) if queue.ready && now_us >= critical_us => {
                queue.hints.critical_priority
            }
            Some(_) => queue.hints.lax_priority,
        }
    }

    fn changes_us(&self, queue: &QueueView, now_us: u64) -> Option<u64> {
        Self::critical_us(queue).filter(|&critical_us| critical_us > now_us)
    }

    fn range(&self, _advice: &Advice, queue: &QueueView, _several: bool) -> (i32, i32) {
        if Self::critical_us(queue).is_none() {
            return (queue.hints.priority, queue.hints.priority);
        }
        let (lax, critical) = (queue.hints.lax_priority, queue.hints.critical_priority);
        (lax.min(critical), lax.max(critical))
    }
}
