//! CFS, completely fair scheduler: queues share their device in proportion to weights that come from their
//! priorities. Turns are one time slice (`PolicyHints::timeslice_us`) long.
//!
//! As the fair class of Linux: virtual run times, and the weights of its nice levels (`sched_prio_to_weight`),
//! where one level is about a factor of 1.25, with priority p for nice -p. Linux has levels -20 to 19; ours
//! go from 20 to -20, and priorities beyond count as 20 or -20. So a queue of priority 1 gets 1.25 times what
//! one of priority 0 gets, 10 about 9.3 times, and nobody starves: the largest ratio is 7397. The rule of
//! choice, the bonus of half a slice for a sleeper and the place of a newcomer are described in `fair`.
//!
//! XSched 1.2 goes by the wall clock, keeps what gone queues had, raises weights by a factor of 1.2 per
//! priority over all 511 of them - at 255 all others starve - puts no bound on the credit of a queue
//! that slept, and looks every 5 ms, whatever the time slice hint.

use super::fair::{Fair, Shares};
use super::ledger::Per;
use crate::sched::hint::{Hints, PolicyHints};

/// See the module.
pub(super) type CompletelyFairScheduler = Fair<ByWeight>;

/// Weights by priority.
pub(super) struct ByWeight;

/// The weights of nice 19 to -20, with one more level in front.
const WEIGHTS: [i64; 41] = [
    12, 15, 18, 23, 29, 36, 45, 56, 70, 87, 110, 137, 172, 215, 272, 335, 423, 526, 655, 820, 1024,
    1277, 1586, 1991, 2501, 3121, 3906, 4904, 6100, 7620, 9548, 11916, 14949, 18705, 23254, 29154,
    36291, 46273, 56483, 71755, 88761,
];
/// Priorities from `-LEVELS` to `LEVELS` have weights of their own.
const LEVELS: i32 = 20;

impl Shares for ByWeight {
    const PER: Per = Per::Queue;

    fn weight(hints: &Hints) -> i64 {
        let level = hints.priority.clamp(-LEVELS, LEVELS) + LEVELS;
        usize::try_from(level).map_or(WEIGHTS[0], |level| WEIGHTS[level])
    }

    fn slice_ns(advice: &PolicyHints, _weight: i64, _total: i64) -> i64 {
        advice.timeslice_us.max(1).saturating_mul(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_more_is_about_a_quarter_more() {
        let weight = |priority| {
            ByWeight::weight(&Hints {
                priority,
                ..Hints::default()
            })
        };
        assert_eq!(weight(0), 1024);
        assert_eq!((weight(-255), weight(255)), (12, 88761));
        for priority in -20..20 {
            let ratio = weight(priority + 1) as f64 / weight(priority) as f64;
            assert!((1.19..1.30).contains(&ratio), "{priority}: {ratio}");
        }
    }
}
