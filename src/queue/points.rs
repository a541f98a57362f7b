//! The completion points of one queue, in the order in which the stream has them, and what looks at them tell: what
//! has completed, how long it took, what is ahead.
//!
//! Nothing here locks; `in_flight.rs` does.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use super::budget::CommandTime;
use super::front::Front;
use super::pace::Pacing;
use super::prediction::{Kind, Predictions};
use super::timing::Timing;
use crate::clock;
use crate::device::{Marker, Placed};
use crate::error::Result;

/// Kinds of more commands behind one point are not kept.
pub(super) const MOST_KINDS: u32 = 64;

/// One point. Everything up to `covers` launched commands is complete when `marker` is.
pub(super) struct Point {
    pub(super) covers: u64,
    pub(super) marker: Arc<dyn Marker>,
    /// Behind a gate: reached when the stream has passed it.
    pub(super) passed: Option<Arc<dyn Marker>>,
    /// When the first command that only this point covers was launched.
    pub(super) since_ns: u64,
    /// How long the queue had been stopped until this point was recorded, in all.
    pub(super) stopped_ns: u64,
    /// When the queue last went on after a suspension.
    pub(super) went_on_ns: u64,
    /// The queue was suspended since then, so the span up to this point, where the device does not tell when it
    /// was reached, measures the suspension too.
    pub(super) interrupted: bool,
}

/// What is known of commands that a point is to cover, or covers.
#[derive(Default)]
pub(super) struct Work {
    /// Of each command, as they were launched; no more than `MOST_KINDS`.
    pub(super) kinds: Vec<Kind>,
    /// What the commands were predicted to take together; 0 where nobody asked.
    pub(super) predicted_ns: u64,
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

#[derive(Default)]
pub(super) struct Points {
    pub(super) queue: VecDeque<(Point, Work)>,
    /// Behind the last point.
    pub(super) unmarked: Work,
    /// Commands covered by the last point.
    marked: u64,
    /// Points with a gate behind them.
    pub(super) gates: u32,
    /// Commands covered by the last point seen complete.
    pub(super) covered: u64,
    /// When the device could begin what came after that point.
    resumed_ns: u64,
    /// The same where the device tells no times: the last look, by the clock of a `Run`.
    looked_ns: u64,
    pub(super) used: DeviceTime,
    pub(super) front: Front,
    pub(super) predictions: Predictions,
    pub(super) pacing: Pacing,
    pub(super) timing: Timing,
    /// What was launched and is not seen complete was predicted to take.
    pub(super) ahead_ns: u64,
}

/// Points that were found complete in one look, where the device does not tell when each was reached: they
/// make one span together, which begins with the look before, at the earliest, and ends now. By a clock that
/// stands still while the queue is stopped.
#[derive(Default)]
pub(super) struct Run {
    commands: u64,
    begin_ns: u64,
    interrupted: bool,
    /// When the first of them was launched, by the ordinary clock.
    since_ns: u64,
    pub(super) kinds: Vec<Kind>,
    /// The stream stood at a gate and stands there no more.
    passed_gate: bool,
    /// What follows is not complete, or stands at a gate.
    ends_running: bool,
    ends_at_gate: bool,
}

impl Points {
    pub(super) fn add(&mut self, point: Option<Point>) {
        let Some(point) = point else {
            return;
        };
        if self.queue.is_empty() {
            self.front.launched_idle(point.since_ns);
        }
        let mut work = mem::take(&mut self.unmarked);
        // Not so if a thread has launched and not told yet, or while nobody competed.
        if work.kinds.len() as u64 != point.covers.saturating_sub(self.marked) {
            work.kinds.clear();
        }
        self.marked = point.covers;
        self.gates += u32::from(point.passed.is_some());
        self.queue.push_back((point, work));
    }

    /// The oldest point not seen complete.
    pub(super) fn front(&self) -> Option<&(Point, Work)> {
        self.queue
            .iter()
            .find(|(point, _)| point.covers > self.covered)
    }

    /// The first gate that the stream has not passed.
    pub(super) fn next_gate(&self) -> Result<Option<Placed>> {
        for (point, _) in &self.queue {
            if let Some(passed) = &point.passed
                && !passed.is_complete()?
            {
                return Ok(Some(Placed {
                    reached: point.marker.clone(),
                    passed: passed.clone(),
                }));
            }
        }
        Ok(None)
    }

    pub(super) fn drop_complete(&mut self, time: &CommandTime, run: &mut Run) -> Result<()> {
        while let Some((point, _)) = self.queue.front() {
            let passed = point.passed.clone();
            // A stream past a gate has reached it, and one that is past a point is often past the next, too: so
            // mostly one question to the driver suffices.
            let is_past = match &passed {
                Some(passed) if run.commands > 0 => passed.is_complete()?,
                _ => false,
            };
            if !is_past && !point.marker.is_complete()? {
                run.ends_running = true;
                break;
            }
            let stood_at_gate = point.covers <= self.covered;
            self.note_complete(time, run);
            if let Some(passed) = passed {
                if !is_past && !passed.is_complete()? {
                    run.ends_at_gate = true;
                    break; // The stream stands at this gate, or is just passing it.
                }
                run.passed_gate |= stood_at_gate;
                if let Some(at_ns) = passed.completed_at_ns() {
                    self.resumed_ns = at_ns;
                }
            }
            if let Some((point, work)) = self.queue.pop_front() {
                self.ahead_ns -= work.predicted_ns;
                self.gates -= u32::from(point.passed.is_some());
            }
        }
        Ok(())
    }

