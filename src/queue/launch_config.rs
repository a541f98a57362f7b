//! Threshold and batch: as the application set them, or chosen from the measured command time.

use crate::queue::admission::NO_LIMIT;

/// Most commands between two markers or gates chosen automatically.
pub(super) const MOST_BATCH: u32 = 64;

/// Most commands outstanding behind a device gate. A closed gate let an H200's stream accept 1,019
/// launches before the driver blocked the launching thread; half of that keeps every thread out of it.
const BACKLOG: u32 = 512;
/// Most entries, if the gates among the commands are counted too: each is up to three.
const BACKLOG_ENTRIES: u32 = 900;
const GATE_ENTRIES: u32 = 3;

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
    /// the next one at hand while it runs the last, and markers twice per threshold. With the device
    /// gate only the driver's backlog limits, and markers come with the gates.
    pub(super) fn limits(self, device_gate: bool, within_budget: u32) -> Limits {
        let ceiling = if device_gate {
            let commands = self.batch.unwrap_or(within_budget).clamp(1, MOST_BATCH);
            (BACKLOG_ENTRIES * commands / (commands + GATE_ENTRIES)).min(BACKLOG)
        } else {
            NO_LIMIT - 1
        };
        let automatic = if device_gate {
            ceiling
        } else {
            within_budget.min(MOST_BATCH) + 1
        };
        let threshold = self
            .threshold
            .unwrap_or(automatic.max(self.batch.unwrap_or(1)));
        let threshold = threshold.min(ceiling);
        let batch = self.batch.unwrap_or(if device_gate {
            within_budget.min(MOST_BATCH)
        } else {
            threshold / 2
        });
        Limits {
            threshold,
            batch: batch.clamp(1, threshold),
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
    fn no_stream_holds_more_than_its_driver_takes() {
        for within in [1, 2, 7, 64, 1000] {
            for batch in [None, Some(1), Some(8), Some(600)] {
                for threshold in [None, Some(600)] {
                    let limits = LaunchConfig { threshold, batch }.limits(true, within);
                    let gates = limits.threshold.div_ceil(limits.batch);
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
        assert_eq!(
            limits,
            Limits {
                threshold: 2,
                batch: 1
            }
        );
    }
}
