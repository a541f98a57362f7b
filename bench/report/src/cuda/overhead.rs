//! Models of PyTorch with and without the library, nobody competing.

use std::fmt::Write;

use serde::Deserialize;

use super::measured::{Measured, bound};
use super::{NATIVE, Report, Summary};
use crate::column::Column;

/// One way's part of one round.
#[derive(Deserialize)]
pub(super) struct Body {
    workloads: Vec<Workload>,
    /// Processors in use while the process waits for something to do.
    resting_cores: f64,
}

#[derive(Deserialize)]
struct Workload {
    name: String,
    per_s: f64,
    cores: f64,
}

const RESTING: &str = "resting";

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let (mut rate, mut cores) = (Measured::default(), Measured::default());
    for report in reports {
        let (mode, repetition) = (report.mode.as_str(), report.repetition);
        for workload in &report.body.workloads {
            rate.add(&workload.name, mode, repetition, Some(workload.per_s));
            cores.add(&workload.name, mode, repetition, Some(workload.cores));
        }
        cores.add(RESTING, mode, repetition, Some(report.body.resting_cores));
    }
    let slower = |row: &str, mode: &str| -> Column {
        if mode == NATIVE {
            return Column::default();
        }
        rate.compared(row, mode, NATIVE, |rate, native| {
            100.0 * (1.0 - rate / native)
        })
    };
    let more_cores = |row: &str, mode: &str| -> Column {
        if mode == NATIVE {
            return Column::default();
        }
        cores.compared(row, mode, NATIVE, |cores, native| 100.0 * (cores - native))
    };
    let mut tables = String::from(
        "| workload | way | per second | slower than native % | must be at most | % of a core more |\n\
         |---|---|---|---|---|---|\n",
    );
    for row in cores.rows() {
        for mode in cores.modes() {
            let _ = writeln!(
                tables,
                "| {row} | {mode} | {} | {} | {} | {} |",
                rate.column(row, mode).text(1),
                slower(row, mode).text(2),
                bound(mode, if row == RESTING { "-" } else { "0.5" }),
                more_cores(row, mode).text(2),
            );
        }
    }
    let plot = rate.plot(
        "PyTorch while nobody competes",
        "% slower than native",
        slower,
    );
    Summary {
        tables,
        plot: Some(plot),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    fn body(per_s: f64, resting_cores: f64) -> Body {
        Body {
            workloads: vec![Workload {
                name: "batch 1".into(),
                per_s,
                cores: 1.0,
            }],
            resting_cores,
        }
    }

    #[test]
    fn a_lower_rate_is_slower_and_rest_has_no_rate() {
        let summary = summary(&[
            report("native", 1, body(200.0, 0.0)),
            report("preloaded", 1, body(199.0, 0.01)),
        ]);
        for line in [
            "| batch 1 | preloaded | 199.0 (199.0-199.0) | 0.50 (0.50-0.50) | 0.5 | 0.00 (0.00-0.00) |",
            "| resting | preloaded | - | - | - | 1.00 (1.00-1.00) |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