    /// Takes the front point's marker as complete; does nothing the second time.
    fn note_complete(&mut self, time: &CommandTime, run: &mut Run) {
        let Some((point, work)) = self.queue.front() else {
            return;
        };
        if point.covers <= self.covered {
            return;
        }
        let commands = point.covers - self.covered;
        self.covered = point.covers;
        match point.marker.completed_at_ns() {
            Some(at_ns) => {
                let begin_ns = self.resumed_ns.max(point.since_ns);
                // Mostly a gate ends the span in front of a suspension. No gate does where all that was launched
                // had run, and the next command was stopped at the host.
                let interrupted = point.since_ns == 0 || point.went_on_ns > begin_ns;
                let span_ns = at_ns.saturating_sub(begin_ns);
                self.used.add(span_ns, commands, interrupted, time);
                self.resumed_ns = at_ns;
            }
            None => {
                if run.commands == 0 {
                    let since_ns = point.since_ns.saturating_sub(point.stopped_ns);
                    run.begin_ns = self.looked_ns.max(since_ns);
                    run.since_ns = point.since_ns;
                }
                run.kinds.extend(&work.kinds);
                run.commands += commands;
                run.interrupted |= point.interrupted;
            }
        }
    }

    pub(super) fn end_run(&mut self, run: Run, time: &CommandTime, stopped_ns: u64) {
        let now_ns = clock::now_ns();
        if run.commands > 0 {
            self.observe(&run, now_ns);
            self.end_span(&run, time, now_ns.saturating_sub(stopped_ns));
        } else if run.passed_gate {
            self.front.passed_gate(now_ns);
        }
        if run.ends_running {
            self.front.is_running(now_ns);
        }
        if run.ends_at_gate {
            self.front.is_at_gate(now_ns);
        }
    }

    fn observe(&mut self, run: &Run, now_ns: u64) {
        let observed = self.front.completed(run.since_ns, now_ns);
        if let Some(observed) = observed
            && !run.interrupted
            && run.kinds.len() as u64 == run.commands
        {
            self.predictions.observe(&run.kinds, observed);
        }
    }

    fn end_span(&mut self, run: &Run, time: &CommandTime, now_ns: u64) {
        let span_ns = now_ns.saturating_sub(run.begin_ns);
        self.used.add(span_ns, run.commands, run.interrupted, time);
        self.looked_ns = now_ns;
    }
}

impl DeviceTime {
    fn add(&mut self, span_ns: u64, commands: u64, interrupted: bool, time: &CommandTime) {
        if !interrupted {
            time.sample(span_ns, commands);
            self.used_ns += span_ns;
        } else if let Some(command_ns) = time.estimate_ns() {
            let estimate_ns = span_ns.min(command_ns.saturating_mul(commands));
            self.used_ns += estimate_ns;
            self.estimated_ns += estimate_ns;
        }
    }
}

#[cfg(test)]
impl Point {
    /// Behind commands of which the first was launched then.
    pub(super) fn launched(covers: u64, marker: Arc<dyn Marker>, since_ns: u64) -> Point {
        Point {
            covers,
            marker,
            passed: None,
            since_ns,
            stopped_ns: 0,
            went_on_ns: 0,
            interrupted: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    /// A marker that was reached then.
    struct Reached(u64);

    impl Marker for Reached {
        fn is_complete(&self) -> Result<bool> {
            Ok(true)
        }
        fn wait_until(&self, _deadline_ns: u64) -> Result<bool> {
            Ok(true)
        }
        fn completed_at_ns(&self) -> Option<u64> {
            Some(self.0)
        }
    }

    /// Device time of a command of a millisecond, and of a second and a third around a suspension of 60; the first
    /// has a gate behind it that the stream passed then.
    fn used_around_suspension(passed_ns: u64) -> DeviceTime {
        let mut points = Points::default();
        points.add(Some(Point {
            passed: Some(Arc::new(Reached(passed_ns))),
            ..Point::launched(1, Arc::new(Reached(2 * MS)), MS)
        }));
        points.add(Some(Point {
            went_on_ns: 63 * MS,
            ..Point::launched(3, Arc::new(Reached(64 * MS)), 2 * MS)
        }));
        let (time, mut run) = (CommandTime::default(), Run::default());
        points.drop_complete(&time, &mut run).unwrap();
        points.used
    }

    #[test]
    fn a_suspension_while_nothing_ran_is_not_device_time() {
        let used = used_around_suspension(2 * MS);
        assert_eq!((used.used_ns, used.estimated_ns), (3 * MS, 2 * MS));
    }

    #[test]
    fn a_suspension_in_front_of_a_gate_is_not_in_the_span() {
        let used = used_around_suspension(63 * MS);
        assert_eq!((used.used_ns, used.estimated_ns), (2 * MS, 0));
    }
}
