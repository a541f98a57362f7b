//! Draws the reports that the benchmarks write: JSON in, SVG out.
//!
//! A report says in its `report` member what it is. Each kind has a module that reads its other
//! members and draws them; what several of them need is in `chart`.

mod categories;
mod chart;
mod column;
mod cuda;
mod dual_model;
mod hip_preemption;
mod interval;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Draws reports of libxsched's benchmarks as SVG
#[derive(Parser)]
#[command(version)]
struct Options {
    /// The reports
    #[arg(default_value = "reports/dual_model.json")]
    reports: Vec<PathBuf>,

    /// Where the pictures go [default: beside each report]
    #[arg(short, long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,

    /// Print a table of medians over the reports, which are repetitions, instead of drawing them
    #[arg(long, conflicts_with = "out")]
    medians: bool,

    /// With --medians: draw them too, if there is a picture for this kind of report
    #[arg(long, value_name = "SVG", requires = "medians")]
    plot: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Kind {
    report: String,
}

fn draw(report: &Path, svg: &Path) -> Result<(), Box<dyn Error>> {
    let json = fs::read_to_string(report)?;
    let kind: Kind = serde_json::from_str(&json)?;
    match kind.report.as_str() {
        "dual_model" => dual_model::draw(&serde_json::from_str(&json)?, svg),
        other => Err(format!("no picture is known for a report of kind '{other}'").into()),
    }
}

/// The reports must be of one kind.
fn medians(reports: &[PathBuf], plot: Option<&Path>) -> Result<String, Box<dyn Error>> {
    let first = reports.first().ok_or("no report was given")?;
    let kind: Kind = read(first)?;
    if let Some(kind) = kind.report.strip_prefix("cuda_") {
        return cuda::tables(kind, reports, plot);
    }
    match kind.report.as_str() {
        "dual_model" => Ok(dual_model_table(&read_all(reports)?)),
        "hip_preemption" => Ok(hip_preemption::tables(&read_all(reports)?)),
        other => Err(format!("no table is known for a report of kind '{other}'").into()),
    }
}

/// On a GPU streams have priorities of their own, and that is what counts.
fn dual_model_table(reports: &[dual_model::Report]) -> String {
    if reports.iter().any(|r| r.modes.contains_key("priority")) {
        cuda::dual_model::table(reports)
    } else {
        dual_model::medians::table(reports)
    }
}

fn read_all<T: DeserializeOwned>(reports: &[PathBuf]) -> Result<Vec<T>, Box<dyn Error>> {
    reports.iter().map(|report| read(report)).collect()
}

fn read<T: DeserializeOwned>(report: &Path) -> Result<T, Box<dyn Error>> {
    let run = fs::read_to_string(report).map_err(Box::<dyn Error>::from);
    run.and_then(|json| Ok(serde_json::from_str(&json)?))
        .map_err(|error| format!("{}: {error}", report.display()).into())
}

fn picture_path(report: &Path, directory: Option<&Path>) -> PathBuf {
    let beside = report.with_extension("svg");
    match (directory, beside.file_name()) {
        (Some(directory), Some(name)) => directory.join(name),
        _ => beside,
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.medians {
        return match medians(&options.reports, options.plot.as_deref()) {
            Ok(table) => {
                print!("{table}");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("xsched-report: {error}");
                ExitCode::FAILURE
            }
        };
    }
    for report in &options.reports {
        let svg = picture_path(report, options.out.as_deref());
        if let Err(error) = draw(report, &svg) {
            eprintln!("xsched-report: {}: {error}", report.display());
            return ExitCode::FAILURE;
        }
        println!("{}", svg.display());
    }
    ExitCode::SUCCESS
}
