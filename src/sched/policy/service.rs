//! Virtual time: what each unit has had, and where the units of a device stand. See `fair` for the whole.

use super::ledger::Account;

/// Virtual nanoseconds for a nanosecond at weight 1.
const SCALE: i64 = 1 << 10;
/// Virtual times beyond this are moved back, all of a device together.
const REBASE_NS: i64 = 1 << 60;

/// Device time as virtual time.
pub(super) fn stretch(ns: i64, weight: i64) -> i64 {
    ns.saturating_mul(SCALE) / weight.max(1)
}

/// What a unit has had.
#[derive(Debug, Default)]
pub(super) struct Service {
    pub(super) virtual_ns: i64,
    /// `fair_ns` of the others when it ceased to be ready; `None`: it never was.
    pub(super) slept_at_ns: Option<i64>,
    pub(super) weight: i64,
}

impl Account for Service {
    fn charge(&mut self, ns: i64) {
        self.virtual_ns = self.virtual_ns.saturating_add(stretch(ns, self.weight));
    }
}

impl Service {
    /// Takes its place among the others of the device, as they were measured.
    pub(super) fn wake(&mut self, others: &Line, slice_ns: i64) {
        let bonus_ns = stretch(slice_ns / 2, self.weight);
        let Some(slept_at_ns) = self.slept_at_ns else {
            let least_ns = others.least_ns.unwrap_or(others.fair_ns);
            self.virtual_ns = least_ns.max(others.fair_ns.saturating_sub(bonus_ns));
            return;
        };
        let behind_ns = slept_at_ns.saturating_sub(self.virtual_ns).max(0);
        let most_ns = stretch(slice_ns, self.weight).saturating_mul(2);
        let credit_ns = behind_ns.saturating_add(bonus_ns).min(most_ns);
        self.virtual_ns = self
            .virtual_ns
            .max(others.fair_ns.saturating_sub(credit_ns));
    }

    /// The same by the clock.
    pub(super) fn wake_strictly(&mut self, line: &Line, slice_ns: i64) {
        let floor_ns = line.fair_ns.saturating_sub(stretch(slice_ns, self.weight));
        self.virtual_ns = match self.slept_at_ns {
            None => floor_ns,
            Some(_) => self.virtual_ns.max(floor_ns),
        };
    }

    /// Another weight: what it is ahead of `origin_ns` stays the same in device time.
    pub(super) fn reweight(&mut self, origin_ns: i64, weight: i64) {
        let ahead = i128::from(self.virtual_ns) - i128::from(origin_ns);
        let ahead = ahead * i128::from(self.weight.max(1)) / i128::from(weight.max(1));
        let ahead_ns = i64::try_from(ahead).unwrap_or(i64::MAX / 4);
        self.virtual_ns = origin_ns.saturating_add(ahead_ns);
        self.weight = weight;
    }

    /// See `Line::rebase`.
    pub(super) fn rebase(&mut self, by_ns: i64) {
        self.virtual_ns = self.virtual_ns.saturating_sub(by_ns);
        self.slept_at_ns = self.slept_at_ns.map(|at_ns| at_ns.saturating_sub(by_ns));
    }
}

/// Where the units of a device stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    /// The virtual time of a unit that has had exactly its share.
    pub(super) fair_ns: i64,
    /// Sum of the weights of all units, and at least what fills the device.
    pub(super) full: i64,
    // What follows has a meaning within one measurement only: of the units that were counted,
    /// the sum of weights,
    pub(super) weight: i64,
    /// the sum of their distances from `fair_ns`, by weight,
    distance_sum: i128,
    /// the least virtual time,
    pub(super) least_ns: Option<i64>,
    /// the earliest virtual deadline of those that were considered, and whose it is,
    pub(super) best: Option<(i64, usize)>,
    /// and how long until the first of them is no longer ahead.
    pub(super) wait_ns: Option<i64>,
}

impl Line {
    /// Begins a new measurement.
    pub(super) fn clear(&mut self) {
        *self = Line {
            fair_ns: self.fair_ns,
            full: self.full,
            ..Line::default()
        };
    }

    /// One unit.
    pub(super) fn count(&mut self, service: &Service) {
        self.weight += service.weight;
        self.distance_sum += self.distance(service) * i128::from(service.weight);
        let least_ns = self.least_ns.unwrap_or(service.virtual_ns);
        self.least_ns = Some(least_ns.min(service.virtual_ns));
    }

