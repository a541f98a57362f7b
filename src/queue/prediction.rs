//! How long a command will take, told from earlier ones of its kind: the same kernel with the same grid takes
//! about the same time, and programs launch the same ones over and over.
//!
//! Fed under the points' lock with times that were observed from the first to the last moment; asked by
//! launching threads. Mean and mean deviation follow the samples as a TCP follows its round-trip times
//! (weights 1/8 and 1/4, RFC 6298; later the deviation more slowly, because
//! one command that was held up by something else says little).

use rustc_hash::FxHashMap;

use super::front::Observed;

/// What the time of a command depends on, as far as its caller knows. Equal kinds take about as long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kind(u64);

impl Kind {
    /// Nothing is known.
    pub const UNKNOWN: Kind = Kind(0);

    /// A kernel and its grid, a graph, or whatever else tells commands apart.
    pub fn of(parts: impl IntoIterator<Item = u64>) -> Kind {
        // The odd constant spreads every bit over the higher ones: 2^64 divided by the golden ratio.
        let mix =
            |kind: u64, part: u64| (kind.rotate_left(5) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Kind(parts.into_iter().fold(1, mix).max(1))
    }
}

/// More kinds than a program in a steady state has; one whose grids never repeat starts anew at times.
const MOST_KINDS: usize = 1024;
/// So many commands tell whether predictions hold.
const ENOUGH: u32 = 8;

#[derive(Clone, Copy, Debug, Default)]
struct Estimate {
    mean_ns: u64,
    /// Of the commands' times from what was predicted for them.
    deviation_ns: u64,
    samples: u32,
}

impl Estimate {
    fn sample(&mut self, ns: u64, predicted_ns: u64) {
        let off_ns = ns.abs_diff(predicted_ns);
        if self.samples == 0 {
            *self = Estimate {
                mean_ns: ns,
                deviation_ns: ns / 2,
                samples: 1,
            };
            return;
        }
        let part = if self.samples < ENOUGH { 4 } else { 32 };
        self.deviation_ns = self.deviation_ns - self.deviation_ns / part + off_ns / part;
        self.mean_ns = self.mean_ns - self.mean_ns / 8 + ns / 8;
        self.samples = self.samples.saturating_add(1);
    }
}

/// The kinds that one queue has seen.
#[derive(Default)]
pub(super) struct Predictions {
    kinds: FxHashMap<Kind, Estimate>,
    /// All commands, whatever their kind.
    all: Estimate,
}

impl Predictions {
    /// Nanoseconds; `None` of a kind not seen before. What others took says nothing of it: if only short ones had
    /// been seen, it would get no gate, and without gates never be seen.
    pub(super) fn predict(&self, kind: Kind) -> Option<u64> {
        self.kinds.get(&kind).map(|known| known.mean_ns)
    }

    /// What was seen of commands of these kinds, one after the other.
    pub(super) fn observe(&mut self, kinds: &[Kind], observed: Observed) {
        match observed {
            Observed::Exactly(ns) => self.sample(kinds, ns),
            Observed::AtMost(ns) => self.at_most(kinds, ns),
        }
    }

    /// They took so long together. Each is taken to have had the part of
    /// it that was predicted.
    fn sample(&mut self, kinds: &[Kind], total_ns: u64) {
        let unknown_ns = total_ns / (kinds.len() as u64).max(1);
        let predict = |kind: &Kind| self.predict(*kind).unwrap_or(unknown_ns).max(1);
        let predicted: Vec<u64> = kinds.iter().map(predict).collect();
        let sum_ns: u64 = predicted.iter().sum();
        for (&kind, &predicted_ns) in kinds.iter().zip(&predicted) {
            let part = u128::from(total_ns) * u128::from(predicted_ns) / u128::from(sum_ns);
            self.sample_one(
                kind,
                u64::try_from(part).unwrap_or(u64::MAX).max(1),
                predicted_ns,
            );
        }
    }

    fn sample_one(&mut self, kind: Kind, ns: u64, predicted_ns: u64) {
        self.all.sample(ns, predicted_ns);
        if self.kinds.len() >= MOST_KINDS && !self.kinds.contains_key(&kind) {
            self.kinds.clear();
        }
        self.kinds.entry(kind).or_default().sample(ns, predicted_ns);
    }

