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
    /// When the first command that only this point covers was launched.
    pub(super) since_ns: u64,
    /// The queue was suspended since then, so the span up to this point measures the suspension too.
    pub(super) interrupted: bool,
}

/// Device time of a queue, in nanoseconds, since it was created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DeviceTime {
    /// Between the launch of a command, or the completion of the one before, and its completion.
    pub(super) used_ns: u64,
    /// Part of `used_ns` that is an estimate: commands times mean command time, where the span also
    /// held a suspension.
    pub(super) estimated_ns: u64,
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
    used: DeviceTime,
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

    /// Makes a call while nobody records a point.
    pub(super) fn locked<T>(&self, call: impl FnOnce() -> T) -> T {
        let _points = self.points.lock();
        call()
    }

    /// True while somebody records a point.
    pub(super) fn is_busy(&self) -> bool {
        self.points.try_lock().is_none()
    }

    /// Drops the points that are complete, feeds the estimate; returns how many commands they cover,
    /// and the device time used so far in nanoseconds.
    pub(super) fn retire(&self, time: &CommandTime) -> Result<(u64, u64)> {
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
        Ok((points.covered, points.used.used_ns))
    }

    /// Device time of everything seen complete.
    pub(super) fn device_time(&self) -> DeviceTime {
        self.points.lock().used
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
        let span_ns = now_ns.saturating_sub(self.resumed_ns.max(point.since_ns));
        let commands = point.covers - self.covered;
        if !point.interrupted {
            time.sample(span_ns, commands);
            self.used.used_ns += span_ns;
        } else if let Some(command_ns) = time.estimate_ns() {
            let estimate_ns = span_ns.min(command_ns.saturating_mul(commands));
            self.used.used_ns += estimate_ns;
            self.used.estimated_ns += estimate_ns;
        }
        self.covered = point.covers;
        self.resumed_ns = now_ns;
    }
}
