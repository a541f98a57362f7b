//! What is said about repeated runs: medians with their range, and quantiles.

/// A value of each run.
#[derive(Default)]
pub(crate) struct Column(Vec<f64>);

impl Column {
    pub(crate) fn push(&mut self, value: Option<f64>) {
        self.0.extend(value);
    }

    pub(crate) fn values(&self) -> &[f64] {
        &self.0
    }

    pub(crate) fn median(&self) -> Option<f64> {
        quantile(&self.0, 0.5)
    }

    /// The least and the most.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        quantile(&self.0, 0.0).zip(quantile(&self.0, 1.0))
    }

    /// "median (least-most)", or a dash where no run had the value.
    pub(crate) fn text(&self, digits: usize) -> String {
        let (Some(median), Some((least, most))) = (self.median(), self.range()) else {
            return "-".into();
        };
        format!("{median:.digits$} ({least:.digits$}-{most:.digits$})")
    }
}

impl FromIterator<f64> for Column {
    fn from_iter<T: IntoIterator<Item = f64>>(values: T) -> Column {
        Column(values.into_iter().collect())
    }
}

/// The value below which that share of the samples lies, interpolated; `None` without samples.
pub(crate) fn quantile(samples: &[f64], share: f64) -> Option<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = share * sorted.len().checked_sub(1)? as f64;
    let below = sorted.get(position.floor() as usize)?;
    let above = sorted.get(position.ceil() as usize)?;
    Some(below + (above - below) * position.fract())
}

#[cfg(test)]
mod tests {
    use super::{Column, quantile};

    #[test]
    fn medians_of_odd_even_and_no_values() {
        assert_eq!(Column(vec![3.0, 1.0, 2.0]).text(0), "2 (1-3)");
        assert_eq!(Column(vec![1.0, 4.0]).text(1), "2.5 (1.0-4.0)");
        assert_eq!(Column::default().text(1), "-");
    }

    #[test]
    fn quantiles_lie_between_samples() {
        assert_eq!(quantile(&[2.0, 1.0, 3.0], 0.75), Some(2.5));
        assert_eq!(quantile(&[2.0, 1.0, 3.0], 1.0), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
