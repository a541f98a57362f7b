//! The outcome as a table.

use std::fmt::Write;

use crate::outcome::{Outcome, percentile};

const HEAD: [&str; 9] = [
    "queue",
    "requests",
    "P50 ms",
    "P99 ms",
    "max ms",
    "misses",
    "used ms",
    "share %",
    "suspended",
];

/// One line per queue and one per device. Shares are of the time in which requests came.
pub fn table(outcome: &Outcome) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    for queue in &outcome.queues {
        let latencies_us = queue.latencies_us();
        let ms = |percent| {
            percentile(&latencies_us, percent)
                .map_or_else(|| "-".to_owned(), |us| format!("{:.3}", us / 1000.0))
        };
        let used_ns = queue.used_ns(0, outcome.duration_ns) as f64;
        let misses = match queue.deadline_ns {
            None => "-".to_owned(),
            Some(_) => queue.misses().to_string(),
        };
        rows.push([
            queue.name.clone(),
            queue.requests.len().to_string(),
            ms(50),
            ms(99),
            ms(100),
            misses,
            format!("{:.2}", used_ns / 1e6),
            format!("{:.2}", 100.0 * used_ns / outcome.duration_ns.max(1) as f64),
            queue.suspensions.to_string(),
        ]);
    }
    let mut text = aligned(&rows);
    for (device, (name, units)) in outcome.devices.iter().enumerate() {
        let queues = outcome.queues.iter().filter(|queue| queue.device == device);
        let suspensions: usize = queues.map(|queue| queue.suspensions).sum();
        let busy = 100.0 * outcome.utilisation(device, 0, outcome.duration_ns);
        // Writing to a String does not fail.
        let _ = writeln!(
            text,
            "device {name}: {units} unit(s), {busy:.2} % busy, {suspensions} suspensions"
        );
    }
    text
}

/// Columns, the first to the left and the others to the right.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let _ = match column {
                0 => write!(line, "{cell:<width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
