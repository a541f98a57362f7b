//! UP, utilization partition: each queue has the share of its device that its utilization hint asks for,
//! relative to the hints of the other ready queues. What a queue does not use is lent to the others.
//!
//! Proportional-share scheduling, as described in `fair`. Queues take turns; a round of turns lasts one
//! time slice (`PolicyHints::timeslice_us`, at most 10 ms), and each turn is the queue's share of the round,
//! but no less than a millisecond, because a turn costs a preemption. Shares that are smaller than that come
//! less often instead.
//!
//! XSched 1.2 gives every queue a turn of its share of the round by the wall clock, does not see how much
//! of it the commands really used, and so charges nobody for a command that runs on after its turn; it
//! schedules only queues that have a hint, in one rotation over all devices, and stops looking at a queue
//! that has been ready for five seconds. Here a queue without a hint has weight 100, the device time used
//! is what counts, and devices are separate.

use super::fair::{Fair, Shares};
use super::ledger::Per;
use crate::sched::hint::{Hints, PolicyHints};

/// See the module.
pub(super) type UtilizationPartition = Fair<ByQueue>;

/// One share per queue.
pub(super) struct ByQueue;

/// The longest round, so that shares hold over a tenth of a second.
const ROUND_MAX_US: i64 = 10_000;
/// The shortest turn in a longer round.
const TURN_MIN_US: i64 = 1000;

/// A unit's part of a round.
pub(super) fn turn_ns(advice: &PolicyHints, weight: i64, total: i64) -> i64 {
    let round_us = advice.timeslice_us.clamp(1, ROUND_MAX_US);
    let turn_ns = round_us * 1000 * weight / total.max(1);
    turn_ns.max(TURN_MIN_US.min(round_us) * 1000)
}

impl Shares for ByQueue {
    const PER: Per = Per::Queue;

    fn weight(hints: &Hints) -> i64 {
        hints.utilization.max(0).into()
    }

    fn slice_ns(advice: &PolicyHints, weight: i64, total: i64) -> i64 {
        turn_ns(advice, weight, total)
    }
}
