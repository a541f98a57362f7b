//! Tables and pictures over the reports of the CUDA benchmarks, which `bench/run_cuda.sh` writes: several
//! repetitions of several ways of running ("modes"), one of which is `native`.

mod contention;
pub(crate) mod dual_model;
mod gate_cost;
mod launch_path;
mod measured;
mod overhead;
mod preemption;
mod soak;
mod turns;

use std::error::Error;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::categories::{self, Plot};
use crate::read_all;

/// The way that the others are compared with, in the same repetition.
const NATIVE: &str = "native";

/// What each report begins with.
#[derive(Deserialize)]
struct Report<T> {
    mode: String,
    repetition: u32,
    #[serde(flatten)]
    machine: Machine,
    #[serde(flatten)]
    body: T,
}

#[derive(Clone, Deserialize)]
struct Machine {
    device: String,
    /// 13000 is CUDA 13.0.
    driver: u32,
    stand_in: bool,
}

impl Machine {
    fn text(&self) -> String {
        let version = format!("CUDA {}.{}", self.driver / 1000, self.driver % 1000 / 10);
        if self.stand_in {
            format!("stand-in driver, {version}, no GPU: the times mean nothing")
        } else {
            format!("{}, {version}", self.device)
        }
    }
}

/// What the reports of a benchmark come to: tables in Markdown, and a picture.
struct Summary {
    tables: String,
    plot: Option<Plot>,
}

fn summarize<T: DeserializeOwned>(
    paths: &[PathBuf],
    summary: fn(&[Report<T>]) -> Summary,
) -> Result<(Machine, Summary), Box<dyn Error>> {
    let reports: Vec<Report<T>> = read_all(paths)?;
    let first = reports.first().ok_or("no report was given")?;
    Ok((first.machine.clone(), summary(&reports)))
}

/// `kind` is the reports' own, less its `cuda_`. The picture goes to `svg`.
pub(crate) fn tables(
    kind: &str,
    paths: &[PathBuf],
    svg: Option<&Path>,
) -> Result<String, Box<dyn Error>> {
    let (machine, summary) = match kind {
        "contention" => summarize(paths, contention::summary),
        "gate_cost" => summarize(paths, gate_cost::summary),
        "launch_path" => summarize(paths, launch_path::summary),
        "overhead" => summarize(paths, overhead::summary),
        "preemption" => summarize(paths, preemption::summary),
        "soak" => summarize(paths, soak::summary),
        other => Err(format!("no table is known for a report of kind 'cuda_{other}'").into()),
    }?;
    if let (Some(svg), Some(plot)) = (svg, &summary.plot) {
        categories::draw(plot, &machine.text(), svg)?;
    }
    Ok(format!("{}\n\n{}", machine.text(), summary.tables))
}

#[cfg(test)]
mod tests {
    use super::{Machine, Report};

    /// A report as the tests of the modules need it.
    pub(super) fn report<T>(mode: &str, repetition: u32, body: T) -> Report<T> {
        Report {
            mode: mode.into(),
            repetition,
            machine: Machine {
                device: "a device".into(),
                driver: 13000,
                stand_in: false,
            },
            body,
        }
    }

    #[test]
    fn the_stand_in_says_so() {
        let mut machine = report("native", 1, ()).machine;
        assert_eq!(machine.text(), "a device, CUDA 13.0");
        machine.stand_in = true;
        assert!(machine.text().starts_with("stand-in driver"));
    }
}
