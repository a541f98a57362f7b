//! Models of PyTorch with and without the library, nobody competing.

use std::fmt::Write;

use super::turns::{Body, Turns, against, legend};
use super::{Report, Summary};
use crate::column::Column;

const RESTING: &str = "resting";
/// Percent.
const SLOWER_AT_MOST: f64 = 0.5;
const CORES_AT_MOST: f64 = 1.0;

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let turns = Turns(reports);
    let slower = |load: &str, mode: &str| {
        turns.compared(load, mode, "ms", |ms, native| 100.0 * (ms / native - 1.0))
    };
    let more_cores = |load: &str, mode: &str| {
        turns.compared(load, mode, "cores", |cores, native| {
            100.0 * (cores - native)
        })
    };
    let mut tables = String::from(
        "| load | way | ms | slower than native % | must be at most | held? | % of a core more | \
         must be at most | held? |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut line = |load: &str, mode: &str, ms: Column, slower: Column, cores: Column| {
        let _ = writeln!(
            tables,
            "| {load} | {mode} | {} | {} | {} |",
            ms.text(2),
            against(&slower, 2, SLOWER_AT_MOST),
            against(&cores, 2, CORES_AT_MOST),
        );
    };
    for load in turns.loads() {
        for mode in turns.modes() {
            let ms = turns.column(load, mode, "ms");
            line(load, mode, ms, slower(load, mode), more_cores(load, mode));
        }
    }
    for mode in turns.modes() {
        let (none, cores) = (Column::default(), turns.resting_more(mode));
        line(RESTING, mode, Column::default(), none, cores);
    }
    tables.push_str(&legend(&turns));
    let plot = turns.plot(
        "PyTorch while nobody competes",
        "% slower than native",
        &turns.loads(),
        slower,
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
    fn a_longer_time_is_slower_and_rest_has_none() {
        let summary = summary(&[
            process("native", 1, "batch 1", "ms", &[2.0]),
            process("preloaded", 1, "batch 1", "ms", &[2.02]),
        ]);
        for line in [
            "| batch 1 | preloaded | 2.02 (2.02-2.02) | 1.00 | 0.5 | not shown | \
             0.00 | 1 | not shown |",
            "| resting | preloaded | - | - | - | - | 0.00 | 1 | not shown |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
