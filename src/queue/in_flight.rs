//! Completion points of what was launched: markers in stream order, and the gates between them.
//!
//! Pushed by launching threads and the monitor, retired by whoever looks. The lock orders the points
//! as the stream has them; it is held across the device calls that record a point, never across a wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::sync::{Mutex, MutexGuard};

use super::budget::CommandTime;
use super::pace::{self, Reservation, Wait};
use super::points::{DeviceTime, MOST_KINDS, Point, Points, Run};
use super::prediction::Kind;
use super::timing::Timing;
use crate::clock;
use crate::device::{Marker, Placed, Stopwatch};
use crate::error::Result;

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
        if unmarked.kinds.len() < MOST_KINDS as usize {
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
        fn wait_until(&self, _deadline_ns: u64) -> Result<bool> {
            Ok(true)
        }
        fn completed_at_ns(&self) -> Option<u64> {
            None
        }
    }

    fn launch(in_flight: &InFlight, covers: u64) -> Arc<Untimed> {
        let marker = Arc::new(Untimed(AtomicBool::new(false)));
        let point = Point::launched(covers, marker.clone(), clock::now_ns());
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

    const LONG_NS: u64 = 500_000;
    const BUDGET_NS: u64 = 100_000;

    /// Is there room for a long command?
    fn has_room(in_flight: &InFlight, looked: bool) -> bool {
        let reserved = in_flight.reserve(Kind::UNKNOWN, LONG_NS, BUDGET_NS, looked);
        reserved.is_ok()
    }

    #[test]
    fn a_command_takes_room_until_it_is_seen_complete() {
        let (in_flight, time) = (InFlight::default(), CommandTime::default());
        for covers in 1..=3 {
            assert!(has_room(&in_flight, true));
            // One that takes longer than the test, by prediction.
            in_flight.launched(Kind::UNKNOWN, u64::MAX / 8, BUDGET_NS);
            let marker = launch(&in_flight, covers);
            assert!(!has_room(&in_flight, true));
            marker.0.store(true, Ordering::Relaxed);
            in_flight.retire(&time, 0).unwrap();
        }
    }

    #[test]
    fn room_is_promised_to_one_thread_only() {
        let in_flight = InFlight::default();
        let reserved = in_flight.reserve(Kind::UNKNOWN, LONG_NS, BUDGET_NS, true);
        assert!(reserved.is_ok() && !has_room(&in_flight, true));
        drop(reserved);
        assert!(has_room(&in_flight, true));
    }

    #[test]
    fn a_stream_that_seems_empty_is_looked_at_first() {
        let (in_flight, time) = (InFlight::default(), CommandTime::default());
        let marker = launch(&in_flight, 1);
        marker.0.store(true, Ordering::Relaxed);
        in_flight.retire(&time, 0).unwrap();
        std::thread::sleep(Duration::from_millis(1));
        assert!(!has_room(&in_flight, false));
        assert!(has_room(&in_flight, true));
    }
}
