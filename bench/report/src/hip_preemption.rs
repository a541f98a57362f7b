//! Tables over the runs of `hip_preemption`: requests beside a flood of kernels, and how long it takes to
//! stop the flood. A run is one way of scheduling at one kernel time; there are several of each.

use std::fmt::Write;

use serde::Deserialize;

use crate::column::{Column, quantile};

#[derive(Deserialize)]
pub(crate) struct Report {
    mode: String,
    kernel_us: u32,
    gate: Gate,
    /// 0 where nothing limits what is in flight.
    threshold: u32,
    request_us: Vec<f64>,
    low_per_s: f64,
    suspend_us: Vec<f64>,
    still_ran: Vec<f64>,
    kernel_alone_us: Vec<f64>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Gate {
    None,
    Host,
    Device,
}

impl Report {
    /// Kernels that a stopped flood may still have on the device.
    fn ahead(&self) -> f64 {
        match self.gate {
            Gate::Host => f64::from(self.threshold),
            _ => 1.0,
        }
    }
}

/// All runs of one way at one kernel time; never empty.
struct Runs<'a>(Vec<&'a Report>);

impl<'a> Runs<'a> {
    /// In the order of their first appearance.
    fn of(reports: &'a [Report]) -> Vec<Runs<'a>> {
        let mut all: Vec<Runs> = Vec::new();
        for report in reports {
            let same = |runs: &&mut Runs| {
                let first = runs.first();
                first.kernel_us == report.kernel_us && first.mode == report.mode
            };
            match all.iter_mut().find(same) {
                Some(runs) => runs.0.push(report),
                None => all.push(Runs(vec![report])),
            }
        }
        all.sort_by_key(|runs| runs.first().kernel_us);
        all
    }

    fn first(&self) -> &'a Report {
        self.0[0]
    }

    fn column(&self, value: impl Fn(&Report) -> Option<f64>) -> Column {
        let mut column = Column::default();
        for run in &self.0 {
            column.push(value(run));
        }
        column
    }

    fn p50(&self, samples: impl Fn(&Report) -> &[f64]) -> Column {
        self.column(|run| quantile(samples(run), 0.5))
    }

    /// Of the samples of all runs together: one run has too few.
    fn pooled(&self, share: f64, samples: impl Fn(&Report) -> &[f64]) -> f64 {
        let pool: Vec<f64> = self
            .0
            .iter()
            .flat_map(|run| samples(run))
            .copied()
            .collect();
        quantile(&pool, share).unwrap_or(f64::NAN)
    }

    fn name(&self) -> String {
        let first = self.first();
        match first.gate {
            Gate::Host => format!("{} ({} in flight)", first.mode, first.threshold),
            _ => first.mode.clone(),
        }
    }
}

/// Two tables in Markdown.
pub(crate) fn tables(reports: &[Report]) -> String {
    let all = Runs::of(reports);
    let mut text = String::from(
        "| low kernels, us | mode | runs | request P50 us | must be at most | request P99 us | \
         low kept, % of native |\n|---|---|---|---|---|---|---|\n",
    );
    for runs in &all {
        let first = runs.first();
        let beside = |mode: &str| {
            all.iter().find(|other| {
                other.first().kernel_us == first.kernel_us && other.first().mode == mode
            })
        };
        let standalone = beside("standalone").and_then(|runs| runs.p50(|r| &r.request_us).median());
        let native = beside("native").and_then(|runs| runs.column(|r| Some(r.low_per_s)).median());
        let scheduled = first.gate != Gate::None;
        let most = standalone
            .filter(|_| scheduled)
            .map(|p50| 1.1 * p50 + first.ahead() * f64::from(first.kernel_us));
        let kept = runs.column(|run| native.map(|native| 100.0 * run.low_per_s / native));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {:.0} | {} |",
            first.kernel_us,
            runs.name(),
            runs.0.len(),
            runs.p50(|r| &r.request_us).text(0),
            bar(most),
            runs.pooled(0.99, |r| &r.request_us),
            if first.mode == "standalone" {
                "-".into()
            } else {
                kept.text(1)
            },
        );
    }
    text.push_str(
        "\n| low kernels, us | mode | suspensions | P50 us | must be at most | P99 us | \
         kernels that still ran, median, most | one kernel alone P50, P99 us |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for runs in all.iter().filter(|runs| runs.first().gate != Gate::None) {
        let first = runs.first();
        let kernel_us = f64::from(first.kernel_us);
        let most = match first.gate {
            Gate::Device => 1.1 * kernel_us + 50.0,
            _ => (first.ahead() + 1.0) * kernel_us + 50.0,
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {:.0} | {:.0}, {:.0} | {:.0}, {:.0} |",
            first.kernel_us,
            runs.name(),
            runs.0.iter().map(|run| run.suspend_us.len()).sum::<usize>(),
            runs.p50(|r| &r.suspend_us).text(0),
            bar(Some(most)),
            runs.pooled(0.99, |r| &r.suspend_us),
            runs.pooled(0.5, |r| &r.still_ran),
            runs.pooled(1.0, |r| &r.still_ran),
            runs.pooled(0.5, |r| &r.kernel_alone_us),
            runs.pooled(0.99, |r| &r.kernel_alone_us),
        );
    }
    text
}

fn bar(most: Option<f64>) -> String {
    most.map_or("-".into(), |most| format!("{most:.0}"))
}

#[cfg(test)]
mod tests {
    use super::{Gate, Report, tables};

    fn report(mode: &str, gate: Gate, request_us: f64, low_per_s: f64) -> Report {
        Report {
            mode: mode.into(),
            kernel_us: 100,
            gate,
            threshold: 2,
            request_us: vec![request_us],
            low_per_s,
            suspend_us: vec![90.0],
            still_ran: vec![1.0],
            kernel_alone_us: vec![105.0],
        }
    }

    #[test]
    fn bars_follow_the_standalone_run_and_the_gate() {
        let text = tables(&[
            report("standalone", Gate::None, 500.0, 0.0),
            report("native", Gate::None, 1000.0, 200.0),
            report("host gate", Gate::Host, 600.0, 190.0),
            report("device gate", Gate::Device, 600.0, 196.0),
        ]);
        for line in [
            "| 100 | standalone | 1 | 500 (500-500) | - | 500 | - |",
            "| 100 | host gate (2 in flight) | 1 | 600 (600-600) | 750 | 600 | 95.0 (95.0-95.0) |",
            "| 100 | device gate | 1 | 600 (600-600) | 650 | 600 | 98.0 (98.0-98.0) |",
            "| 100 | host gate (2 in flight) | 1 | 90 (90-90) | 350 | 90 | 1, 1 | 105, 105 |",
            "| 100 | device gate | 1 | 90 (90-90) | 160 | 90 | 1, 1 | 105, 105 |",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
