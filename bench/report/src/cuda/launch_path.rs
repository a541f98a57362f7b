//! What a launch costs while nobody competes.

use std::fmt::Write;

use super::turns::{Body, Turns, against, legend};
use super::{Report, Summary};
use crate::interval::Estimate;

/// The load that launches one kernel and waits for it; the others are lengths of kernels in us.
const IDLE: &str = "idle";

/// Times native.
const WALL_AT_MOST: f64 = 1.02;
const IDLE_AT_MOST: f64 = 1.05;

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let turns = Turns(reports);
    let kernels: Vec<_> = turns
        .loads()
        .into_iter()
        .filter(|&load| load != IDLE)
        .collect();
    let mut tables = String::from(
        "| kernel us | way | call us | over native | wall us per kernel | over native | \
         must be at most | held? |\n|---|---|---|---|---|---|---|---|\n",
    );
    for &load in &kernels {
        for mode in turns.modes() {
            let call = turns.over_native(load, mode, "call_us");
            let call = Estimate::of(call.values()).map_or("-".into(), |call| call.text(3));
            let _ = writeln!(
                tables,
                "| {load} | {mode} | {} | {call} | {} | {} |",
                turns.column(load, mode, "call_us").text(2),
                turns.column(load, mode, "wall_us").text(2),
                against(&turns.over_native(load, mode, "wall_us"), 3, WALL_AT_MOST),
            );
        }
    }
    tables.push_str(
        "\n| launch and wait, idle stream | P50 us | over native | must be at most | held? | P99 us |\n\
         |---|---|---|---|---|---|\n",
    );
    for mode in turns.modes() {
        let _ = writeln!(
            tables,
            "| {mode} | {} | {} | {} |",
            turns.column(IDLE, mode, "p50_us").text(2),
            against(&turns.over_native(IDLE, mode, "p50_us"), 3, IDLE_AT_MOST),
            turns.column(IDLE, mode, "p99_us").text(1),
        );
    }
    tables.push_str(&legend(&turns));
    let plot = turns.plot(
        "Time per kernel while nobody competes, by length of the kernels in us",
        "times native",
        &kernels,
        |load, mode| turns.over_native(load, mode, "wall_us"),
    );
    Summary {
        tables,
        plot: Some(plot),
    }
}

#[cfg(test)]
mod tests {
    use super::super::turns::tests::process;
    use super::*;

    #[test]
    fn each_way_is_compared_with_native() {
        let summary = summary(&[
            process("native", 1, "5", "wall_us", &[6.0, 600.0]),
            process("embedded", 1, "5", "wall_us", &[9.0, 900.0]),
        ]);
        for line in [
            "| 5 | native | - | - | 303.00 (303.00-303.00) | - | - | - |",
            "| 5 | embedded | - | - | 454.50 (454.50-454.50) | 1.500 | 1.02 | not shown |",
            "| embedded | - | - | - | - | - |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
