//! How far an average of independent values is to be trusted.

/// The median of the averages of all pairs (Hodges and Lehmann), with its 95 % interval. Both are exact for
/// whatever distribution is the same on both sides of its middle, and one value that is far off moves them
/// little.
#[derive(Clone, Copy)]
pub(crate) struct Estimate {
    pub(crate) middle: f64,
    /// Six values at least are needed for one.
    pub(crate) interval: Option<(f64, f64)>,
}

/// What may lie outside, on each side.
const TAIL: f64 = 0.025;

impl Estimate {
    pub(crate) fn of(values: &[f64]) -> Option<Estimate> {
        let mut averages: Vec<f64> = values
            .iter()
            .enumerate()
            .flat_map(|(i, a)| values[i..].iter().map(move |b| (a + b) / 2.0))
            .collect();
        averages.sort_by(f64::total_cmp);
        let last = averages.len().checked_sub(1)?;
        Some(Estimate {
            middle: (averages[last / 2] + averages[last - last / 2]) / 2.0,
            interval: cut(values.len()).map(|cut| (averages[cut], averages[last - cut])),
        })
    }

    /// "middle (from to to)"
    pub(crate) fn text(&self, digits: usize) -> String {
        let middle = self.middle;
        match self.interval {
            Some((from, to)) => format!("{middle:.digits$} ({from:.digits$} to {to:.digits$})"),
            None => format!("{middle:.digits$}"),
        }
    }

    /// Whether what was estimated is at most this.
    pub(crate) fn verdict(&self, most: f64) -> &'static str {
        match self.interval {
            Some((_, to)) if to <= most => "yes",
            Some((from, _)) if from > most => "no",
            _ => "not shown",
        }
    }
}

/// How many of the sorted averages lie outside on each side: by Wilcoxon's signed rank statistic, the sum of
/// those of the numbers 1 to `count` that a coin chooses.
fn cut(count: usize) -> Option<usize> {
    let mut chances = vec![1.0];
    for number in 1..=count {
        let mut next = vec![0.0; chances.len() + number];
        for (sum, chance) in chances.iter().enumerate() {
            next[sum] += chance / 2.0;
            next[sum + number] += chance / 2.0;
        }
        chances = next;
    }
    let within = |at_most: &f64| *at_most <= TAIL;
    chances
        .iter()
        .scan(0.0, |sum, chance| {
            *sum += chance;
            Some(*sum)
        })
        .take_while(within)
        .count()
        .checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{Estimate, cut};

    #[test]
    fn the_cut_is_that_of_published_tables() {
        // Greatest sums of ranks that are significant at 5 %, two-sided.
        let published = [
            (6, 0),
            (7, 2),
            (8, 3),
            (10, 8),
            (15, 25),
            (20, 52),
            (25, 89),
        ];
        for (count, sum) in published {
            assert_eq!(cut(count), Some(sum), "{count} values");
        }
        assert_eq!(cut(5), None);
    }

    #[test]
    fn the_interval_is_around_the_middle() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 1000.0];
        let estimate = Estimate::of(&values).expect("six values");
        assert!(estimate.middle < 10.0, "{}", estimate.middle);
        assert_eq!(estimate.interval, Some((1.0, 1000.0)));
        assert_eq!(
            Estimate::of(&[2.0, 4.0]).expect("two values").text(1),
            "3.0"
        );
        assert!(Estimate::of(&[]).is_none());
    }

    #[test]
    fn a_bar_is_held_missed_or_neither() {
        let estimate = Estimate {
            middle: 0.4,
            interval: Some((0.2, 0.6)),
        };
        let verdicts = [0.1, 0.5, 0.7].map(|most| estimate.verdict(most));
        assert_eq!(verdicts, ["no", "not shown", "yes"]);
        assert_eq!(estimate.text(1), "0.4 (0.2 to 0.6)");
    }
}
