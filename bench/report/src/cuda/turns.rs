//! Processes that took turns (`bench/cuda/take_turns.py`): each is compared with the native one of its set,
//! turn by turn, so that what drifts cancels out; the sets are what there are several of.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{NATIVE, Report};
use crate::categories::{Plot, Series};
use crate::column::{Column, quantile};
use crate::interval::Estimate;

/// One process. The `repetition` of its report is the number of its set.
#[derive(Deserialize)]
pub(super) struct Body {
    pub(super) loads: Vec<Load>,
    /// Processors in use while the process waits for something to do.
    pub(super) resting_cores: f64,
}

#[derive(Deserialize)]
pub(super) struct Load {
    pub(super) name: String,
    /// Of each turn, what was measured, by its name.
    pub(super) turns: Vec<BTreeMap<String, f64>>,
}

pub(super) struct Turns<'a>(pub(super) &'a [Report<Body>]);

impl Turns<'_> {
    pub(super) fn loads(&self) -> Vec<&str> {
        let first = self.0.first();
        let loads = first.into_iter().flat_map(|report| &report.body.loads);
        loads.map(|load| load.name.as_str()).collect()
    }

    /// Native first.
    pub(super) fn modes(&self) -> Vec<&str> {
        let mut modes = vec![NATIVE];
        for report in self.0 {
            if !modes.contains(&report.mode.as_str()) {
                modes.push(&report.mode);
            }
        }
        modes
    }

    fn of(&self, mode: &str) -> impl Iterator<Item = &Report<Body>> {
        self.0.iter().filter(move |report| report.mode == mode)
    }

    /// The process and the native one of its set.
    fn pairs(&self, mode: &str) -> impl Iterator<Item = (&Body, &Body)> {
        self.of(mode).filter_map(|report| {
            let mut natives = self.of(NATIVE);
            let native = natives.find(|native| native.repetition == report.repetition)?;
            Some((&report.body, &native.body))
        })
    }

    /// The median turn of each process.
    pub(super) fn column(&self, load: &str, mode: &str, value: &str) -> Column {
        self.of(mode)
            .filter_map(|report| quantile(&report.body.values(load, value), 0.5))
            .collect()
    }

    /// The median, over the turns of each process, of what `compare` makes of one and native's.
    pub(super) fn compared(
        &self,
        load: &str,
        mode: &str,
        value: &str,
        compare: impl Fn(f64, f64) -> f64,
    ) -> Column {
        self.pairs(mode)
            .filter(|_| mode != NATIVE)
            .filter_map(|(body, native)| {
                let (values, natives) = (body.values(load, value), native.values(load, value));
                let both = values.iter().zip(&natives);
                let turns: Vec<f64> = both.map(|(&v, &n)| compare(v, n)).collect();
                quantile(&turns, 0.5)
            })
            .collect()
    }

    /// How many times as large as native.
    pub(super) fn over_native(&self, load: &str, mode: &str, value: &str) -> Column {
        self.compared(load, mode, value, |value, native| value / native)
    }

    /// Percent of a processor core more than native, at rest.
    pub(super) fn resting_more(&self, mode: &str) -> Column {
        self.pairs(mode)
            .filter(|_| mode != NATIVE)
            .map(|(body, native)| 100.0 * (body.resting_cores - native.resting_cores))
            .collect()
    }

    /// A line for each mode, a category for each of `loads`.
    pub(super) fn plot(
        &self,
        title: &str,
        y: &str,
        loads: &[&str],
        column: impl Fn(&str, &str) -> Column,
    ) -> Plot {
        let series = self.modes().into_iter().map(|mode| Series {
            name: mode.into(),
            points: loads.iter().map(|load| column(load, mode)).collect(),
        });
        Plot {
            title: title.into(),
            y: y.into(),
            logarithmic: false,
            categories: loads.iter().map(|&load| load.into()).collect(),
            series: series.filter(Series::has_points).collect(),
        }
    }
}

impl Body {
    fn values(&self, load: &str, value: &str) -> Vec<f64> {
        let loads = self.loads.iter().filter(|l| l.name == load);
        let turns = loads.flat_map(|load| &load.turns);
        turns.filter_map(|turn| turn.get(value).copied()).collect()
    }
}

/// Three cells of a table: the estimate with its interval, its bar, and whether that is held.
pub(super) fn against(column: &Column, digits: usize, most: f64) -> String {
    match Estimate::of(column.values()) {
        Some(estimate) => {
            let verdict = estimate.verdict(most);
            format!("{} | {most} | {verdict}", estimate.text(digits))
        }
        None => "- | - | -".into(),
    }
}

/// What an interval needs to be understood.
pub(super) fn legend(turns: &Turns<'_>) -> String {
    let sets = turns.of(NATIVE).count();
    format!(
        "\nSets of processes compared, turn by turn: {sets}. In brackets the 95 % interval of what they \
         have in common. A bar is held if all of the interval is below it.\n"
    )
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use super::super::Report;
    use super::super::tests::report;
    use super::{Body, Load, Turns, against};

    /// A process whose turns of one load took so long.
    pub(in super::super) fn process(
        mode: &str,
        set: u32,
        load: &str,
        value: &str,
        turns: &[f64],
    ) -> Report<Body> {
        let load = Load {
            name: load.into(),
            turns: turns
                .iter()
                .map(|&turn| BTreeMap::from([(value.into(), turn), ("cores".into(), 1.0)]))
                .collect(),
        };
        report(
            mode,
            set,
            Body {
                loads: vec![load],
                resting_cores: 0.0,
            },
        )
    }

    #[test]
    fn turns_are_compared_within_a_set() {
        let reports = [
            process("other", 1, "5", "us", &[11.0, 220.0, 330.0]),
            process("native", 1, "5", "us", &[10.0, 100.0, 300.0]),
            process("native", 2, "5", "us", &[1.0]),
            process("other", 2, "5", "us", &[1.2]),
            process("other", 3, "5", "us", &[1000.0]),
        ];
        let turns = Turns(&reports);
        assert_eq!(turns.modes(), ["native", "other"]);
        let over = turns.over_native("5", "other", "us");
        assert_eq!(over.text(2), "1.15 (1.10-1.20)");
        assert_eq!(
            turns.column("5", "native", "us").text(1),
            "50.5 (1.0-100.0)"
        );
        assert_eq!(turns.over_native("5", "native", "us").text(1), "-");
        assert_eq!(against(&over, 2, 1.02), "1.15 | 1.02 | not shown");
    }

    #[test]
    fn six_sets_show_whether_a_bar_is_held() {
        let reports: Vec<_> = (1..=6)
            .flat_map(|set| {
                let native = process("native", set, "5", "us", &[10.0]);
                let drift = f64::from(set) / 100.0;
                [native, process("other", set, "5", "us", &[10.0 + drift])]
            })
            .collect();
        let over = Turns(&reports).over_native("5", "other", "us");
        assert_eq!(
            against(&over, 3, 1.02),
            "1.003 (1.001 to 1.006) | 1.02 | yes"
        );
        assert_eq!(
            against(&over, 3, 1.0005),
            "1.003 (1.001 to 1.006) | 1.0005 | no"
        );
    }
}
