//! SPUP, strict process utilization partition: as PUP, but a process never gets more than its share. One
//! that has used it up is suspended until time has refilled it, even if the device stands idle meanwhile.
//! For tenants who must not see each other, and for a device that must stay cool.
//!
//! A processor-capacity reserve (Mercer, Savage and Tokuda, "Processor Capacity Reserves", IEEE International
//! Conference on Multimedia Computing and Systems 1994), measured in virtual time as in `fair`. The share is
//! the hint in percent of the device, or less if the hints of all processes add up to more than 100. A
//! process that slept may be one turn behind the clock, one that had to wait for others two; older claims are
//! void. A process of share 0 never runs, unless another one waits for it. This policy conserves no work.
//!
//! XSched 1.2 has the name in its interface.

use super::fair::{Fair, Shares};
use super::ledger::Per;
use super::up::ByQueue;
use crate::sched::hint::{Hints, PolicyHints};

/// See the module.
pub(super) type StrictProcessUtilizationPartition = Fair<Strictly>;

/// One share per process, not lent.
pub(super) struct Strictly;

impl Shares for Strictly {
    const PER: Per = Per::Process;
    const STRICT: bool = true;

    fn weight(hints: &Hints) -> i64 {
        ByQueue::weight(hints)
    }

    fn slice_ns(advice: &PolicyHints, weight: i64, total: i64) -> i64 {
        ByQueue::slice_ns(advice, weight, total)
    }
}
