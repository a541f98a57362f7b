//! Medians over repeated runs of `dual_model`, one line for each launch configuration.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Report;

/// A value of each run.
#[derive(Default)]
struct Column(Vec<f64>);

impl Column {
    fn push(&mut self, value: Option<f64>) {
        self.0.extend(value);
    }

    /// "median (least-most)", or a dash where no run had the value.
    fn text(mut self, digits: usize) -> String {
        self.0.sort_by(f64::total_cmp);
        let (Some(least), Some(most)) = (self.0.first(), self.0.last()) else {
            return "-".into();
        };
        let middle = self.0.len() / 2;
        let median = if self.0.len() % 2 == 1 {
            self.0[middle]
        } else {
            f64::midpoint(self.0[middle - 1], self.0[middle])
        };
        format!("{median:.digits$} ({least:.digits$}-{most:.digits$})")
    }
}

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

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn medians_of_odd_even_and_no_values() {
        assert_eq!(Column(vec![3.0, 1.0, 2.0]).text(0), "2 (1-3)");
        assert_eq!(Column(vec![1.0, 4.0]).text(1), "2.5 (1.0-4.0)");
        assert_eq!(Column::default().text(1), "-");
    }
}
