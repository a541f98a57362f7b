//! Completion points of what was launched: markers in stream order, and the gates between them.
//!
//! Pushed by launching threads and the monitor, retired by whoever looks. The lock orders the points
//! as the stream has them; it is held across the device calls that record a point, never across a wait.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::sync::{Mutex, MutexGuard};

use super::budget::CommandTime;
use super::pace::{self, Front, Pacing, Reservation, Wait};
use super::prediction::{Kind, Predictions};
use super::timing::Timing;
use crate::clock;
use crate::device::{Marker, Placed, Stopwatch};
use crate::error::Result;

/// Kinds of more commands behind one point are not kept.
const MOST_KINDS: usize = 64;

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
    /// The queue was suspended since then, so the span up to this point measures the suspension too.
    pub(super) interrupted: bool,
}

/// What is known of commands that a point is to cover, or covers.
#[derive(Default)]
struct Work {
    /// Of each command, as they were launched; no more than `MOST_KINDS`.
    kinds: Vec<Kind>,
    /// What the commands were predicted to take together; 0 where nobody asked.
    predicted_ns: u64,
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
    /// A gate.
    Gate(Placed),
    /// Nothing yet that could be told.
    Unknown,
    /// No gate: what completes when everything launched has, or everything before a capture of which that
    /// can be known.
    Nothing { all: Option<Arc<dyn Marker>> },
}

#[derive(Default)]
struct Points {
    queue: VecDeque<(Point, Work)>,
    /// Behind the last point.
    unmarked: Work,
    /// Commands covered by the last point.
    marked: u64,
    /// Points with a gate behind them.
    gates: u32,
    /// Commands covered by the last point seen complete.
    covered: u64,
    /// When the device could begin what came after that point.
    resumed_ns: u64,
    /// The same where the device tells no times: the last look, by the clock of a `Run`.
    looked_ns: u64,
    used: DeviceTime,
    front: Front,
    predictions: Predictions,
    pacing: Pacing,
    timing: Timing,
    /// What was launched and is not seen complete was predicted to take.
    ahead_ns: u64,
}

/// See the module.
#[derive(Default)]
pub(super) struct InFlight {
    points: Mutex<Points>,
    /// What the commands between reservation and launch are predicted to take. Grows under the lock.
    reserved_ns: AtomicU64,
    /// Gates that the stream is not known to have passed. Written under the lock.
    gates: AtomicU32,
    /// Threads that wait for the points, and are to have them first.
    urgent: AtomicU32,
}

