//! The report of `dual_model`: latencies in each mode, and one request of each in close-up.

pub(crate) mod medians;
mod timeline;

use std::collections::BTreeMap;
use std::path::Path;

use plotters::prelude::*;
use serde::Deserialize;

use crate::chart::{self, Area, Distribution, Outcome};
use timeline::Moment;

#[derive(Deserialize)]
pub(crate) struct Report {
    device: String,
    xsched_version: String,
    pub(crate) parameters: Parameters,
    pub(crate) modes: BTreeMap<String, Mode>,
    ratios: Ratios,
    pub(crate) outputs_identical: bool,
    #[serde(default)]
    timeline: BTreeMap<String, Moment>,
}

#[derive(Deserialize)]
pub(crate) struct Parameters {
    pub(crate) high_model: String,
    pub(crate) low_model: String,
    high_rate: f64,
    pub(crate) high_batch: i64,
    pub(crate) low_batch: i64,
    threshold: i64,
    launch_batch: i64,
}

#[derive(Deserialize)]
pub(crate) struct Mode {
    pub(crate) high: Load,
    pub(crate) low: Load,
    /// Processors in use.
    pub(crate) cores: Option<f64>,
}

/// `null` where a load did not run.
#[derive(Deserialize)]
pub(crate) struct Load {
    p99_ms: Option<f64>,
    rate: Option<f64>,
    pub(crate) samples_ms: Vec<f64>,
    #[serde(default)]
    pub(crate) rounds: Vec<Round>,
}

/// The modes take turns; `null` where a load did not run.
#[derive(Deserialize)]
pub(crate) struct Round {
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
    pub(crate) rate: Option<f64>,
}

#[derive(Deserialize)]
struct Ratios {
    high_p99_native: Option<f64>,
    high_p99_scheduled: Option<f64>,
    low_kept_vs_native: Option<f64>,
}

/// From the least to the most that the other model gets in the way.
const MODES: [(&str, RGBColor); 4] = [
    ("standalone", chart::GREY),
    ("native", chart::ORANGE),
    ("priority", chart::GREEN),
    ("scheduled", chart::BLUE),
];

const WIDTH: u32 = 1000;
const HEADER_HEIGHT: u32 = 88;
const CHART_HEIGHT: u32 = 380;
const MOMENT_HEIGHT: u32 = 150;

pub(crate) fn draw(report: &Report, svg: &Path) -> Outcome {
    let moments: Vec<_> = MODES
        .iter()
        .filter_map(|&(mode, color)| Some((mode, color, report.timeline.get(mode)?)))
        .collect();
    let timeline_height = timeline::height(moments.len(), MOMENT_HEIGHT);
    let size = (WIDTH, HEADER_HEIGHT + CHART_HEIGHT + timeline_height);
    let picture = SVGBackend::new(svg, size).into_drawing_area();
    picture.fill(&WHITE)?;
    let (header, rest) = picture.split_vertically(HEADER_HEIGHT);
    let (cdf, timelines) = rest.split_vertically(CHART_HEIGHT);
    draw_header(&header, report)?;
    draw_latencies(&cdf, report)?;
    if !moments.is_empty() {
        let models = timeline::Models {
            high: &report.parameters.high_model,
            low: &report.parameters.low_model,
        };
        timeline::draw(&timelines, &moments, &models)?;
    }
    picture.present()?;
    Ok(())
}

fn draw_header(area: &Area, report: &Report) -> Outcome {
    let p = &report.parameters;
    let title = format!("{} with {} on the same device", p.high_model, p.low_model);
    let conditions = format!(
        "{} at {:.1} requests/s (batch {}), {} without pause (batch {}); {}; libxsched {}",
        p.high_model,
        p.high_rate,
        p.high_batch,
        p.low_model,
        p.low_batch,
        report.device,
        report.xsched_version
    );
    area.draw_text(
        &title,
        &chart::text(chart::TITLE_SIZE, chart::INK),
        (24, 16),
    )?;
    area.draw_text(
        &conditions,
        &chart::text(chart::TEXT_SIZE, chart::FAINT),
        (24, 44),
    )?;
    let r = &report.ratios;
    if let (Some(native), Some(scheduled), Some(kept)) = (
        r.high_p99_native,
        r.high_p99_scheduled,
        r.low_kept_vs_native,
    ) {
        let result = format!(
            "P99 over standalone: {native:.2}x native, {scheduled:.2}x scheduled; \
             {} keeps {:.0} % of its native rate",
            p.low_model,
            100.0 * kept
        );
        area.draw_text(
            &result,
            &chart::text(chart::TEXT_SIZE, chart::INK),
            (24, 62),
        )?;
    }
    Ok(())
}

fn draw_latencies(area: &Area, report: &Report) -> Outcome {
    let lines: Vec<_> = MODES
        .iter()
        .filter_map(|&(name, color)| {
            let mode = report.modes.get(name)?;
            let mut label = format!("{name}: P99 {:.1} ms", mode.high.p99_ms?);
            if let Some(rate) = mode.low.rate.filter(|_| name != "standalone") {
                label += &format!(", {} {rate:.1}/s", report.parameters.low_model);
            }
            Some(Distribution {
                label,
                color,
                samples_ms: &mode.high.samples_ms,
            })
        })
        .collect();
    chart::distributions(area, &lines)
}
