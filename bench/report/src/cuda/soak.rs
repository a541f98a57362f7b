//! Endurance: what was computed, compared with a run without the library.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use super::{NATIVE, Report, Summary};

#[derive(Deserialize)]
pub(super) struct Body {
    seconds: f64,
    host_growth_mib: f64,
    device_growth_mib: f64,
    workers: Vec<Worker>,
}

#[derive(Deserialize)]
struct Worker {
    way: String,
    rounds: u64,
    wrong: u64,
    /// "rounds:hash over all results so far".
    digests: Vec<String>,
}

/// Rounds after which both had computed the same, as far as both came.
fn agreement(worker: &Worker, native: &Worker) -> String {
    let hashes = |worker: &Worker| -> BTreeMap<u64, String> {
        worker
            .digests
            .iter()
            .filter_map(|text| text.split_once(':'))
            .filter_map(|(rounds, hash)| Some((rounds.parse().ok()?, hash.to_owned())))
            .collect()
    };
    let (ours, theirs) = (hashes(worker), hashes(native));
    let mut agreed = None;
    for (rounds, hash) in &ours {
        match theirs.get(rounds) {
            Some(native) if native != hash => return format!("DIFFER within {rounds}"),
            Some(_) => agreed = Some(rounds),
            None => {}
        }
    }
    agreed.map_or("not compared".into(), |rounds| {
        format!("the same after {rounds}")
    })
}

pub(super) fn summary(reports: &[Report<Body>]) -> Summary {
    let native = reports.iter().find(|report| report.mode == NATIVE);
    let mut tables = String::from(
        "| way | thread | rounds | wrong | rounds compared with native |\n|---|---|---|---|---|\n",
    );
    for report in reports {
        for (at, worker) in report.body.workers.iter().enumerate() {
            let compared = native
                .and_then(|native| native.body.workers.get(at))
                .filter(|_| report.mode != NATIVE)
                .map_or("-".into(), |native| agreement(worker, native));
            let _ = writeln!(
                tables,
                "| {} | {} | {} | {} | {compared} |",
                report.mode, worker.way, worker.rounds, worker.wrong,
            );
        }
    }
    tables.push_str(
        "\n| way | seconds | host memory grew MiB | device memory grew MiB |\n|---|---|---|---|\n",
    );
    for report in reports {
        let _ = writeln!(
            tables,
            "| {} | {:.0} | {:.1} | {:.1} |",
            report.mode,
            report.body.seconds,
            report.body.host_growth_mib,
            report.body.device_growth_mib,
        );
    }
    Summary { tables, plot: None }
}

#[cfg(test)]
mod tests {
    use super::{Worker, agreement};

    fn worker(digests: &[&str]) -> Worker {
        Worker {
            way: "steady".into(),
            rounds: 4,
            wrong: 0,
            digests: digests.iter().map(|&digest| digest.into()).collect(),
        }
    }

    #[test]
    fn only_rounds_of_both_are_compared() {
        let native = worker(&["1:7", "2:8"]);
        assert_eq!(
            agreement(&worker(&["1:7", "2:8", "4:9"]), &native),
            "the same after 2"
        );
        assert_eq!(
            agreement(&worker(&["1:7", "2:9"]), &native),
            "DIFFER within 2"
        );
        assert_eq!(agreement(&worker(&[]), &native), "not compared");
    }
}
