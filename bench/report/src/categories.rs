//! A picture of several ways of doing the same things: a line for each way, a category for each thing,
//! with the range of the repetitions.

use std::ops::Range;
use std::path::Path;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use crate::chart::{self, Area, Outcome};
use crate::column::Column;

pub(crate) struct Plot {
    pub(crate) title: String,
    pub(crate) y: String,
    pub(crate) logarithmic: bool,
    pub(crate) categories: Vec<String>,
    pub(crate) series: Vec<Series>,
}

pub(crate) struct Series {
    pub(crate) name: String,
    /// One for each category.
    pub(crate) points: Vec<Column>,
}

impl Series {
    pub(crate) fn has_points(&self) -> bool {
        self.points.iter().any(|point| point.median().is_some())
    }
}

const SIZE: (u32, u32) = (1200, 520);
const NAMES_WIDTH: u32 = 420;
const HEADER_HEIGHT: u32 = 76;

/// Told apart by people with any kind of colour vision (Okabe and Ito); used again after the last.
const COLORS: [RGBColor; 8] = [
    chart::BLUE,
    chart::ORANGE,
    chart::GREEN,
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xe6, 0x9f, 0x00),
    chart::GREY,
    chart::INK,
];

/// `conditions` is the line under the title.
pub(crate) fn draw(plot: &Plot, conditions: &str, svg: &Path) -> Outcome {
    let picture = SVGBackend::new(svg, SIZE).into_drawing_area();
    picture.fill(&WHITE)?;
    let (header, area) = picture.split_vertically(HEADER_HEIGHT);
    let title = chart::text(chart::TITLE_SIZE, chart::INK);
    header.draw_text(&plot.title, &title, (24, 16))?;
    let text = chart::text(chart::TEXT_SIZE, chart::FAINT);
    header.draw_text(conditions, &text, (24, 48))?;
    let (lines, names) = area.split_horizontally(SIZE.0 - NAMES_WIDTH);
    draw_lines(&lines, plot)?;
    draw_names(&names, plot)?;
    picture.present()?;
    Ok(())
}

/// Heights are logarithms where the axis is logarithmic.
struct Scale {
    logarithmic: bool,
    ticks: Vec<f64>,
    range: Range<f64>,
}

impl Scale {
    fn of(plot: &Plot) -> Option<Scale> {
        let height = |value: f64| {
            if plot.logarithmic {
                (value > 0.0).then(|| value.log10())
            } else {
                Some(value)
            }
        };
        let ends = plot
            .series
            .iter()
            .flat_map(|series| &series.points)
            .filter_map(Column::range)
            .flat_map(|(least, most)| [height(least), height(most)])
            .flatten();
        let (least, most) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), end| {
            (least.min(end), most.max(end))
        });
        if least > most {
            return None;
        }
        let margin = ((most - least) * 0.08).max(1e-3);
        let range = least - margin..most + margin;
        Some(Scale {
            logarithmic: plot.logarithmic,
            ticks: ticks(&range, plot.logarithmic),
            range,
        })
    }

    fn height(&self, value: f64) -> f64 {
        if self.logarithmic {
            value.max(f64::MIN_POSITIVE).log10().max(self.range.start)
        } else {
            value
        }
    }

    fn label(&self, height: f64) -> String {
        let value = if self.logarithmic {
            10f64.powf(height)
        } else {
            height
        };
        // Ticks are round; what is left of a rounding error is not.
        format!("{}", (value * 1e6).round() / 1e6)
    }
}

/// 1, 2 or 5 times a power of ten.
fn ticks(range: &Range<f64>, logarithmic: bool) -> Vec<f64> {
    if logarithmic {
        return (range.start.floor() as i32..=range.end.ceil() as i32)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|digit: f64| digit.log10() + f64::from(power)))
            .filter(|tick| range.contains(tick))
            .collect();
    }
    let step = chart::tick_step(range.end - range.start);
    let (first, last) = (
        (range.start / step).ceil() as i64,
        (range.end / step).floor() as i64,
    );
    (first..=last).map(|tick| tick as f64 * step).collect()
}

/// An axis with ticks of our own.
struct Ticked(Range<f64>, Vec<f64>);

impl Ranged for Ticked {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.0.start) / (self.0.end - self.0.start);
        limit.0 + (share * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.1.clone()
    }

    fn range(&self) -> Range<f64> {
        self.0.clone()
    }
}

fn style(at: usize) -> ShapeStyle {
    // The second time around they are faint.
    let share = if at < COLORS.len() { 1.0 } else { 0.45 };
    COLORS[at % COLORS.len()].mix(share).stroke_width(2)
}

fn draw_names(area: &Area, plot: &Plot) -> Outcome {
    for (at, series) in plot.series.iter().enumerate() {
        let y = 24 + 22 * at as i32;
        area.draw(&PathElement::new([(8, y), (32, y)], style(at)))?;
        let text = chart::anchored(chart::TEXT_SIZE, chart::INK, HPos::Left);
        area.draw_text(&series.name, &text, (40, y))?;
    }
    Ok(())
}

fn draw_lines(area: &Area, plot: &Plot) -> Outcome {
    let Some(scale) = Scale::of(plot) else {
        return Err("there is nothing to draw".into());
    };
    let right = plot.categories.len() as f64 - 0.5;
    let mut chart = ChartBuilder::on(area)
        .margin_left(12)
        .margin_right(24)
        .margin_bottom(8)
        .x_label_area_size(36)
        .y_label_area_size(72)
        .build_cartesian_2d(
            Ticked(
                -0.5..right,
                (0..plot.categories.len()).map(|x| x as f64).collect(),
            ),
            Ticked(scale.range.clone(), scale.ticks.clone()),
        )?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(chart::GRID)
        .axis_style(chart::FAINT)
        .label_style(chart::text(chart::TEXT_SIZE, chart::FAINT))
        .axis_desc_style(chart::text(chart::TEXT_SIZE, chart::FAINT))
        .y_desc(plot.y.as_str())
        .x_label_formatter(&|&x| {
            let name = plot.categories.get(x.round() as usize);
            name.cloned().unwrap_or_default()
        })
        .y_label_formatter(&|&height| scale.label(height))
        .draw()?;
    let count = plot.series.len() as f64;
    for (at, series) in plot.series.iter().enumerate() {
        let style = style(at);
        // Side by side, so that the ranges do not hide each other.
        let aside = (at as f64 - (count - 1.0) / 2.0) * 0.4 / count;
        let points: Vec<_> = series
            .points
            .iter()
            .enumerate()
            .filter_map(|(x, point)| {
                Some((
                    x as f64 + aside,
                    scale.height(point.median()?),
                    point.range()?,
                ))
            })
            .collect();
        chart.draw_series(
            LineSeries::new(points.iter().map(|&(x, y, _)| (x, y)), style).point_size(3),
        )?;
        chart.draw_series(points.iter().map(|&(x, _, (least, most))| {
            PathElement::new([(x, scale.height(least)), (x, scale.height(most))], style)
        }))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            ticks(&(0.9..5.1), false),
            [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]
        );
        let labels: Vec<_> = ticks(&(0.9..2.0), true)
            .iter()
            .map(|tick| 10f64.powf(*tick).round())
            .collect();
        assert_eq!(labels, [10.0, 20.0, 50.0]);
    }

    #[test]
    fn a_plot_without_values_is_refused() {
        let plot = Plot {
            title: String::new(),
            y: String::new(),
            logarithmic: false,
            categories: vec!["5".into()],
            series: Vec::new(),
        };
        assert!(Scale::of(&plot).is_none());
    }
}
