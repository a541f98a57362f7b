//! What a launch costs while nobody competes.

use std::fmt::Write;

use serde::Deserialize;

use super::measured::{Measured, bound, microseconds};
use super::{Report, Summary};
use crate::column::quantile;

#[derive(Deserialize)]
pub(super) struct Body {
    kernels: Vec<Kernels>,
    /// Launch of an empty kernel on an idle stream and the wait for it.
    idle_us: Vec<f64>,
}

#[derive(Deserialize)]
struct Kernels {
    kernel_us: f64,
    call_us: Vec<f64>,
    wall_us: Vec<f64>,
}

const IDLE: &str = "idle";

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let (mut call, mut wall) = (Measured::default(), Measured::default());
    let (mut p50, mut p99) = (Measured::default(), Measured::default());
    for report in reports {
        let (mode, repetition) = (report.mode.as_str(), report.repetition);
        for kernels in &report.body.kernels {
            let row = microseconds(kernels.kernel_us);
            call.add(&row, mode, repetition, quantile(&kernels.call_us, 0.5));
            wall.add(&row, mode, repetition, quantile(&kernels.wall_us, 0.5));
        }
        let idle = &report.body.idle_us;
        p50.add(IDLE, mode, repetition, quantile(idle, 0.5));
        p99.add(IDLE, mode, repetition, quantile(idle, 0.99));
    }
    let mut tables = String::from(
        "| kernel us | way | call us | over native | wall us per kernel | over native | \
         must be at most |\n|---|---|---|---|---|---|---|\n",
    );
    for row in wall.rows() {
        for mode in wall.modes() {
            let _ = writeln!(
                tables,
                "| {row} | {mode} | {} | {} | {} | {} | {} |",
                call.column(row, mode).text(2),
                call.over_native(row, mode).text(3),
                wall.column(row, mode).text(2),
                wall.over_native(row, mode).text(3),
                bound(mode, "1.02"),
            );
        }
    }
    tables.push_str(
        "\n| launch and wait, idle stream | P50 us | over native | must be at most | P99 us |\n\
         |---|---|---|---|---|\n",
    );
    for mode in p50.modes() {
        let _ = writeln!(
            tables,
            "| {mode} | {} | {} | {} | {} |",
            p50.column(IDLE, mode).text(1),
            p50.over_native(IDLE, mode).text(3),
            bound(mode, "1.05"),
            p99.column(IDLE, mode).text(1),
        );
    }
    let plot = wall.plot(
        "Time per kernel while nobody competes, by length of the kernels in us",
        "times native",
        |row, mode| wall.over_native(row, mode),
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

    fn body(times: f64) -> Body {
        Body {
            kernels: vec![Kernels {
                kernel_us: 5.0,
                call_us: vec![2.0 * times],
                wall_us: vec![6.0 * times, 6.0 * times, 600.0],
            }],
            idle_us: vec![10.0 * times],
        }
    }

    #[test]
    fn each_way_is_compared_with_native() {
        let summary = summary(&[
            report("native", 1, body(1.0)),
            report("embedded", 1, body(1.5)),
            report("native", 2, body(2.0)),
            report("embedded", 2, body(3.0)),
        ]);
        for line in [
            "| 5 | native | 3.00 (2.00-4.00) | - | 9.00 (6.00-12.00) | - | - |",
            "| 5 | embedded | 4.50 (3.00-6.00) | 1.500 (1.500-1.500) | 13.50 (9.00-18.00) | \
             1.500 (1.500-1.500) | 1.02 |",
            "| embedded | 22.5 (15.0-30.0) | 1.500 (1.500-1.500) | 1.05 | 22.5 (15.0-30.0) |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