    fn distance(&self, service: &Service) -> i128 {
        i128::from(service.virtual_ns) - i128::from(self.fair_ns)
    }

    /// Makes `fair_ns` the mean of what was counted.
    pub(super) fn take_mean(&mut self) {
        if self.weight > 0 {
            let mean = self.distance_sum / i128::from(self.weight);
            let mean_ns = i64::try_from(mean).unwrap_or(i64::MAX / 2);
            self.fair_ns = self.fair_ns.saturating_add(mean_ns);
        }
        self.distance_sum = 0;
    }

    /// One unit that might have the device, after all were counted.
    pub(super) fn consider(&mut self, service: &Service, slice_ns: i64, at: usize) {
        if service.weight == 0 {
            // Only while nobody else wants it, and in the order of what they have had.
            if self.weight == 0 {
                self.prefer(service.virtual_ns, at);
            }
        } else if self.distance(service) * i128::from(self.weight) <= self.distance_sum {
            let turn_ns = stretch(slice_ns, service.weight);
            self.prefer(service.virtual_ns.saturating_add(turn_ns), at);
        }
    }

    /// The same by the clock.
    pub(super) fn consider_strictly(&mut self, service: &mut Service, slice_ns: i64, at: usize) {
        if service.weight == 0 {
            return;
        }
        let turn_ns = stretch(slice_ns, service.weight);
        let oldest_ns = self.fair_ns.saturating_sub(turn_ns.saturating_mul(2));
        service.virtual_ns = service.virtual_ns.max(oldest_ns);
        let ahead_ns = service.virtual_ns.saturating_sub(self.fair_ns);
        if ahead_ns > 0 && service.weight < self.full {
            let wait_ns = ahead_ns.saturating_mul(self.full) / SCALE;
            self.wait_ns = Some(self.wait_ns.unwrap_or(wait_ns).min(wait_ns));
        } else {
            self.prefer(service.virtual_ns.saturating_add(turn_ns), at);
        }
    }

    fn prefer(&mut self, deadline_ns: i64, at: usize) {
        if self.best.is_none_or(|(best_ns, _)| deadline_ns < best_ns) {
            self.best = Some((deadline_ns, at));
        }
    }

    /// If virtual time has become large, moves it back and says by how much.
    pub(super) fn rebase(&mut self) -> Option<i64> {
        (self.fair_ns.abs() > REBASE_NS).then(|| std::mem::take(&mut self.fair_ns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(virtual_ns: i64, weight: i64) -> Service {
        Service {
            virtual_ns,
            slept_at_ns: Some(0),
            weight,
        }
    }

    fn line(units: &[Service]) -> Line {
        let mut line = Line::default();
        units.iter().for_each(|unit| line.count(unit));
        for (at, unit) in units.iter().enumerate() {
            line.consider(unit, 1000, at);
        }
        line
    }

    #[test]
    fn a_heavy_unit_goes_before_many_light_ones() {
        // All have had nothing: the one with the shortest turn in virtual time.
        let units = [service(0, 1), service(0, 1), service(0, 90), service(0, 1)];
        assert_eq!(line(&units).best.map(|(_, at)| at), Some(2));
    }

    #[test]
    fn whoever_is_ahead_is_not_eligible() {
        let mut units = [service(5000, 90), service(0, 10)];
        let mut measured = line(&units);
        assert_eq!(measured.best.map(|(_, at)| at), Some(1));
        measured.take_mean();
        assert_eq!(measured.fair_ns, 4500);
        units[1].virtual_ns = 5000;
        assert_eq!(line(&units).best.map(|(_, at)| at), Some(0));
    }

    #[test]
    fn large_times_are_moved_back_together() {
        let mut units = [service(REBASE_NS * 2, 1), service(REBASE_NS * 2 + 500, 1)];
        let mut measured = line(&units);
        measured.take_mean();
        let by_ns = measured.rebase().unwrap();
        units.iter_mut().for_each(|unit| unit.rebase(by_ns));
        assert_eq!(measured.fair_ns, 0);
        assert_eq!(units.map(|unit| unit.virtual_ns), [-250, 250]);
        assert_eq!(measured.rebase(), None);
    }

    #[test]
    fn another_weight_keeps_the_lag() {
        let mut unit = service(3000, 10);
        unit.reweight(1000, 40);
        assert_eq!((unit.virtual_ns, unit.weight), (1500, 40));
    }
}
