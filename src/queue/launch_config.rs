//! Threshold and batch: as the application set them, or chosen from the measured command time.

use crate::queue::admission::NO_LIMIT;

/// Most commands between two markers or gates chosen automatically.
pub(super) const MOST_BATCH: u32 = 64;

/// Most commands outstanding behind a device gate. A closed gate let an H200's stream accept 1,019
/// launches before the driver blocked the launching thread; half of that keeps every thread out of it.
const BACKLOG: u32 = 512;
/// Most entries, if the gates among the commands are counted too: each is a wait and two markers, and there
/// may be a marker by count as well.
const BACKLOG_ENTRIES: u32 = 900;
const GATE_ENTRIES: u32 = 4;

/// As an interval between gates: none.
pub(super) const NO_GATES: u32 = u32::MAX;

/// What the application asked for; `None` is automatic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LaunchConfig {
    pub(super) threshold: Option<u32>,
    pub(super) batch: Option<u32>,
}

/// What is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) threshold: u32,
    pub(super) batch: u32,
    pub(super) gate_interval: u32,
}

impl LaunchConfig {
    /// True if the application set anything.
    pub(super) fn is_explicit(self) -> bool {
        self.threshold.is_some() || self.batch.is_some()
    }

    /// Applies an update where values <= 0 leave a setting as it is. `Err` has the reason.
    pub(super) fn updated(self, threshold: i64, batch: i64) -> Result<LaunchConfig, String> {
        let setting = |value: i64, old: Option<u32>| {
            if value <= 0 {
                old
            } else {
                Some(u32::try_from(value).unwrap_or(NO_LIMIT - 1))
            }
        };
        let new = LaunchConfig {
            threshold: setting(threshold, self.threshold),
            batch: setting(batch, self.batch),
        };
        match new {
            LaunchConfig {
                threshold: Some(threshold),
                batch: Some(batch),
            } if batch > threshold => {
                Err(format!("is {batch}, larger than the threshold {threshold}"))
            }
            _ => Ok(new),
        }
    }

    /// The limits in force when `within_budget` commands fit into the time budget.
    ///
    /// Automatic with the host gate: one command more than the budget holds, so that the device has
    /// the next one at hand while it runs the last, and markers twice per threshold. With the device gate
    /// no more than the budget holds if that is two commands at least: then no gate is needed, which costs
    /// the stream 2.4 us (H200), and 6 us between kernels of a real network. Longer commands have a
    /// gate in front of each, and only the driver's backlog limits them.
    pub(super) fn limits(self, device_gate: bool, within_budget: u32) -> Limits {
        match device_gate {
            true if !self.is_explicit() && within_budget >= 2 => Limits {
                threshold: within_budget,
                batch: within_budget / 2,
                gate_interval: NO_GATES,
            },
            true => self.gated(within_budget),
            false => {
                let automatic = within_budget.min(MOST_BATCH) + 1;
                let threshold = self
                    .threshold
                    .unwrap_or(automatic.max(self.batch.unwrap_or(1)))
                    .min(NO_LIMIT - 1);
                Limits {
                    threshold,
                    batch: self.batch.unwrap_or(threshold / 2).clamp(1, threshold),
                    gate_interval: NO_GATES,
                }
            }
        }
    }

    fn gated(self, within_budget: u32) -> Limits {
        let batch = self.batch.unwrap_or(within_budget.min(MOST_BATCH));
        let commands = batch.clamp(1, MOST_BATCH);
        let ceiling = (BACKLOG_ENTRIES * commands / (commands + GATE_ENTRIES)).min(BACKLOG);
        let threshold = self.threshold.unwrap_or(ceiling).min(ceiling);
        let batch = batch.clamp(1, threshold);
        Limits {
            threshold,
            batch,
            gate_interval: batch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_never_exceeds_threshold() {
        for device_gate in [false, true] {
            for within in [1, 2, 7, 64, 1000] {
                for threshold in [None, Some(1), Some(8), Some(600)] {
                    for batch in [None, Some(1), Some(8), Some(600)] {
                        let config = LaunchConfig { threshold, batch };
                        let limits = config.limits(device_gate, within);
                        assert!(
                            1 <= limits.batch && limits.batch <= limits.threshold,
                            "{config:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn gates_stand_where_the_host_cannot_hold_the_budget() {
        let automatic = LaunchConfig::default();
        for within in 2..=64 {
            let limits = automatic.limits(true, within);
            assert_eq!((limits.threshold, limits.gate_interval), (within, NO_GATES));
        }
        assert_eq!(automatic.limits(true, 1).gate_interval, 1);
        let explicit = automatic.updated(8, 4).unwrap();
        assert_eq!(explicit.limits(true, 64).gate_interval, 4);
    }

    #[test]
    fn no_stream_holds_more_than_its_driver_takes() {
        for within in [1, 2, 7, 64, 1000] {
            for batch in [None, Some(1), Some(8), Some(600)] {
                for threshold in [None, Some(600)] {
                    let limits = LaunchConfig { threshold, batch }.limits(true, within);
                    let gates = limits.threshold.div_ceil(limits.gate_interval);
                    assert!(
                        limits.threshold + gates * GATE_ENTRIES <= 1019,
                        "{within} {batch:?} {limits:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn values_at_or_below_zero_leave_the_setting() {
        let config = LaunchConfig::default().updated(8, 4).unwrap();
        assert_eq!(config.updated(0, -1), Ok(config));
        assert_eq!(config.updated(4, 0).unwrap().threshold, Some(4));
        assert!(config.updated(2, 0).is_err(), "batch 4 no longer fits");
        assert!(config.updated(0, 9).is_err());
    }

    #[test]
    fn the_device_is_never_starved_by_the_automatic_choice() {
        let limits = LaunchConfig::default().limits(false, 1);
        assert_eq!((limits.threshold, limits.batch), (2, 1));
    }
}
