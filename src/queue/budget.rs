//! How long one command of a queue takes, and how many fit into a time budget.
//!
//! Fed by whoever retires markers, read by launching threads. The estimate is an exponentially
//! weighted mean (weight 1/8, the constant TCP uses for round-trip times, RFC 6298). A sample spans
//! the commands between two markers and begins when the first of them was launched, or when the
//! earlier marker was reached if that was later; so it is an upper bound when the device also ran
//! other streams in between, and gates come rather too often than too seldom.

use std::sync::atomic::{AtomicU64, Ordering};

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
    pub(super) fn commands_within(&self, budget_us: u64, most: u32) -> u32 {
        let Some(ns) = self.estimate_ns() else {
            return 1;
        };
        u32::try_from(budget_us.saturating_mul(1000) / ns)
            .unwrap_or(u32::MAX)
            .clamp(1, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_time_means_one_command() {
        assert_eq!(CommandTime::default().commands_within(100, 64), 1);
    }

    #[test]
    fn estimate_follows_samples() {
        let time = CommandTime::default();
        time.sample(100_000, 10);
        assert_eq!(time.estimate_ns(), Some(10_000));
        assert_eq!(time.commands_within(100, 64), 10);
        assert_eq!(time.commands_within(100, 4), 4);
        for _ in 0..100 {
            time.sample(1_000_000, 1);
        }
        assert!(time.estimate_ns() > Some(900_000));
        assert_eq!(time.commands_within(100, 64), 1);
    }

    #[test]
    fn no_commands_are_no_sample() {
        let time = CommandTime::default();
        time.sample(5, 0);
        assert_eq!(time.estimate_ns(), None);
    }
}
