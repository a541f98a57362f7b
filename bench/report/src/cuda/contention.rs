//! What a saturated low-priority stream loses to gates that are open.

use std::fmt::Write;

use serde::Deserialize;

use super::measured::{Measured, bound, microseconds};
use super::{NATIVE, Report, Summary};
use crate::column::{Column, quantile};

#[derive(Deserialize)]
pub(super) struct Body {
    kernels: Vec<Kernels>,
}

#[derive(Deserialize)]
struct Kernels {
    kernel_us: f64,
    wall_us: Vec<f64>,
    cores: Vec<f64>,
    gates: f64,
    commands: f64,
}

/// Percent that may be lost with the default budget; nothing is promised for other lengths.
fn most_lost(kernel_us: &str) -> &'static str {
    match kernel_us.parse::<f64>() {
        Ok(us) if us >= 250.0 => "1.0",
        Ok(20.0) => "2.5",
        _ => "-",
    }
}

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let (mut wall, mut cores) = (Measured::default(), Measured::default());
    let mut per_gate = Measured::default();
    for report in reports {
        for kernels in &report.body.kernels {
            let row = microseconds(kernels.kernel_us);
            let at = (row.as_str(), report.mode.as_str(), report.repetition);
            wall.add(at.0, at.1, at.2, quantile(&kernels.wall_us, 0.5));
            cores.add(at.0, at.1, at.2, quantile(&kernels.cores, 0.5));
            let gated = (kernels.gates > 0.0).then(|| kernels.commands / kernels.gates);
            per_gate.add(at.0, at.1, at.2, gated);
        }
    }
    let lost = |row: &str, mode: &str| -> Column {
        if mode == NATIVE {
            return Column::default();
        }
        wall.compared(row, mode, NATIVE, |us, native| 100.0 * (1.0 - native / us))
    };
    let mut tables = String::from(
        "| kernel us | way | wall us per kernel | throughput lost % | must be at most, default \
         budget | commands per gate | cores in use |\n|---|---|---|---|---|---|---|\n",
    );
    for row in wall.rows() {
        for mode in wall.modes() {
            let _ = writeln!(
                tables,
                "| {row} | {mode} | {} | {} | {} | {} | {} |",
                wall.column(row, mode).text(2),
                lost(row, mode).text(2),
                bound(mode, most_lost(row)),
                per_gate.column(row, mode).text(1),
                cores.column(row, mode).text(2),
            );
        }
    }
    let plot = wall.plot(
        "Throughput lost to open gates, by length of the kernels in us",
        "% of native",
        lost,
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

    fn body(wall_us: f64, gates: f64) -> Body {
        Body {
            kernels: vec![Kernels {
                kernel_us: 20.0,
                wall_us: vec![wall_us],
                cores: vec![1.0],
                gates,
                commands: 100.0,
            }],
        }
    }

    #[test]
    fn a_longer_kernel_is_throughput_lost() {
        let summary = summary(&[
            report("native", 1, body(20.0, 0.0)),
            report("competitor", 1, body(25.0, 20.0)),
        ]);
        for line in [
            "| 20 | native | 20.00 (20.00-20.00) | - | - | - | 1.00 (1.00-1.00) |",
            "| 20 | competitor | 25.00 (25.00-25.00) | 20.00 (20.00-20.00) | 2.5 | \
             5.0 (5.0-5.0) | 1.00 (1.00-1.00) |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
