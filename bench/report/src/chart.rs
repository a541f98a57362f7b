//! What the pictures share: colours, type sizes, and a chart of latency distributions.

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The part of a picture that one function draws on.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

pub(crate) const INK: RGBColor = RGBColor(0x26, 0x2b, 0x33);
pub(crate) const FAINT: RGBColor = RGBColor(0x6b, 0x72, 0x7d);
pub(crate) const GRID: RGBColor = RGBColor(0xe3, 0xe6, 0xea);
// Told apart by people with any kind of colour vision (Okabe and Ito).
pub(crate) const GREY: RGBColor = RGBColor(0x8a, 0x92, 0x9c);
pub(crate) const ORANGE: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
pub(crate) const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);
pub(crate) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);

pub(crate) const TITLE_SIZE: i32 = 22;
pub(crate) const HEADING_SIZE: i32 = 16;
pub(crate) const TEXT_SIZE: i32 = 13;

pub(crate) fn text(size: i32, color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&color)
}

/// Text whose position is its left, middle or right end, at half its height.
pub(crate) fn anchored(size: i32, color: RGBColor, horizontal: HPos) -> TextStyle<'static> {
    text(size, color).pos(Pos::new(horizontal, VPos::Center))
}

/// One line of a distribution chart.
pub(crate) struct Distribution<'a> {
    pub(crate) label: String,
    pub(crate) color: RGBColor,
    pub(crate) samples_ms: &'a [f64],
}

/// Draws, for each latency, the share of requests that were answered within it.
pub(crate) fn distributions(area: &Area, lines: &[Distribution]) -> Outcome {
    let samples = || {
        lines
            .iter()
            .flat_map(|line| line.samples_ms.iter().copied())
    };
    let least = samples().fold(f64::INFINITY, f64::min);
    let most = samples().fold(0.0, f64::max);
    if !(least > 0.0 && least.is_finite()) {
        return Err("there are no latencies to draw".into());
    }
    let (left, right) = (least * 0.9, most * 1.1);
    let x_axis = (left..right)
        .log_scale()
        .with_key_points(log_ticks(left, right));
    let mut chart = ChartBuilder::on(area)
        .margin_left(12)
        .margin_right(24)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(x_axis, 0.0..100.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(FAINT)
        .label_style(text(TEXT_SIZE, FAINT))
        .axis_desc_style(text(TEXT_SIZE, FAINT))
        .x_desc("latency of a request, ms (logarithmic)")
        .y_desc("requests answered, %")
        .x_label_formatter(&|ms| format!("{ms:.0}"))
        .y_label_formatter(&|percent| format!("{percent:.0}"))
        .draw()?;
    for line in lines {
        let style = line.color.stroke_width(3);
        let mut sorted = line.samples_ms.to_vec();
        sorted.sort_by(f64::total_cmp);
        chart
            .draw_series(LineSeries::new(steps(&sorted), style))?
            .label(line.label.as_str())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .margin(16)
        .legend_area_size(34)
        .label_font(text(TEXT_SIZE, INK))
        .background_style(WHITE.mix(0.85))
        .draw()?;
    Ok(())
}

/// 1, 2, 3, 5 and 7 times each power of ten, as far as they lie between the two.
fn log_ticks(least: f64, most: f64) -> Vec<f64> {
    let decades = least.log10().floor() as i32..=most.log10().ceil() as i32;
    decades
        .flat_map(|power| [1.0, 2.0, 3.0, 5.0, 7.0].map(|digit| digit * 10f64.powi(power)))
        .filter(|tick| (least..most).contains(tick))
        .collect()
}

/// A distribution rises at each sample and is level between two of them.
fn steps(sorted: &[f64]) -> Vec<(f64, f64)> {
    let share = |index: usize| 100.0 * index as f64 / sorted.len() as f64;
    sorted
        .iter()
        .enumerate()
        .flat_map(|(index, &ms)| [(ms, share(index)), (ms, share(index + 1))])
        .collect()
}

/// 1, 2 or 5 times a power of ten, for about ten ticks.
pub(crate) fn tick_step(range: f64) -> f64 {
    let power = 10f64.powf((range / 10.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| range / step <= 10.0)
        .unwrap_or(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_starts_at_zero_and_ends_at_all() {
        let line = steps(&[1.0, 2.0]);
        assert_eq!(line, [(1.0, 0.0), (1.0, 50.0), (2.0, 50.0), (2.0, 100.0)]);
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (range, step) in [(9.0, 1.0), (75.0, 10.0), (190.0, 20.0), (0.4, 0.05)] {
            assert!((tick_step(range) - step).abs() < 1e-9, "{range}");
        }
    }
}
