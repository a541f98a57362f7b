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

/// What the application asked for; `None` is automatic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LaunchConfig {
    pub(super) threshold: Option<u32>,
    pub(super) batch: Option<u32>,
}

/// What keeps the work short that a suspension has to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stops {
    /// A limit on commands in flight.
    AtHost,
    /// Device gates.
    AtGates,
    /// Launching just in time.
    Paced,
}

/// What is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) threshold: u32,
    pub(super) batch: u32,
}

/// Most commands in a stream in which so many gates stand.
fn backlog(gates: u32) -> u32 {
    BACKLOG_ENTRIES
        .saturating_sub(gates.saturating_mul(GATE_ENTRIES))
        .clamp(1, BACKLOG)
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

    /// The limits in force when `within_budget` commands fit into the time budget, with `gates` standing in the
    /// stream.
    ///
    /// Automatic with the host gate: one command more than the budget holds, so that the device has
    /// the next one at hand while it runs the last, and markers twice per threshold. Where launches are paced
    /// (`pace.rs`) this only bounds the number of commands, and with device gates only the driver's backlog does.
    pub(super) fn limits(self, stops: Stops, within_budget: u32, gates: u32) -> Limits {
        match stops {
            Stops::Paced => Limits {
                threshold: MOST_BATCH,
                batch: MOST_BATCH / 4,
            },
            Stops::AtGates => self.gated(within_budget, gates),
            Stops::AtHost => {
                let automatic = within_budget.min(MOST_BATCH) + 1;
                let threshold = self
                    .threshold
                    .unwrap_or(automatic.max(self.batch.unwrap_or(1)))
                    .min(NO_LIMIT - 1);
                Limits {
                    threshold,
                    batch: self.batch.unwrap_or(threshold / 2).clamp(1, threshold),
                }
            }
        }
    }

    fn gated(self, within_budget: u32, gates: u32) -> Limits {
        let batch = self.batch.unwrap_or(within_budget.min(MOST_BATCH));
        let ceiling = match self.batch {
            None => backlog(gates),
            // As many gates as there can be.
            Some(batch) => {
                let commands = batch.clamp(1, MOST_BATCH);
                (BACKLOG_ENTRIES * commands / (commands + GATE_ENTRIES)).min(BACKLOG)
            }
        };
        let threshold = self.threshold.unwrap_or(ceiling).min(ceiling);
        Limits {
            threshold,
            batch: batch.clamp(1, threshold),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Stops; 3] = [Stops::AtHost, Stops::AtGates, Stops::Paced];

    #[test]
    fn batch_never_exceeds_threshold() {
        for stops in ALL {
            for within in [1, 2, 7, 64, 1000] {
                for threshold in [None, Some(1), Some(8), Some(600)] {
                    for batch in [None, Some(1), Some(8), Some(600)] {
                        let config = LaunchConfig { threshold, batch };
                        let limits = config.limits(stops, within, 0);
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
        for batch in [None, Some(1), Some(8), Some(600)] {
            for threshold in [None, Some(600)] {
                for standing in 0..=1000 {
                    let config = LaunchConfig { threshold, batch };
                    let limits = config.limits(Stops::AtGates, 7, standing);
                    // Some are placed after the limit was looked at (`GATES_PER_LOOK`).
                    let gates =
                        batch.map_or(standing + 4, |batch| limits.threshold.div_ceil(batch));
                    let entries = limits.threshold + gates * GATE_ENTRIES;
                    assert!(
                        entries <= 1019 || limits.threshold == 1,
                        "{standing} {batch:?} {limits:?}"
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
        let limits = LaunchConfig::default().limits(Stops::AtHost, 1, 0);
        assert_eq!((limits.threshold, limits.batch), (2, 1));
    }
}
