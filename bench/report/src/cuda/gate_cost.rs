//! Gates of different making, compared.

use std::fmt::Write;

use serde::Deserialize;

use super::measured::{Measured, microseconds};
use super::{Report, Summary};
use crate::column::quantile;

#[derive(Deserialize)]
pub(super) struct Body {
    gates: Vec<Gate>,
    calls: Vec<Call>,
    reactions: Vec<Reaction>,
}

#[derive(Deserialize)]
struct Gate {
    kernel_us: f64,
    kind: String,
    wall_us: Vec<f64>,
}

#[derive(Deserialize)]
struct Call {
    kind: String,
    call_us: Vec<f64>,
}

#[derive(Deserialize)]
struct Reaction {
    setter: String,
    open_us: Vec<f64>,
    close_us: Vec<f64>,
    still_started: Vec<f64>,
}

/// The first kind of all: no gate.
const NONE: &str = "none";

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let (mut wall, mut calls) = (Measured::default(), Measured::default());
    for report in reports {
        for gate in &report.body.gates {
            let row = microseconds(gate.kernel_us);
            let us = quantile(&gate.wall_us, 0.5);
            wall.add(&row, &gate.kind, report.repetition, us);
        }
        for call in &report.body.calls {
            calls.add(
                "",
                &call.kind,
                report.repetition,
                quantile(&call.call_us, 0.5),
            );
        }
    }
    let mut tables = String::from("| gate in front of each kernel | the thread, us |");
    for row in wall.rows() {
        let _ = write!(tables, " kernels of {row} us: more us |");
    }
    tables.push_str(&format!(
        "\n|---|---|{}\n",
        "---|".repeat(wall.rows().len())
    ));
    for kind in wall.modes() {
        let _ = write!(tables, "| {kind} | {} |", calls.column("", kind).text(2));
        for row in wall.rows() {
            let text = if kind == NONE {
                format!("takes {}", wall.column(row, kind).text(2))
            } else {
                wall.compared(row, kind, NONE, |us, none| us - none).text(2)
            };
            let _ = write!(tables, " {text} |");
        }
        tables.push('\n');
    }
    tables.push_str(&reactions(reports));
    let plot = wall.plot(
        "What a gate in front of each kernel adds, by length of the kernels in us",
        "us more per kernel",
        |row, kind| wall.compared(row, kind, NONE, |us, none| us - none),
    );
    Summary {
        tables,
        plot: Some(plot),
    }
}

fn reactions(reports: &[Report<Body>]) -> String {
    type Samples = fn(&Reaction) -> &Vec<f64>;
    const COLUMNS: [(Samples, f64); 6] = [
        (|r| &r.open_us, 0.5),
        (|r| &r.open_us, 0.99),
        (|r| &r.close_us, 0.5),
        (|r| &r.close_us, 0.99),
        (|r| &r.still_started, 0.5),
        (|r| &r.still_started, 1.0),
    ];
    let mut columns = COLUMNS.map(|_| Measured::default());
    for report in reports {
        for reaction in &report.body.reactions {
            for (measured, (samples, share)) in columns.iter_mut().zip(COLUMNS) {
                let value = quantile(samples(reaction), share);
                measured.add("", &reaction.setter, report.repetition, value);
            }
        }
    }
    let mut table = String::from(
        "\n| word | opened: passed after P50 us | P99 us | closed: last kernel started after P50 us \
         | P99 us | kernels that still started P50 | most |\n|---|---|---|---|---|---|---|\n",
    );
    for setter in columns[0].modes() {
        let _ = write!(table, "| {setter} |");
        for column in &columns {
            let _ = write!(table, " {} |", column.column("", setter).text(1));
        }
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    #[test]
    fn a_gate_costs_what_it_adds_to_none() {
        let gate = |kind: &str, us: f64| Gate {
            kernel_us: 20.0,
            kind: kind.into(),
            wall_us: vec![us],
        };
        let summary = summary(&[report(
            "native",
            1,
            Body {
                gates: vec![gate(NONE, 21.0), gate("wait", 23.5)],
                calls: vec![Call {
                    kind: "wait".into(),
                    call_us: vec![1.0],
                }],
                reactions: vec![Reaction {
                    setter: "host word".into(),
                    open_us: vec![3.0],
                    close_us: vec![2.0],
                    still_started: vec![1.0],
                }],
            },
        )]);
        for line in [
            "| none | - | takes 21.00 (21.00-21.00) |",
            "| wait | 1.00 (1.00-1.00) | 2.50 (2.50-2.50) |",
            "| host word | 3.0 (3.0-3.0) |",
        ] {
            assert!(summary.tables.contains(line), "{line}\n{}", summary.tables);
        }
    }
}
