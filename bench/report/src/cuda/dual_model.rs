//! `dual_model` on a GPU: each way beside stream priority, which is what a user would do without us. A
//! report's rounds are its repetitions, as its ways take turns round by round.

use std::fmt::Write;

use super::measured::Measured;
use crate::column::{Column, quantile};
use crate::dual_model::{Load, Report};

const STANDALONE: &str = "standalone";
const NATIVE: &str = "native";
const PRIORITY: &str = "priority";
const SCHEDULED: &str = "scheduled";

#[derive(Default)]
struct Measurements {
    p50: Measured,
    p99: Measured,
    low_rate: Measured,
    cores: Measured,
}

fn load_name(report: &Report) -> String {
    let p = &report.parameters;
    format!(
        "{} ({}) beside {} ({})",
        p.high_model, p.high_batch, p.low_model, p.low_batch
    )
}

fn measure(reports: &[Report]) -> Measurements {
    let mut all = Measurements::default();
    for (number, report) in (0u32..).zip(reports) {
        let load = load_name(report);
        for (name, mode) in &report.modes {
            for (round, (high, low)) in (0u32..).zip(mode.high.rounds.iter().zip(&mode.low.rounds))
            {
                let repetition = number * 1000 + round;
                all.p50.add(&load, name, repetition, high.p50_ms);
                all.p99.add(&load, name, repetition, high.p99_ms);
                all.low_rate.add(&load, name, repetition, low.rate);
            }
            all.cores.add(&load, name, number, mode.cores);
        }
    }
    all
}

/// P99 over the requests of all rounds: a round alone has too few.
fn pooled_p99(reports: &[Report], load: &str, mode: &str) -> Option<f64> {
    let samples = |report: &&Report| -> Option<Vec<f64>> {
        let Load { samples_ms, .. } = &report.modes.get(mode)?.high;
        Some(samples_ms.clone())
    };
    let same = reports.iter().filter(|report| load_name(report) == load);
    quantile(
        &same
            .filter_map(|r| samples(&r))
            .flatten()
            .collect::<Vec<_>>(),
        0.99,
    )
}

/// The longest P99 that the scheduled way may have.
fn bound_ms(load: &str, standalone: Option<f64>, priority: Option<f64>) -> Option<f64> {
    if load.contains("products") {
        return Some(1.03 * priority?);
    }
    Some(priority?.min(1.05 * standalone?))
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or("-".into(), |value| format!("{value:.digits$}"))
}

/// A table in Markdown.
pub(crate) fn table(reports: &[Report]) -> String {
    let all = measure(reports);
    let mut text = String::from(
        "| load | way | high P50 ms | high P99 ms | P99 of all | must be at most | over standalone | \
         over stream priority | low per s | low, % of alone | % of a core over native | outputs \
         |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for load in all.p99.rows() {
        let pooled = |mode: &str| pooled_p99(reports, load, mode);
        let identical = reports
            .iter()
            .filter(|report| load_name(report) == *load)
            .all(|report| report.outputs_identical);
        let ran = |mode: &&str| all.p99.column(load, mode).median().is_some();
        for mode in [STANDALONE, NATIVE, PRIORITY, SCHEDULED]
            .into_iter()
            .filter(|m| ran(m))
        {
            let over = |base: &str| -> Column {
                if mode == base {
                    return Column::default();
                }
                all.p99.compared(load, mode, base, |ms, base| ms / base)
            };
            let bound = (mode == SCHEDULED)
                .then(|| bound_ms(load, pooled(STANDALONE), pooled(PRIORITY)))
                .flatten();
            let kept = all
                .low_rate
                .compared(load, mode, STANDALONE, |rate, alone| 100.0 * rate / alone);
            let cores = all
                .cores
                .compared(load, mode, NATIVE, |cores, native| 100.0 * (cores - native));
            let _ = writeln!(
                text,
                "| {load} | {mode} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                all.p50.column(load, mode).text(2),
                all.p99.column(load, mode).text(2),
                number(pooled(mode), 2),
                number(bound, 2),
                over(STANDALONE).text(2),
                over(PRIORITY).text(2),
                all.low_rate.column(load, mode).text(1),
                kept.text(1),
                cores.text(1),
                if identical { "identical" } else { "DIFFER" },
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mode = |p99: f64, rate: f64| {
            format!(
                r#"{{"high":{{"p99_ms":{p99},"rate":20,"samples_ms":[{p99}],
                  "rounds":[{{"p50_ms":2,"p99_ms":{p99},"rate":20}}]}},
                  "low":{{"p99_ms":9,"rate":{rate},"samples_ms":[],
                  "rounds":[{{"p50_ms":8,"p99_ms":9,"rate":{rate}}}]}},"cores":1.5}}"#
            )
        };
        let json = format!(
            r#"{{"device":"a","xsched_version":"1","parameters":{{"high_model":"ResNet-18",
              "low_model":"ResNet-50","high_rate":20,"high_batch":4,"low_batch":64,"threshold":0,
              "launch_batch":0}},"modes":{{"standalone":{},"native":{},"priority":{},
              "scheduled":{}}},"ratios":{{"high_p99_native":null,"high_p99_scheduled":null,
              "low_kept_vs_native":null}},"outputs_identical":true}}"#,
            mode(2.0, 100.0),
            mode(5.0, 99.0),
            mode(4.0, 98.0),
            mode(3.0, 97.0),
        );
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_bound_is_the_better_of_priority_and_standalone() {
        let text = table(&[report()]);
        let line = "| ResNet-18 (4) beside ResNet-50 (64) | scheduled | 2.00 (2.00-2.00) | \
                    3.00 (3.00-3.00) | 3.00 | 2.10 | 1.50 (1.50-1.50) | 0.75 (0.75-0.75) | \
                    97.0 (97.0-97.0) | 97.0 (97.0-97.0) | 0.0 (0.0-0.0) | identical |";
        assert!(text.contains(line), "{line}\n{text}");
    }

    #[test]
    fn products_are_bound_by_priority_alone() {
        assert_eq!(bound_ms("products", None, Some(100.0)), Some(103.0));
        assert_eq!(bound_ms("ResNet-18", Some(1.0), Some(100.0)), Some(1.05));
    }
}
