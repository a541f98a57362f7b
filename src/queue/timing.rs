//! What commands between two gates take, by the device's own clock, now and then: where the host is far ahead
//! nobody looks at the moment at which a command completes. Only in a stream that is busy: what an idle one is
//! given may wait for the host in between.
//!
//! Run by the launching thread that places a gate and by whoever looks at markers, under the points' lock.

use super::front::Observed;
use super::prediction::Kind;
use crate::device::Stopwatch;
use crate::error::Result;

/// What an event with a time costs an H200's stream. Between two of them that is measured, too.
const OWN_NS: u64 = 2_000;
/// Fewer gates than this are left out between two timings, each time another number: of kernels that a program
/// launches in turn, or first after it has waited for its stream, the same ones would be timed each time.
const MOST_LEFT_OUT: u32 = 97;
/// And of the first timings, which tell whether predictions hold: a program that waits for its stream after every
/// few dozen commands, and is looked at only then, gives one timing each time at best.
const MOST_LEFT_OUT_FIRST: u32 = 8;
const FIRST_TIMINGS: u32 = 16;
/// Has no factor in common with either.
const STEP: u32 = 61;

#[derive(Default)]
enum State {
    #[default]
    Idle,
    /// Behind a gate; so many commands were launched then.
    Running { launched: u64 },
    /// Up to the next gate. `exact`: the commands were all launched before the first began.
    Ended { kinds: Vec<Kind>, exact: bool },
}

/// See the module.
#[derive(Default)]
pub(super) struct Timing {
    stopwatch: Option<Box<dyn Stopwatch>>,
    state: State,
    /// Since the last timing was taken, and how many of them are left out.
    gates: u32,
    left_out: u32,
    begun: u32,
}

impl Timing {
    /// With what to time.
    pub(super) fn set_stopwatch(&mut self, stopwatch: Option<Box<dyn Stopwatch>>) {
        self.stopwatch = stopwatch;
    }

    /// A gate follows. `kinds`: of the commands behind the last point; `launched`: commands so far.
    pub(super) fn before_gate(&mut self, kinds: &[Kind], launched: u64) -> Result<()> {
        let (Some(stopwatch), State::Running { launched: before }) = (&self.stopwatch, &self.state)
        else {
            return Ok(());
        };
        let known = kinds.len() as u64 == launched.saturating_sub(*before) && !kinds.is_empty();
        if !known {
            self.state = State::Idle;
            return Ok(());
        }
        let exact = !stopwatch.has_begun()?;
        stopwatch.end()?;
        self.state = State::Ended {
            kinds: kinds.to_vec(),
            exact,
        };
        Ok(())
    }

    /// A gate was placed behind so many commands. `busy`: the stream has others to get to before it.
    pub(super) fn after_gate(&mut self, launched: u64, busy: bool) -> Result<()> {
        self.gates = self.gates.saturating_add(1);
        if let (Some(stopwatch), State::Idle) = (&self.stopwatch, &self.state)
            && busy
            && self.gates > self.left_out
        {
            stopwatch.begin()?;
            let most = if self.begun < FIRST_TIMINGS {
                MOST_LEFT_OUT_FIRST
            } else {
                MOST_LEFT_OUT
            };
            self.left_out = (self.left_out + STEP) % most;
            self.begun = self.begun.saturating_add(1);
            self.state = State::Running { launched };
        }
        Ok(())
    }

