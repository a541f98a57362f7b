//! Medians over repeated runs of `dual_model`, one line for each launch configuration.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Report;
use crate::column::Column;

#[derive(Default)]
struct Line {
    runs: usize,
    identical: bool,
    standalone: Column,
    native: Column,
    scheduled: Column,
    over_standalone: Column,
    better_than_native: Column,
    low_kept: Column,
}

/// A table in Markdown.
pub(crate) fn table(reports: &[Report]) -> String {
    let mut lines: BTreeMap<(i64, i64), Line> = BTreeMap::new();
    for report in reports {
        let key = (report.parameters.threshold, report.parameters.launch_batch);
        let line = lines.entry(key).or_insert_with(|| Line {
            identical: true,
            ..Line::default()
        });
        let p99 = |mode: &str| report.modes.get(mode).and_then(|mode| mode.high.p99_ms);
        let (native, scheduled) = (p99("native"), p99("scheduled"));
        line.runs += 1;
        line.identical &= report.outputs_identical;
        line.standalone.push(p99("standalone"));
        line.native.push(native);
        line.scheduled.push(scheduled);
        line.over_standalone.push(report.ratios.high_p99_scheduled);
        line.better_than_native
            .push(native.zip(scheduled).map(|(n, s)| n / s));
        line.low_kept
            .push(report.ratios.low_kept_vs_native.map(|kept| kept * 100.0));
    }
    let mut text = String::from(
        "| threshold, batch | runs | standalone P99 ms | native P99 ms | scheduled P99 ms | \
         scheduled / standalone | native / scheduled | low kept, % of native | outputs |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for ((threshold, batch), line) in lines {
        let number = |n: i64| {
            if n == 0 {
                "automatic".into()
            } else {
                n.to_string()
            }
        };
        let _ = writeln!(
            text,
            "| {}, {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            number(threshold),
            number(batch),
            line.runs,
            line.standalone.text(1),
            line.native.text(1),
            line.scheduled.text(1),
            line.over_standalone.text(2),
            line.better_than_native.text(2),
            line.low_kept.text(1),
            if line.identical {
                "identical"
            } else {
                "DIFFER"
            },
        );
    }
    text
}
