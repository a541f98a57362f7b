//! One request in close-up: which model the device ran, command by command, and when the scheduler
//! held the other one.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;
use serde::Deserialize;

use crate::chart::{self, Area, Outcome};

/// Times count from the moment at which the request was due.
#[derive(Deserialize)]
pub(super) struct Moment {
    from_ms: f64,
    to_ms: f64,
    end_ms: f64,
    high: Vec<Span>,
    low: Vec<Span>,
    low_held: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    begin_ms: f64,
    end_ms: f64,
}

pub(super) struct Models<'a> {
    pub(super) high: &'a str,
    pub(super) low: &'a str,
}

const LEFT: i32 = 110;
const RIGHT: i32 = 24;
const HEADING_HEIGHT: u32 = 44;
const AXIS_HEIGHT: u32 = 70;
const LANE_HEIGHT: i32 = 34;

pub(super) fn height(moments: usize, moment_height: u32) -> u32 {
    if moments == 0 {
        0
    } else {
        HEADING_HEIGHT + moments as u32 * moment_height + AXIS_HEIGHT
    }
}

/// Maps milliseconds to pixels, the same for all moments of a picture.
struct Scale {
    from_ms: f64,
    to_ms: f64,
    width: i32,
}

impl Scale {
    fn x(&self, ms: f64) -> i32 {
        let share =
            (ms.clamp(self.from_ms, self.to_ms) - self.from_ms) / (self.to_ms - self.from_ms);
        LEFT + (share * f64::from(self.width - LEFT - RIGHT)) as i32
    }
}

pub(super) fn draw(area: &Area, moments: &[(&str, RGBColor, &Moment)], models: &Models) -> Outcome {
    let (width, height) = area.dim_in_pixel();
    let scale = Scale {
        from_ms: moments
            .iter()
            .map(|(_, _, m)| m.from_ms)
            .fold(0.0, f64::min),
        to_ms: moments.iter().map(|(_, _, m)| m.to_ms).fold(0.0, f64::max),
        width: width as i32,
    };
    area.draw_text(
        "One typical request: what the device ran, command by command",
        &chart::text(chart::HEADING_SIZE, chart::INK),
        (24, 14),
    )?;
    let moment_height = (height - HEADING_HEIGHT - AXIS_HEIGHT) as i32 / moments.len() as i32;
    for (row, &(mode, color, moment)) in moments.iter().enumerate() {
        let top = HEADING_HEIGHT as i32 + row as i32 * moment_height;
        draw_moment(area, &scale, top, mode, color, moment, models)?;
    }
    draw_axis(area, &scale, (height - AXIS_HEIGHT) as i32)?;
    Ok(())
}

fn draw_moment(
    area: &Area,
    scale: &Scale,
    top: i32,
    mode: &str,
    color: RGBColor,
    moment: &Moment,
    models: &Models,
) -> Outcome {
    let high_top = top + 28;
    let low_top = high_top + LANE_HEIGHT + 8;
    let bottom = low_top + LANE_HEIGHT;
    let name = chart::anchored(chart::TEXT_SIZE, chart::INK, HPos::Right);
    area.draw_text(mode, &chart::text(chart::HEADING_SIZE, color), (24, top))?;
    area.draw_text(models.high, &name, (LEFT - 12, high_top + LANE_HEIGHT / 2))?;
    area.draw_text(models.low, &name, (LEFT - 12, low_top + LANE_HEIGHT / 2))?;

    for lane in [high_top, low_top] {
        let lane = [
            (scale.x(scale.from_ms), lane),
            (scale.x(scale.to_ms), lane + LANE_HEIGHT),
        ];
        area.draw(&Rectangle::new(lane, chart::GRID.mix(0.35).filled()))?;
    }
    for held in &moment.low_held {
        draw_held(area, scale, held, low_top)?;
    }
    for (spans, lane, fill) in [
        (&moment.high, high_top, color),
        (&moment.low, low_top, chart::GREY),
    ] {
        for span in spans {
            let (left, right) = (scale.x(span.begin_ms), scale.x(span.end_ms));
            // One pixel of background keeps neighbours apart; nothing vanishes.
            let corners = [
                (left, lane + 4),
                ((right - 1).max(left + 1), lane + LANE_HEIGHT - 4),
            ];
            area.draw(&Rectangle::new(corners, fill.filled()))?;
        }
    }
    for ms in [0.0, moment.end_ms] {
        let line = [(scale.x(ms), high_top - 6), (scale.x(ms), bottom + 6)];
        area.draw(&PathElement::new(line, chart::INK.stroke_width(2)))?;
    }
    let latency = format!("answered after {:.1} ms", moment.end_ms);
    let style = chart::anchored(chart::TEXT_SIZE, chart::INK, HPos::Right);
    area.draw_text(&latency, &style, (scale.x(moment.end_ms), high_top - 14))?;
    Ok(())
}

/// Hatched, so that it reads as time and not as work.
fn draw_held(area: &Area, scale: &Scale, held: &Span, lane: i32) -> Outcome {
    let (left, right) = (scale.x(held.begin_ms), scale.x(held.end_ms));
    let (top, bottom) = (lane + 4, lane + LANE_HEIGHT - 4);
    let hatch = chart::BLUE.mix(0.45).stroke_width(1);
    for x in (left..right).step_by(7) {
        let run = (bottom - top).min(right - x);
        area.draw(&PathElement::new(
            [(x, bottom), (x + run, bottom - run)],
            hatch,
        ))?;
    }
    area.draw(&Rectangle::new([(left, top), (right, bottom)], hatch))?;
    let middle = ((left + right) / 2, (top + bottom) / 2);
    let label = [(middle.0 - 26, middle.1 - 9), (middle.0 + 26, middle.1 + 9)];
    area.draw(&Rectangle::new(label, WHITE.filled()))?;
    area.draw_text(
        "held",
        &chart::anchored(chart::TEXT_SIZE, chart::BLUE, HPos::Center),
        middle,
    )?;
    Ok(())
}

fn draw_axis(area: &Area, scale: &Scale, top: i32) -> Outcome {
    let style = chart::anchored(chart::TEXT_SIZE, chart::FAINT, HPos::Center);
    let (left, right) = (scale.x(scale.from_ms), scale.x(scale.to_ms));
    area.draw(&PathElement::new(
        [(left, top), (right, top)],
        chart::FAINT.stroke_width(1),
    ))?;
    let step = chart::tick_step(scale.to_ms - scale.from_ms);
    let first = (scale.from_ms / step).ceil() as i32;
    let last = (scale.to_ms / step).floor() as i32;
    for tick in first..=last {
        let ms = f64::from(tick) * step;
        let x = scale.x(ms);
        area.draw(&PathElement::new(
            [(x, top), (x, top + 5)],
            chart::FAINT.stroke_width(1),
        ))?;
        area.draw_text(&format!("{ms:.0}"), &style, (x, top + 16))?;
    }
    let middle = ((left + right) / 2, top + 38);
    area.draw_text("ms since the request was due", &style, middle)?;
    Ok(())
}