    /// Commands of these kinds took no longer than that together.
    fn at_most(&mut self, kinds: &[Kind], total_ns: u64) {
        let predicted: Option<u64> = kinds.iter().map(|&kind| self.predict(kind)).sum();
        if predicted.is_some_and(|sum_ns| sum_ns > total_ns) {
            self.sample(kinds, total_ns);
        }
    }

    /// What a command takes on average if commands have lately taken what was predicted for them, give or take
    /// an eighth.
    pub(super) fn reliable_mean_ns(&self) -> Option<u64> {
        let Estimate {
            mean_ns,
            deviation_ns,
            samples,
        } = self.all;
        (samples >= ENOUGH && deviation_ns <= mean_ns / 8).then_some(mean_ns)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn kernel(number: u64) -> Kind {
        Kind::of([number, 64])
    }

    #[test]
    fn grids_of_the_same_numbers_in_another_order_are_other_kinds() {
        let grids = [[1, 2, 3], [3, 2, 1], [2, 3, 1], [6, 0, 0], [0, 0, 6]];
        let kinds: HashSet<Kind> = grids.into_iter().map(Kind::of).collect();
        assert_eq!(kinds.len(), grids.len());
        assert!(!kinds.contains(&Kind::UNKNOWN));
    }

    #[test]
    fn each_kind_has_its_own_time() {
        let mut predictions = Predictions::default();
        assert_eq!(predictions.predict(kernel(1)), None);
        for _ in 0..100 {
            predictions.sample(&[kernel(1)], 5_000);
            predictions.sample(&[kernel(2)], 200_000);
        }
        let near = |kind, ns: u64| {
            let predicted = predictions.predict(kind).unwrap();
            predicted.abs_diff(ns) <= ns / 100
        };
        assert!(near(kernel(1), 5_000) && near(kernel(2), 200_000));
        assert_eq!(predictions.predict(kernel(3)), None);
        assert!(predictions.reliable_mean_ns().is_some());
    }

    #[test]
    fn commands_seen_together_are_told_apart_by_what_is_known() {
        let mut predictions = Predictions::default();
        for _ in 0..500 {
            predictions.sample(&[kernel(1)], 30_000);
            predictions.sample(&[kernel(1), kernel(2)], 34_000);
        }
        let [first, second] = [1, 2].map(|number| predictions.predict(kernel(number)).unwrap());
        assert!((29_000..31_000).contains(&first), "{first}");
        assert!((3_000..5_000).contains(&second), "{second}");
        assert_eq!(predictions.kinds.len(), 2);
        predictions.sample(&[], 5);
    }

    #[test]
    fn commands_that_nothing_tells_apart_are_not_predicted() {
        let mut predictions = Predictions::default();
        for _ in 0..100 {
            predictions.sample(&[Kind::UNKNOWN], 5_000);
            predictions.sample(&[Kind::UNKNOWN], 200_000);
        }
        assert!(predictions.reliable_mean_ns().is_none());
    }

    #[test]
    fn predictions_hold_only_after_enough_commands() {
        let mut predictions = Predictions::default();
        for _ in 1..ENOUGH {
            predictions.sample(&[kernel(1)], 5_000);
            assert!(predictions.reliable_mean_ns().is_none());
        }
        predictions.sample(&[kernel(1)], 5_000);
        assert!(predictions.reliable_mean_ns().is_some());
        predictions.sample(&[kernel(1)], 10_000);
        assert!(
            predictions.reliable_mean_ns().is_some(),
            "one of them proves nothing"
        );
        for _ in 0..4 {
            predictions.sample(&[kernel(1)], 50_000);
        }
        assert!(
            predictions.reliable_mean_ns().is_none(),
            "the kernel takes longer now"
        );
    }

    #[test]
    fn an_upper_bound_only_lowers() {
        let mut predictions = Predictions::default();
        predictions.at_most(&[kernel(1)], 100);
        assert_eq!(predictions.predict(kernel(1)), None);
        predictions.sample(&[kernel(1)], 5_000);
        predictions.at_most(&[kernel(1)], 9_000);
        assert_eq!(predictions.predict(kernel(1)), Some(5_000));
        predictions.at_most(&[kernel(1)], 1_000);
        assert!(predictions.predict(kernel(1)) < Some(5_000));
    }

    #[test]
    fn ever_new_grids_take_no_more_memory() {
        let mut predictions = Predictions::default();
        for grid in 0..10_000 {
            predictions.sample(&[kernel(grid)], 5_000);
            assert!(predictions.kinds.len() <= MOST_KINDS);
        }
    }
}