impl InFlight {
    /// For the threads that launch, which come again and again: whoever has suspended the queue goes first.
    fn lock(&self) -> MutexGuard<'_, Points> {
        while self.urgent.load(Ordering::Relaxed) > 0 {
            // It may be waiting for this very core.
            std::thread::yield_now();
        }
        self.lock_awake()
    }

    fn lock_first(&self) -> MutexGuard<'_, Points> {
        self.urgent.fetch_add(1, Ordering::Relaxed);
        let points = self.lock_awake();
        self.urgent.fetch_sub(1, Ordering::Relaxed);
        points
    }

    /// The lock is held for a driver call or two: waiting for it asleep would take longer than they do.
    fn lock_awake(&self) -> MutexGuard<'_, Points> {
        const TRIES: u32 = 200;
        for _ in 0..TRIES {
            if let Some(points) = self.points.try_lock() {
                return points;
            }
            std::hint::spin_loop();
        }
        self.points.lock()
    }

    /// One with what tells times in its stream.
    pub(super) fn new(stopwatch: Option<Box<dyn Stopwatch>>) -> InFlight {
        let in_flight = InFlight::default();
        in_flight.lock().timing.set_stopwatch(stopwatch);
        in_flight
    }

    /// Records a point with a gate in stream order; `record` makes the device calls, with
    /// the kinds of the commands behind the last point. True if it made one.
    pub(super) fn push_gate(
        &self,
        record: impl FnOnce(&mut Timing, &[Kind]) -> Result<Option<Point>>,
    ) -> Result<bool> {
        let mut points = self.lock();
        let Points {
            timing, unmarked, ..
        } = &mut *points;
        let point = record(timing, &unmarked.kinds)?;
        let made = point.is_some();
        points.add(point);
        self.note_gates(&points);
        Ok(made)
    }

    /// Records a point in stream order; `record` makes the device calls. True if it made one.
    pub(super) fn push(&self, record: impl FnOnce() -> Result<Option<Point>>) -> Result<bool> {
        let mut points = self.lock();
        let point = record()?;
        let made = point.is_some();
        points.add(point);
        Ok(made)
    }

    /// What a command of this kind will take.
    pub(super) fn predict(&self, kind: Kind) -> Option<u64> {
        self.lock().predictions.predict(kind)
    }

    /// Promises device time to a command of this kind, if what is in flight leaves room for it. The time is
    /// the prediction, or `mean_ns` where there is none. Whoever has not `looked` at the markers before is refused
    /// also if by prediction nothing is in flight.
    pub(super) fn reserve(
        &self,
        kind: Kind,
        mean_ns: u64,
        budget_ns: u64,
        looked: bool,
    ) -> std::result::Result<Reservation<'_>, Wait> {
        let mut points = self.lock();
        let predicted_ns = points.predictions.predict(kind).unwrap_or(mean_ns);
        let reserved_ns = self.reserved_ns.load(Ordering::Relaxed);
        let ahead_ns = points.ahead_ns.saturating_add(reserved_ns);
        let front_ns = points.front().map(|(_, work)| work.predicted_ns);
        let elapsed_ns = points.front.elapsed_ns(clock::now_ns());
        if looked {
            points.pacing.looked(front_ns.is_none());
        } else if let Some(idle_ns) = elapsed_ns.checked_sub(ahead_ns).filter(|&ns| ns > 0) {
            points.pacing.seems_idle(idle_ns);
            return Err(Wait::default());
        }
        let front_ns = front_ns.unwrap_or(0);
        pace::room(predicted_ns, ahead_ns, front_ns, elapsed_ns, budget_ns)?;
        Ok(Reservation::new(&self.reserved_ns, predicted_ns))
    }

    /// The same, room or not.
    pub(super) fn reserve_anyway(&self, mean_ns: u64) -> Reservation<'_> {
        Reservation::new(&self.reserved_ns, mean_ns)
    }

    /// A command of this kind was launched. What the commands behind the last point are predicted to take.
    pub(super) fn launched(&self, kind: Kind, predicted_ns: u64, budget_ns: u64) -> u64 {
        let mut points = self.lock();
        let far_ahead = points.ahead_ns >= budget_ns.saturating_mul(2);
        points.pacing.launched(predicted_ns, far_ahead);
        points.ahead_ns += predicted_ns;
        let unmarked = &mut points.unmarked;
        unmarked.predicted_ns += predicted_ns;
        if unmarked.kinds.len() < MOST_KINDS {
            unmarked.kinds.push(kind);
        }
        unmarked.predicted_ns
    }

    /// Whether launches are paced from here on.
    pub(super) fn is_paced(&self, budget_ns: u64) -> bool {
        let mut points = self.lock();
        let long = |mean_ns| mean_ns >= budget_ns;
        let suitable = points.predictions.reliable_mean_ns().is_some_and(long);
        points.pacing.decide(suitable, clock::now_ns())
    }

    /// Gates that the stream is not known to have passed.
    pub(super) fn gates(&self) -> u32 {
        self.gates.load(Ordering::Relaxed)
    }

    /// Makes a call while nobody records a point.
    pub(super) fn locked<T>(&self, call: impl FnOnce() -> T) -> T {
        let _points = self.lock();
        call()
    }

    /// True while somebody records a point.
    pub(super) fn is_busy(&self) -> bool {
        self.points.try_lock().is_none()
    }

    /// Drops the points that are complete, feeds the estimate; returns how many commands they cover,
    /// and the device time used so far in nanoseconds. `stopped_ns`: how long the queue has been stopped so far.
    pub(super) fn retire(&self, time: &CommandTime, stopped_ns: u64) -> Result<(u64, u64)> {
        let mut points = self.lock();
        let mut run = Run::default();
        let retired = points.drop_complete(time, &mut run);
        points.end_run(run, time, stopped_ns);
        self.note_gates(&points);
        retired?;
        if let Some((kinds, observed)) = points.timing.take()? {
            points.predictions.observe(&kinds, observed);
        }
        Ok((points.covered, points.used.used_ns))
    }

    fn note_gates(&self, points: &Points) {
        self.gates.store(points.gates, Ordering::Relaxed);
    }

    /// Device time of everything seen complete.
    pub(super) fn device_time(&self) -> DeviceTime {
        self.lock().used
    }

    /// The oldest point not seen complete.
    pub(super) fn oldest(&self) -> Option<Arc<dyn Marker>> {
        self.lock().front().map(|(point, _)| point.marker.clone())
    }

    /// The first point that covers `upto` commands.
    pub(super) fn covering(&self, upto: u64) -> Option<Arc<dyn Marker>> {
        let points = self.lock();
        points
            .queue
            .iter()
            .find(|(point, _)| point.covers >= upto)
            .map(|(point, _)| point.marker.clone())
    }

    /// The first gate that the stream has not passed or, in the same step, a point behind everything unless
    /// somebody is `busy` launching.
    pub(super) fn next_gate_or(
        &self,
        busy: impl FnOnce() -> bool,
        record: impl FnOnce() -> Result<Option<Point>>,
    ) -> Result<Ahead> {
        let mut points = self.lock_first();
        if let Some(placed) = points.next_gate()? {
            return Ok(Ahead::Gate(placed));
        }
        if busy() {
            return Ok(Ahead::Unknown);
        }
        // Recorded under the lock: a launching thread cannot put a closed gate in front of it.
        points.add(record()?);
        let all = points.queue.back().map(|(point, _)| point.marker.clone());
        Ok(Ahead::Nothing { all })
    }
}

