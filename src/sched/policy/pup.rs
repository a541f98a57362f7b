//! PUP, process utilization partition: as UP, but a share belongs to a process. All queues of a process run
//! in its turn, so streams that wait for each other are never held one by one.
//!
//! The share of a process is the smallest utilization hint of its queues on that device: a queue without a
//! hint has 100, so one hint is enough. Everything else is as in `up` and `fair`.
//!
//! XSched 1.2 gives a process that was not ready in its turn a longer one later, kept in bounds by a
//! decay, and like its UP goes by the wall clock. Here a sleeping process gains half a turn at most.

use super::fair::{Fair, Shares};
use super::ledger::Per;
use super::up::ByQueue;
use crate::sched::hint::{Hints, PolicyHints};

/// See the module.
pub(super) type ProcessUtilizationPartition = Fair<ByProcess>;

/// One share per process.
pub(super) struct ByProcess;

impl Shares for ByProcess {
    const PER: Per = Per::Process;

    fn weight(hints: &Hints) -> i64 {
        ByQueue::weight(hints)
    }

    fn slice_ns(advice: &PolicyHints, weight: i64, total: i64) -> i64 {
        ByQueue::slice_ns(advice, weight, total)
    }
}