    /// What has been timed since the last call.
    pub(super) fn take(&mut self) -> Result<Option<(Vec<Kind>, Observed)>> {
        let (Some(stopwatch), State::Ended { kinds, exact }) = (&self.stopwatch, &mut self.state)
        else {
            return Ok(None);
        };
        let Some(elapsed_ns) = stopwatch.elapsed_ns()? else {
            return Ok(None);
        };
        let ns = elapsed_ns.saturating_sub(OWN_NS);
        let observed = if *exact {
            Observed::Exactly(ns)
        } else {
            Observed::AtMost(ns)
        };
        let kinds = std::mem::take(kinds);
        self.state = State::Idle;
        self.gates = 0;
        Ok(Some((kinds, observed)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use super::*;

    /// A stream's stopwatch whose stream is where the test says.
    #[derive(Default)]
    struct Stream {
        begun: AtomicBool,
        ended_ns: AtomicU64,
        recorded: AtomicU64,
    }

    impl Stopwatch for Arc<Stream> {
        fn begin(&self) -> Result<()> {
            self.recorded.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
        fn has_begun(&self) -> Result<bool> {
            Ok(self.begun.load(Ordering::Relaxed))
        }
        fn end(&self) -> Result<()> {
            self.recorded.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
        fn elapsed_ns(&self) -> Result<Option<u64>> {
            Ok(Some(self.ended_ns.load(Ordering::Relaxed)).filter(|&ns| ns > 0))
        }
    }

    fn timing() -> (Timing, Arc<Stream>) {
        let stream = Arc::new(Stream::default());
        let mut timing = Timing::default();
        timing.set_stopwatch(Some(Box::new(stream.clone())));
        (timing, stream)
    }

    /// Gates until one is followed by timed commands.
    fn begin(timing: &mut Timing, launched: u64) {
        while !matches!(timing.state, State::Running { .. }) {
            timing.after_gate(launched, true).unwrap();
        }
    }

    #[test]
    fn commands_enqueued_before_they_began_are_timed_exactly() {
        let (mut timing, stream) = timing();
        let kinds = [Kind::of([1]), Kind::of([2])];
        begin(&mut timing, 7);
        timing.before_gate(&kinds, 9).unwrap();
        assert_eq!(timing.take().unwrap(), None, "not there yet");
        for launched in 10..100 {
            timing.after_gate(launched, true).unwrap(); // one timing at a time
        }
        stream.ended_ns.store(OWN_NS + 500, Ordering::Relaxed);
        let expected = Some((kinds.to_vec(), Observed::Exactly(500)));
        assert_eq!(timing.take().unwrap(), expected);
        assert_eq!(timing.take().unwrap(), None, "only once");
    }

    #[test]
    fn a_stream_that_may_have_waited_for_the_host_gives_a_bound() {
        let (mut timing, stream) = timing();
        begin(&mut timing, 0);
        stream.begun.store(true, Ordering::Relaxed);
        stream.ended_ns.store(OWN_NS + 500, Ordering::Relaxed);
        timing.before_gate(&[Kind::UNKNOWN], 1).unwrap();
        let expected = Some((vec![Kind::UNKNOWN], Observed::AtMost(500)));
        assert_eq!(timing.take().unwrap(), expected);
    }

    #[test]
    fn commands_of_which_some_are_not_known_are_not_timed() {
        let (mut timing, stream) = timing();
        stream.ended_ns.store(OWN_NS + 500, Ordering::Relaxed);
        begin(&mut timing, 0);
        timing.before_gate(&[Kind::UNKNOWN], 2).unwrap();
        assert_eq!(timing.take().unwrap(), None);
        begin(&mut timing, 2);
        timing.before_gate(&[], 2).unwrap();
        assert_eq!(timing.take().unwrap(), None);
    }

    #[test]
    fn of_kernels_in_turn_each_is_timed() {
        // Looked at seldom, as when the host is far ahead.
        const LOOK: u64 = 64;
        for kernels in [1, 2, 3, 5, 12, 35, 64, 97, 100] {
            let (mut timing, stream) = timing();
            stream.ended_ns.store(OWN_NS + 500, Ordering::Relaxed);
            let mut timed = HashSet::new();
            for launched in 0..50 * LOOK * kernels {
                let before = Kind::of([launched % kernels]);
                timing.before_gate(&[before], launched).unwrap();
                if launched.is_multiple_of(LOOK) {
                    timed.extend(timing.take().unwrap().map(|(kinds, _)| kinds));
                }
                timing.after_gate(launched, true).unwrap();
            }
            assert_eq!(timed.len() as u64, kernels);
        }
    }

    #[test]
    fn timings_are_few() {
        let (mut timing, stream) = timing();
        stream.ended_ns.store(OWN_NS + 500, Ordering::Relaxed);
        for launched in 0..10_000 {
            timing.before_gate(&[Kind::UNKNOWN], launched).unwrap();
            timing.take().unwrap();
            timing.after_gate(launched, true).unwrap();
        }
        let timings = stream.recorded.load(Ordering::Relaxed) / 2;
        assert!((100..400).contains(&timings), "{timings}");
    }

    #[test]
    fn a_program_that_waits_often_is_soon_known() {
        /// Commands that it launches before it waits.
        const BURST: u64 = 41;
        let (mut timing, stream) = timing();
        stream.ended_ns.store(OWN_NS + 500, Ordering::Relaxed);
        for launched in 0..10 * BURST {
            timing.before_gate(&[Kind::UNKNOWN], launched).unwrap();
            if launched.is_multiple_of(BURST) {
                timing.take().unwrap();
            }
            timing.after_gate(launched, true).unwrap();
        }
        let timings = stream.recorded.load(Ordering::Relaxed) / 2;
        assert!(timings >= 8, "{timings}");
    }

    #[test]
    fn an_idle_stream_is_not_timed() {
        let (mut timing, stream) = timing();
        for _ in 0..1000 {
            timing.after_gate(0, false).unwrap();
        }
        assert_eq!(stream.recorded.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn without_a_stopwatch_nothing_is_timed() {
        let mut timing = Timing::default();
        for _ in 0..10 {
            timing.before_gate(&[Kind::UNKNOWN], 1).unwrap();
            timing.after_gate(1, true).unwrap();
            assert_eq!(timing.take().unwrap(), None);
        }
    }
}
