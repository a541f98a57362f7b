//! Completion points of what was launched: markers in stream order, and the gates between them.
//!
//! Pushed by launching threads and the monitor, retired by whoever looks. The lock orders the points
//! as the stream has them; it is held across the device calls that record a point, never across a wait.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::sync::Mutex;

use super::budget::CommandTime;
use crate::clock;
use crate::device::Marker;
use crate::error::Result;

/// One point. Everything up to `covers` launched commands is complete when `marker` is.
pub(super) struct Point {
    pub(super) covers: u64,
    pub(super) marker: Arc<dyn Marker>,
    /// Behind a gate: reached when the stream has passed it.
    pub(super) passed: Option<Arc<dyn Marker>>,
    /// When the first command that only this point covers was launched; `None` if the queue was
    /// suspended in between, because such a span measures the suspension.
    pub(super) since_ns: Option<u64>,
}

/// What a suspended stream will come to.
pub(super) enum Ahead {
    /// A gate: what completes in front of it, and what only behind it.
    Gate {
        reached: Arc<dyn Marker>,
        passed: Arc<dyn Marker>,
    },
    /// No gate: what completes when everything launched has.
    Nothing { all: Arc<dyn Marker> },
}

#[derive(Default)]
struct Points {
    queue: VecDeque<Point>,
    /// Commands covered by the last point seen complete.
    covered: u64,
    /// When the device could begin what came after that point.
    resumed_ns: u64,
}

/// See the module.
#[derive(Default)]
pub(super) struct InFlight {
    points: Mutex<Points>,
}

impl InFlight {
    /// Records a point in stream order; `record` makes the device calls.
    pub(super) fn push(&self, record: impl FnOnce() -> Result<Point>) -> Result<()> {
        let mut points = self.points.lock();
        let point = record()?;
        points.queue.push_back(point);
        Ok(())
    }

    /// Drops the points that are complete, feeds the estimate, returns how many commands they cover.
    pub(super) fn retire(&self, time: &CommandTime) -> Result<u64> {
        let mut points = self.points.lock();
        while let Some(point) = points.queue.front() {
            if !point.marker.is_complete()? {
                break;
            }
            let passed = point.passed.clone();
            points.note_complete(time);
            if let Some(passed) = passed {
                if !passed.is_complete()? {
                    break; // The stream stands at this gate, or is just passing it.
                }
                points.resumed_ns = passed.completed_at_ns().unwrap_or_else(clock::now_ns);
            }
            points.queue.pop_front();
        }
        Ok(points.covered)
    }

    /// The oldest point not seen complete.
    pub(super) fn oldest(&self) -> Option<Arc<dyn Marker>> {
        let points = self.points.lock();
        points
            .queue
            .iter()
            .find(|point| point.covers > points.covered)
            .map(|p| p.marker.clone())
    }

    /// The first point that covers `upto` commands.
    pub(super) fn covering(&self, upto: u64) -> Option<Arc<dyn Marker>> {
        let points = self.points.lock();
        points
            .queue
            .iter()
            .find(|point| point.covers >= upto)
            .map(|point| point.marker.clone())
    }

    /// The first gate that the stream has not passed or, in the same step, a point behind everything.
    pub(super) fn next_gate_or(&self, record: impl FnOnce() -> Result<Point>) -> Result<Ahead> {
        let mut points = self.points.lock();
        for point in &points.queue {
            if let Some(passed) = &point.passed
                && !passed.is_complete()?
            {
                return Ok(Ahead::Gate {
                    reached: point.marker.clone(),
                    passed: passed.clone(),
                });
            }
        }
        // Recorded under the lock: a launching thread cannot put a closed gate in front of it.
        let point = record()?;
        let all = point.marker.clone();
        points.queue.push_back(point);
        Ok(Ahead::Nothing { all })
    }
}

impl Points {
    /// Takes the front point's marker as complete; does nothing the second time.
    fn note_complete(&mut self, time: &CommandTime) {
        let Some(point) = self.queue.front() else {
            return;
        };
        if point.covers <= self.covered {
            return;
        }
        let now_ns = point.marker.completed_at_ns().unwrap_or_else(clock::now_ns);
        if let Some(since_ns) = point.since_ns {
            let begun_ns = self.resumed_ns.max(since_ns);
            time.sample(now_ns.saturating_sub(begun_ns), point.covers - self.covered);
        }
        self.covered = point.covers;
        self.resumed_ns = now_ns;
    }
}
