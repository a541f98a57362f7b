//! How long one command of a queue takes, how much work a suspension may have to wait for, and how many commands that
//! is.
//!
//! Command times are fed by whoever retires markers, read by launching threads. The estimate is an exponentially
//! weighted mean (weight 1/8, the constant TCP uses for round-trip times, RFC 6298). A sample spans
//! the commands between two markers and begins when the first of them was launched, or when the
//! earlier marker was reached if that was later; so it is an upper bound when the device also ran
//! other streams in between, and gates come rather too often than too seldom.

use std::sync::atomic::{AtomicU64, Ordering};

/// If nobody says otherwise.
const DEFAULT_US: u64 = 100;
/// Whoever has a queue held may wait for it as long as this part of what its holds last.
const HOLD_PART: u64 = 2;
/// But not longer than this many times the ordinary budget.
const MOST_TIMES: u64 = 6;
/// A hold that is longer than most, or shorter, moves the estimate by this part of it: so it follows the median.
const STEP_PART: u64 = 8;

/// Work in front of a suspended queue's next gate. A gate takes the stream 2 to 4 us (H200), with a budget of 100 us 3
/// to 4 % of a network's time; so where holds last milliseconds, which are delayed by little if it is a few hundred
/// microseconds, the budget is larger, unless it was given.
pub(super) struct Budget {
    least_ns: u64,
    grows: bool,
    /// What half of the holds of this queue last at least; 0 before the first.
    hold_ns: AtomicU64,
}

impl Budget {
    /// `None` is the default, which grows where gates are `costly`.
    pub(super) fn new(us: Option<u64>, costly: bool) -> Budget {
        Budget {
            least_ns: us.unwrap_or(DEFAULT_US).saturating_mul(1000),
            grows: us.is_none() && costly,
            hold_ns: AtomicU64::new(0),
        }
    }

    /// What it is at least, and always for what costs nothing: launches that are paced, and the host gate.
    pub(super) fn least_ns(&self) -> u64 {
        self.least_ns
    }

    /// What it is now.
    pub(super) fn ns(&self) -> u64 {
        if !self.grows {
            return self.least_ns;
        }
        let part_ns = self.hold_ns.load(Ordering::Relaxed) / HOLD_PART;
        part_ns.clamp(self.least_ns, self.least_ns * MOST_TIMES)
    }

    /// The scheduler has held the queue for so long. Called under the device's lock.
    pub(super) fn held(&self, ns: u64) {
        let before_ns = self.hold_ns.load(Ordering::Relaxed);
        let step_ns = before_ns / STEP_PART + 1;
        let now_ns = match before_ns {
            0 => ns,
            _ => ns.clamp(before_ns.saturating_sub(step_ns), before_ns + step_ns),
        };
        self.hold_ns.store(now_ns, Ordering::Relaxed);
    }
}

/// Estimated device time per command.
#[derive(Default)]
pub(super) struct CommandTime {
    /// 0 while unknown. Racing samples may lose one another; an estimate bears that.
    estimate_ns: AtomicU64,
}

impl CommandTime {
    /// `commands` commands took `span_ns` together.
    pub(super) fn sample(&self, span_ns: u64, commands: u64) {
        if commands == 0 {
            return;
        }
        let sample = (span_ns / commands).max(1);
        let old = self.estimate_ns.load(Ordering::Relaxed);
        let new = if old == 0 {
            sample
        } else {
            old - old / 8 + sample / 8
        };
        self.estimate_ns.store(new.max(1), Ordering::Relaxed);
    }

    /// Nanoseconds; `None` while unknown.
    pub(super) fn estimate_ns(&self) -> Option<u64> {
        Some(self.estimate_ns.load(Ordering::Relaxed)).filter(|&ns| ns != 0)
    }

    /// Commands that fit into the budget: at least 1, at most `most`; 1 while the time is unknown.
    pub(super) fn commands_within(&self, budget_ns: u64, most: u32) -> u32 {
        let Some(ns) = self.estimate_ns() else {
            return 1;
        };
        u32::try_from(budget_ns / ns)
            .unwrap_or(u32::MAX)
            .clamp(1, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    #[test]
    fn the_default_budget_is_a_part_of_what_holds_last() {
        let budget = Budget::new(None, true);
        assert_eq!(budget.ns(), MS / 10);
        budget.held(MS / 10);
        assert_eq!(budget.ns(), MS / 10, "half would be less");
        for _ in 0..50 {
            budget.held(MS * 8 / 10);
        }
        assert_eq!(budget.ns(), MS * 4 / 10);
        for unusual_ns in [100 * MS, 1000] {
            budget.held(unusual_ns);
            assert!(budget.ns().abs_diff(MS * 4 / 10) <= MS / 10, "one of many");
            budget.held(MS * 8 / 10);
        }
        for _ in 0..100 {
            budget.held(1000 * MS);
        }
        assert_eq!(budget.ns(), MS * 6 / 10, "the most");
    }

    #[test]
    fn a_given_budget_stays_as_it_is_and_so_do_gates_that_cost_nothing() {
        for (budget, expected_ns) in [
            (Budget::new(Some(0), true), 0),
            (Budget::new(Some(100), true), MS / 10),
            (Budget::new(None, false), MS / 10),
        ] {
            budget.held(3 * MS);
            assert_eq!(budget.ns(), expected_ns);
        }
    }

    #[test]
    fn unknown_time_means_one_command() {
        assert_eq!(CommandTime::default().commands_within(100_000, 64), 1);
    }

    #[test]
    fn estimate_follows_samples() {
        let time = CommandTime::default();
        time.sample(100_000, 10);
        assert_eq!(time.estimate_ns(), Some(10_000));
        assert_eq!(time.commands_within(100_000, 64), 10);
        assert_eq!(time.commands_within(100_000, 4), 4);
        for _ in 0..100 {
            time.sample(1_000_000, 1);
        }
        assert!(time.estimate_ns() > Some(900_000));
        assert_eq!(time.commands_within(100_000, 64), 1);
    }

    #[test]
    fn no_commands_are_no_sample() {
        let time = CommandTime::default();
        time.sample(5, 0);
        assert_eq!(time.estimate_ns(), None);
    }
}
