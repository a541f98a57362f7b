//! How long it takes to stop a busy stream, and what ran meanwhile.

use std::fmt::Write;

use serde::Deserialize;

use super::measured::{Measured, microseconds};
use super::{Report, Summary};
use crate::categories::Series;
use crate::column::{Column, quantile};

#[derive(Deserialize)]
pub(super) struct Body {
    /// `XSCHED_BUDGET_US`.
    budget_us: f64,
    kernels: Vec<Kernels>,
}

#[derive(Deserialize)]
struct Kernels {
    kernel_us: f64,
    call_us: Vec<f64>,
    quiet_us: Vec<f64>,
    still_started: Vec<f64>,
    late: u64,
    device_gate: bool,
}

/// The longest that stopping may take with the device gate, one suspension in a hundred aside.
fn bound_us(kernel_us: f64, budget_us: f64) -> f64 {
    if budget_us == 0.0 {
        1.1 * kernel_us + 10.0
    } else {
        (1.1 * kernel_us).max(budget_us) + 15.0
    }
}

/// XSched 1.2, Level 1, threshold 8, batch 4: the least that was measured at any kernel length.
fn xsched_us(kernel_us: f64) -> f64 {
    7.2 * kernel_us
}

/// What the repetitions of one way at one kernel length have in common, and their samples.
#[derive(Default)]
struct Pool {
    bound_us: Option<f64>,
    suspensions: usize,
    longest_us: f64,
    still_started: Vec<f64>,
    late: u64,
}

#[derive(Default)]
struct Times {
    call_p50: Measured,
    call_p99: Measured,
    quiet_p50: Measured,
    quiet_p99: Measured,
}

impl Times {
    fn add(&mut self, row: &str, mode: &str, repetition: u32, kernels: &Kernels) {
        for (measured, samples, share) in [
            (&mut self.call_p50, &kernels.call_us, 0.5),
            (&mut self.call_p99, &kernels.call_us, 0.99),
            (&mut self.quiet_p50, &kernels.quiet_us, 0.5),
            (&mut self.quiet_p99, &kernels.quiet_us, 0.99),
        ] {
            measured.add(row, mode, repetition, quantile(samples, share));
        }
    }
}

fn pool(reports: &[Report<Body>], row: &str, mode: &str) -> Pool {
    let mut pool = Pool::default();
    for report in reports.iter().filter(|report| report.mode == mode) {
        let same = |k: &&Kernels| microseconds(k.kernel_us) == row;
        for kernels in report.body.kernels.iter().filter(same) {
            pool.bound_us = kernels
                .device_gate
                .then(|| bound_us(kernels.kernel_us, report.body.budget_us));
            pool.suspensions += kernels.call_us.len();
            pool.longest_us = kernels
                .call_us
                .iter()
                .copied()
                .fold(pool.longest_us, f64::max);
            pool.still_started.extend(&kernels.still_started);
            pool.late += kernels.late;
        }
    }
    pool
}

fn verdict(p99: &Column, bound_us: Option<f64>) -> (String, &'static str) {
    match (p99.median(), bound_us) {
        (Some(p99), Some(bound)) => (
            format!("{bound:.0}"),
            if p99 <= bound { "yes" } else { "NO" },
        ),
        _ => ("-".into(), "-"),
    }
}

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let mut times = Times::default();
    for report in reports {
        for kernels in &report.body.kernels {
            let row = microseconds(kernels.kernel_us);
            times.add(&row, &report.mode, report.repetition, kernels);
        }
    }
    let mut tables = String::from(
        "| kernel us | way | suspensions | call P50 us | call P99 us | must be at most | holds | \
         XSched P99 us | most us | last kernel ended P50, P99 us | kernels that still started P50, \
         most | ended after the return |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in times.call_p99.rows() {
        let kernel_us: f64 = row.parse().unwrap_or(f64::NAN);
        for mode in times.call_p99.modes() {
            let pool = pool(reports, row, mode);
            let p99 = times.call_p99.column(row, mode);
            let (bound, holds) = verdict(&p99, pool.bound_us);
            let started = |share| quantile(&pool.still_started, share).unwrap_or(f64::NAN);
            let _ = writeln!(
                tables,
                "| {row} | {mode} | {} | {} | {} | {bound} | {holds} | {:.0} | {:.0} | {}, {} | \
                 {:.0}, {:.0} | {} |",
                pool.suspensions,
                times.call_p50.column(row, mode).text(1),
                p99.text(1),
                xsched_us(kernel_us),
                pool.longest_us,
                times.quiet_p50.column(row, mode).text(1),
                times.quiet_p99.column(row, mode).text(1),
                started(0.5),
                started(1.0),
                pool.late,
            );
        }
    }
    let mut plot = times.call_p99.plot(
        "P99 from XQueueSuspend until the device is quiet, by length of the kernels in us",
        "us",
        |row, mode| times.call_p99.column(row, mode),
    );
    plot.logarithmic = true;
    plot.series.push(Series {
        name: "XSched 1.2, Level 1: 7.2 kernels".into(),
        points: plot
            .categories
            .iter()
            .map(|row| row.parse().map(xsched_us).into_iter().collect())
            .collect(),
    });
    Summary {
        tables,
        plot: Some(plot),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    fn body(budget_us: f64, call_us: f64, device_gate: bool) -> Body {
        Body {
            budget_us,
            kernels: vec![Kernels {
                kernel_us: 20.0,
                call_us: vec![call_us],
                quiet_us: vec![call_us - 3.0],
                still_started: vec![1.0],
                late: 0,
                device_gate,
            }],
        }
    }

    #[test]
    fn bounds_follow_the_budget_and_the_gate() {
        let summary = summary(&[
            report("budget 0", 1, body(0.0, 31.0, true)),
            report("default", 1, body(100.0, 116.0, true)),
            report("host gate", 1, body(100.0, 90.0, false)),
        ]);
        for line in [
            "| 20 | budget 0 | 1 | 31.0 (31.0-31.0) | 31.0 (31.0-31.0) | 32 | yes | 144 | 31 |",
            "| 20 | default | 1 | 116.0 (116.0-116.0) | 116.0 (116.0-116.0) | 115 | NO | 144 |",
            "| 20 | host gate | 1 | 90.0 (90.0-90.0) | 90.0 (90.0-90.0) | - | - | 144 | 90 |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