/// Points that were found complete in one look, where the device does not tell when each was reached: they
/// make one span together, which begins with the look before, at the earliest, and ends now. By a clock that
/// stands still while the queue is stopped.
#[derive(Default)]
struct Run {
    commands: u64,
    begin_ns: u64,
    interrupted: bool,
    /// When the first of them was launched, by the ordinary clock.
    since_ns: u64,
    kinds: Vec<Kind>,
    /// The stream stood at a gate and stands there no more.
    passed_gate: bool,
    /// What follows is not complete, or stands at a gate.
    ends_running: bool,
    ends_at_gate: bool,
}

impl Points {
    fn add(&mut self, point: Option<Point>) {
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
    fn front(&self) -> Option<&(Point, Work)> {
        self.queue
            .iter()
            .find(|(point, _)| point.covers > self.covered)
    }

    /// The first gate that the stream has not passed.
    fn next_gate(&self) -> Result<Option<Placed>> {
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

    fn drop_complete(&mut self, time: &CommandTime, run: &mut Run) -> Result<()> {
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
                let span_ns = at_ns.saturating_sub(self.resumed_ns.max(point.since_ns));
                self.used.add(span_ns, commands, point.interrupted, time);
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

    fn end_run(&mut self, run: Run, time: &CommandTime, stopped_ns: u64) {
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
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use super::*;

    /// A marker of a device that does not tell when it was reached.
    struct Untimed(AtomicBool);

    impl Marker for Untimed {
        fn is_complete(&self) -> Result<bool> {
            Ok(self.0.load(Ordering::Relaxed))
        }
        fn wait(&self) -> Result<()> {
            Ok(())
        }
        fn completed_at_ns(&self) -> Option<u64> {
            None
        }
    }

    fn launch(in_flight: &InFlight, covers: u64) -> Arc<Untimed> {
        let marker = Arc::new(Untimed(AtomicBool::new(false)));
        let point = Point {
            covers,
            marker: marker.clone(),
            passed: None,
            since_ns: clock::now_ns(),
            stopped_ns: 0,
            interrupted: false,
        };
        in_flight.push(|| Ok(Some(point))).unwrap();
        marker
    }

    #[test]
    fn points_found_complete_together_share_their_span() {
        let (in_flight, time) = (InFlight::default(), CommandTime::default());
        let markers: Vec<_> = (1..=32).map(|covers| launch(&in_flight, covers)).collect();
        std::thread::sleep(Duration::from_millis(32));
        for marker in markers {
            marker.0.store(true, Ordering::Relaxed);
        }
        assert_eq!(in_flight.retire(&time, 0).unwrap().0, 32);
        // One look at 32 commands of a millisecond, however late it came.
        assert!(
            time.estimate_ns() >= Some(1_000_000),
            "{:?}",
            time.estimate_ns()
        );
    }

    #[test]
    fn a_suspension_within_the_span_is_not_measured() {
        let (in_flight, time) = (InFlight::default(), CommandTime::default());
        let launched_ns = clock::now_ns();
        let marker = launch(&in_flight, 1);
        std::thread::sleep(Duration::from_millis(10));
        marker.0.store(true, Ordering::Relaxed);
        let looked_ns = clock::now_ns();
        in_flight.retire(&time, looked_ns - launched_ns).unwrap();
        // What passed since is all that it can have taken, and the nanosecond that is the least.
        let most_ns = clock::now_ns() - looked_ns + 1;
        assert!(time.estimate_ns().is_some_and(|ns| ns <= most_ns));
    }
}
