//! One number of each run, by way of running and by row of the table; comparisons are made within a
//! repetition, so that what drifts between repetitions cancels out.

use std::collections::BTreeMap;

use super::NATIVE;
use crate::categories::{Plot, Series};
use crate::column::Column;

#[derive(Default)]
pub(super) struct Measured {
    rows: Vec<String>,
    modes: Vec<String>,
    values: BTreeMap<(usize, usize), BTreeMap<u32, f64>>,
}

/// The place of a name; names keep the order of their first appearance.
fn place(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|n| n == name).unwrap_or_else(|| {
        names.push(name.into());
        names.len() - 1
    })
}

impl Measured {
    pub(super) fn add(&mut self, row: &str, mode: &str, repetition: u32, value: Option<f64>) {
        let at = (place(&mut self.rows, row), place(&mut self.modes, mode));
        if let Some(value) = value {
            self.values.entry(at).or_default().insert(repetition, value);
        }
    }

    pub(super) fn rows(&self) -> &[String] {
        &self.rows
    }

    /// Native first, the others in the order of their first appearance.
    pub(super) fn modes(&self) -> Vec<&String> {
        let mut modes: Vec<_> = self.modes.iter().collect();
        modes.sort_by_key(|&mode| mode != NATIVE);
        modes
    }

    fn runs(&self, row: &str, mode: &str) -> Option<&BTreeMap<u32, f64>> {
        let row = self.rows.iter().position(|r| r == row)?;
        let mode = self.modes.iter().position(|m| m == mode)?;
        self.values.get(&(row, mode))
    }

    pub(super) fn column(&self, row: &str, mode: &str) -> Column {
        self.runs(row, mode)
            .into_iter()
            .flat_map(BTreeMap::values)
            .copied()
            .collect()
    }

    /// What `compare` makes of each run of `mode` and the run of `base` in the same repetition.
    pub(super) fn compared(
        &self,
        row: &str,
        mode: &str,
        base: &str,
        compare: impl Fn(f64, f64) -> f64,
    ) -> Column {
        let (Some(runs), Some(bases)) = (self.runs(row, mode), self.runs(row, base)) else {
            return Column::default();
        };
        runs.iter()
            .filter_map(|(repetition, &value)| Some(compare(value, *bases.get(repetition)?)))
            .collect()
    }

    /// A line for each mode, a category for each row.
    pub(super) fn plot(&self, title: &str, y: &str, column: impl Fn(&str, &str) -> Column) -> Plot {
        let series = self.modes().into_iter().map(|mode| Series {
            name: mode.clone(),
            points: self.rows.iter().map(|row| column(row, mode)).collect(),
        });
        Plot {
            title: title.into(),
            y: y.into(),
            logarithmic: false,
            categories: self.rows.clone(),
            series: series.filter(Series::has_points).collect(),
        }
    }
}

/// What a way must hold; there is nothing that native must.
pub(super) fn bound<'a>(mode: &str, bound: &'a str) -> &'a str {
    if mode == NATIVE { "-" } else { bound }
}

/// Kernel lengths in tables and pictures.
pub(super) fn microseconds(us: f64) -> String {
    format!("{us}")
}

#[cfg(test)]
mod tests {
    use super::Measured;

    #[test]
    fn comparisons_stay_within_a_repetition() {
        let mut measured = Measured::default();
        for (repetition, native, other) in [(1, 10.0, 11.0), (2, 100.0, 120.0), (3, 1.0, 1.3)] {
            measured.add("5", "native", repetition, Some(native));
            measured.add("5", "other", repetition, Some(other));
        }
        measured.add("5", "other", 4, Some(1000.0));
        let over = |row| measured.compared(row, "other", "native", |value, native| value / native);
        assert_eq!(over("5").text(1), "1.2 (1.1-1.3)");
        assert_eq!(measured.column("5", "native").text(0), "10 (1-100)");
        assert_eq!(over("absent").text(1), "-");
    }
}
