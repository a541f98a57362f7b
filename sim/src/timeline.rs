//! The outcome as a picture: one band per queue, with what ran and when it was suspended.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::outcome::Outcome;
use crate::time::us_from_ns;

const BAND: u32 = 34;
const SIDE: i32 = 150;
const TOP: i32 = 34;
const WIDTH: u32 = 1200;
/// Runs that are closer than this many pixels are drawn as one.
const CLOSE: f64 = 0.25;
const SUSPENDED: RGBColor = RGBColor(225, 225, 225);
const COLORS: [RGBColor; 6] = [
    RGBColor(31, 119, 180),
    RGBColor(255, 127, 14),
    RGBColor(44, 160, 44),
    RGBColor(214, 39, 40),
    RGBColor(148, 103, 189),
    RGBColor(140, 86, 75),
];

/// An SVG of the time between two moments, in milliseconds.
pub fn svg(outcome: &Outcome, from_ms: f64, to_ms: f64) -> Result<String, String> {
    let bands = u32::try_from(outcome.queues.len()).map_err(|_| "too many queues".to_owned())?;
    let height = BAND * bands + 70;
    let mut text = String::new();
    let canvas = SVGBackend::with_string(&mut text, (WIDTH, height)).into_drawing_area();
    draw(&canvas, outcome, (from_ms, to_ms.max(from_ms + 0.001)))
        .map_err(|error| error.to_string())?;
    canvas.present().map_err(|error| error.to_string())?;
    drop(canvas);
    Ok(text)
}

type Canvas<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(canvas: &Canvas<'_>, outcome: &Outcome, (from_ms, to_ms): (f64, f64)) -> Drawn {
    canvas.fill(&WHITE)?;
    let scale = (f64::from(WIDTH) - f64::from(SIDE) - 20.0) / (to_ms - from_ms);
    let x = |ms: f64| {
        let x = f64::from(SIDE) + (ms.clamp(from_ms, to_ms) - from_ms) * scale;
        // Within the picture, as clamped.
        #[allow(clippy::cast_possible_truncation)]
        {
            x.round() as i32
        }
    };
    let ms = |ns: u64| us_from_ns(ns) / 1000.0;
    let font = ("sans-serif", 14).into_font();
    let left = font
        .clone()
        .color(&BLACK)
        .pos(Pos::new(HPos::Right, VPos::Center));
    for (band, queue) in outcome.queues.iter().enumerate() {
        let top = TOP + i32::try_from(band * BAND as usize)?;
        let (low, high) = (top + 5, top + i32::try_from(BAND)? - 5);
        let name = queue.name.clone();
        canvas.draw_text(&name, &left, (SIDE - 10, (low + high) / 2))?;
        for (start_ns, end_ns) in suspended(&queue.decisions, outcome.end_ns) {
            if ms(end_ns) > from_ms && ms(start_ns) < to_ms {
                let corners = [(x(ms(start_ns)), low - 3), (x(ms(end_ns)), high + 3)];
                canvas.draw(&Rectangle::new(corners, SUSPENDED.filled()))?;
            }
        }
        let color = COLORS[band % COLORS.len()];
        for (start_ms, end_ms) in
            joined(queue.ran.iter().map(|r| (ms(r.0), ms(r.1))), CLOSE / scale)
        {
            if end_ms > from_ms && start_ms < to_ms {
                let right = x(end_ms).max(x(start_ms) + 1);
                let corners = [(x(start_ms), low), (right, high)];
                canvas.draw(&Rectangle::new(corners, color.filled()))?;
            }
        }
        for request in &queue.requests {
            let arrived_ms = ms(request.arrived_ns);
            if (from_ms..=to_ms).contains(&arrived_ms) {
                let at = x(arrived_ms);
                canvas.draw(&PathElement::new([(at, low - 4), (at, high + 4)], BLACK))?;
            }
        }
    }
    let bottom = TOP + i32::try_from(outcome.queues.len() * BAND as usize)? + 8;
    let below = font.color(&BLACK).pos(Pos::new(HPos::Center, VPos::Top));
    const MARKS: u32 = 10;
    for mark in 0..=MARKS {
        let at_ms = from_ms + (to_ms - from_ms) * f64::from(mark) / f64::from(MARKS);
        let at = x(at_ms);
        canvas.draw(&PathElement::new([(at, bottom - 6), (at, bottom)], BLACK))?;
        canvas.draw_text(&format!("{at_ms:.1}"), &below, (at, bottom + 3))?;
    }
    let title = "filled: runs; grey: suspended; line: a request comes; time in ms";
    let above = ("sans-serif", 14).into_font().color(&BLACK);
    canvas.draw_text(title, &above, (SIDE, 8))?;
    Ok(())
}

/// From decisions to stretches of time.
fn suspended(decisions: &[(u64, bool)], end_ns: u64) -> Vec<(u64, u64)> {
    let mut since_ns = None;
    let mut stretches = Vec::new();
    for &(at_ns, suspend) in decisions {
        match (since_ns, suspend) {
            (None, true) => since_ns = Some(at_ns),
            (Some(start_ns), false) => {
                stretches.push((start_ns, at_ns));
                since_ns = None;
            }
            _ => {}
        }
    }
    stretches.extend(since_ns.map(|start_ns| (start_ns, end_ns)));
    stretches
}

/// Joins runs with less than `gap_ms` between them, so that the picture stays small.
fn joined(runs: impl Iterator<Item = (f64, f64)>, gap_ms: f64) -> Vec<(f64, f64)> {
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (start_ms, end_ms) in runs {
        match joined.last_mut() {
            Some((_, last_ms)) if start_ms - *last_ms < gap_ms => *last_ms = end_ms,
            _ => joined.push((start_ms, end_ms)),
        }
    }
    joined
}
