//! Launching just in time: a command goes to the device when what is in flight, by prediction, is about to run
//! out, or when all of it together still fits into the budget. A suspension then has to wait for no more than a
//! gate per command would leave it, and the stream, which a gate costs 2.4 us and more, pays nothing.
//!
//! Run by launching threads, under the points' lock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::device::pause;

/// A command launched this long before the one in front of it completes finds the device busy until then: the
/// launching thread's look (2 us), its driver call (3 us) and the device's front end (3 us), on an H200.
const LEAD_NS: u64 = 10_000;
/// And this part of what the one in front was predicted to take, as predictions are not exact.
const LEAD_PART: u64 = 32;

/// A thread that sleeps may be late by this much.
const LATE_NS: u64 = 100_000;
/// The command in front may complete long before it was predicted to: it is a new kind, or began while nobody looked.
/// So nobody sleeps longer than this, or this part of what it is known to have run.
const NAP_NS: u64 = 60_000;
const NAP_PART: u64 = 16;

/// What is in flight leaves no room for another command yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wait {
    /// Until there is room, if all goes as predicted.
    room_ns: u64,
    /// Until the command in front completes, likewise.
    front_ns: u64,
    /// Since it should have.
    overdue_ns: u64,
    /// For how long it is known to have run.
    elapsed_ns: u64,
}

impl Wait {
    /// Between two looks at the command in front.
    pub(super) fn pause(self) {
        match self.sleep_ns() {
            Some(ns) => std::thread::sleep(Duration::from_nanos(ns)),
            None => pause(self.overdue_ns),
        }
    }

    /// How long a thread may sleep and still be in time for what happens next, if at all.
    fn sleep_ns(self) -> Option<u64> {
        let next_ns = self.room_ns.min(self.front_ns);
        let nap_ns = NAP_NS.max(self.elapsed_ns / NAP_PART);
        let sleep_ns = next_ns.checked_sub(LATE_NS).filter(|&ns| ns > 0);
        sleep_ns.map(|ns| ns.min(nap_ns))
    }
}

/// Whether there is room for a command predicted to take `predicted_ns`, when `ahead_ns` of work is in flight,
/// of which the command in front was predicted to take `front_ns` and has run for `elapsed_ns`.
pub(super) fn room(
    predicted_ns: u64,
    ahead_ns: u64,
    front_ns: u64,
    elapsed_ns: u64,
    budget_ns: u64,
) -> Result<(), Wait> {
    let left_ns = ahead_ns.saturating_sub(elapsed_ns.min(front_ns));
    let lead_ns = LEAD_NS + front_ns / LEAD_PART;
    let most_ns = budget_ns.saturating_sub(predicted_ns).max(lead_ns);
    match left_ns.checked_sub(most_ns) {
        None | Some(0) => Ok(()),
        Some(room_ns) => Err(Wait {
            room_ns,
            front_ns: front_ns.saturating_sub(elapsed_ns),
            overdue_ns: elapsed_ns.saturating_sub(front_ns),
            elapsed_ns,
        }),
    }
}

/// Pacing needs a host that is always in time; else the stream runs dry, which costs more than gates do. This much
/// work, by prediction, tells whether the host was.
const TRIAL_NS: u64 = 50_000_000;
/// A stream may be dry for this part of a trial.
const DRY_PART: u64 = 64;
/// Longer than that is not the host being late: it had nothing to launch, or the queue was stopped.
const LONGEST_DRY_NS: u64 = 200_000;
/// Before pacing is tried, the host must be far ahead for all but this part.
const BEHIND_PART: u64 = 8;
/// After a trial that failed the next one comes no sooner, each time after twice as long.
const FIRST_PAUSE_NS: u64 = 200_000_000;
const LAST_PAUSE_NS: u64 = 10_000_000_000;

/// Whether launches of a queue are paced.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pacing {
    paced: bool,
    /// Predicted work launched in this trial, and how much of it while the host was not far ahead.
    work_ns: u64,
    behind_ns: u64,
    dry_ns: u64,
    /// How long the stream has had nothing to do, by prediction.
    idle_ns: u64,
    pause_ns: u64,
    not_before_ns: u64,
}

impl Pacing {
    /// By prediction the stream has had nothing to do for so long; somebody is going to look.
    pub(super) fn seems_idle(&mut self, ns: u64) {
        self.idle_ns = ns.min(LONGEST_DRY_NS);
    }

    /// A look has shown that nothing is in flight, or that something is.
    pub(super) fn looked(&mut self, nothing: bool) {
        let idle_ns = std::mem::take(&mut self.idle_ns);
        if nothing {
            self.dry_ns += idle_ns;
        }
    }

    /// A command was launched.
    pub(super) fn launched(&mut self, predicted_ns: u64, far_ahead: bool) {
        self.work_ns = self.work_ns.saturating_add(predicted_ns);
        if !far_ahead {
            self.behind_ns = self.behind_ns.saturating_add(predicted_ns);
        }
    }

    /// Whether launches are paced from here on. `suitable`: commands are long, and take what is predicted.
    pub(super) fn decide(&mut self, suitable: bool, now_ns: u64) -> bool {
        let ended = self.work_ns >= TRIAL_NS;
        if self.paced {
            if !suitable || self.dry_ns > TRIAL_NS / DRY_PART {
                self.pause_ns = (self.pause_ns * 2).clamp(FIRST_PAUSE_NS, LAST_PAUSE_NS);
                self.not_before_ns = now_ns.saturating_add(self.pause_ns);
                self.begin(false);
            } else if ended {
                self.pause_ns = 0;
                self.begin(true);
            }
        } else if ended {
            let in_time = self.behind_ns <= self.work_ns / BEHIND_PART;
            self.begin(suitable && in_time && now_ns >= self.not_before_ns);
        }
        self.paced
    }

    fn begin(&mut self, paced: bool) {
        *self = Pacing {
            paced,
            pause_ns: self.pause_ns,
            not_before_ns: self.not_before_ns,
            ..Pacing::default()
        };
    }
}

/// Device time promised to a command that is about to be launched; given back when this is dropped.
pub(super) struct Reservation<'a> {
    all_ns: &'a AtomicU64,
    ns: u64,
}

impl<'a> Reservation<'a> {
    pub(super) fn new(all_ns: &'a AtomicU64, ns: u64) -> Reservation<'a> {
        all_ns.fetch_add(ns, Ordering::Relaxed);
        Reservation { all_ns, ns }
    }

    /// What the command is predicted to take.
    pub(super) fn ns(&self) -> u64 {
        self.ns
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.all_ns.fetch_sub(self.ns, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: u64 = 1_000;

    fn has_room(predicted_us: u64, ahead_us: u64, front_us: u64, elapsed_us: u64) -> bool {
        let [predicted_ns, ahead_ns, front_ns, elapsed_ns] =
            [predicted_us, ahead_us, front_us, elapsed_us].map(|us| us * US);
        room(predicted_ns, ahead_ns, front_ns, elapsed_ns, 100 * US).is_ok()
    }

    #[test]
    fn an_idle_device_takes_any_command() {
        assert!(has_room(5, 0, 0, 0));
        assert!(has_room(100_000, 0, 0, 0));
    }

    #[test]
    fn short_commands_fill_the_budget_and_no_more() {
        assert!(has_room(20, 80, 20, 0));
        assert!(!has_room(20, 81, 20, 0));
        assert!(has_room(20, 81, 20, 1), "the first of them has begun");
    }

    #[test]
    fn a_long_command_comes_just_before_the_one_in_front_is_done() {
        assert!(!has_room(320, 320, 320, 0));
        assert!(!has_room(320, 320, 320, 299));
        assert!(has_room(320, 320, 320, 300), "10 us and a 32nd of 320");
        assert!(!has_room(320, 640, 320, 320), "one is waiting already");
    }

    #[test]
    fn a_command_that_takes_longer_than_predicted_leaves_no_more_than_nothing() {
        assert!(has_room(50, 50, 50, 5_000));
        assert!(!has_room(50, 101, 50, 5_000));
    }

    #[test]
    fn a_thread_sleeps_only_while_nothing_can_happen() {
        let sleep = |room_us, front_us, elapsed_us| {
            let wait = Wait {
                room_ns: room_us * US,
                front_ns: front_us * US,
                overdue_ns: 0,
                elapsed_ns: elapsed_us * US,
            };
            wait.sleep_ns()
        };
        assert_eq!(sleep(900, 950, 20_000), Some(800 * US));
        assert_eq!(sleep(900, 150, 20_000), Some(50 * US));
        assert_eq!(sleep(900, 0, 20_000), None);
        assert_eq!(sleep(90, 950, 20_000), None);
    }

    #[test]
    fn a_command_that_completes_too_soon_is_seen_soon() {
        for elapsed_ns in [0, 100 * US, 4_000 * US] {
            let wait = Wait {
                room_ns: u64::MAX,
                front_ns: u64::MAX,
                overdue_ns: 0,
                elapsed_ns,
            };
            let most_ns = 100 * US + elapsed_ns / 10;
            assert!(wait.sleep_ns().is_some_and(|ns| ns <= most_ns));
        }
    }

    #[test]
    fn dropped_reservations_are_given_back() {
        let all = AtomicU64::new(7);
        let reservation = Reservation::new(&all, 5);
        assert_eq!((reservation.ns(), all.load(Ordering::Relaxed)), (5, 12));
        drop(reservation);
        assert_eq!(all.load(Ordering::Relaxed), 7);
    }

    /// A trial's worth of commands that were launched while the host was far ahead.
    fn launch_trial(pacing: &mut Pacing) {
        pacing.launched(TRIAL_NS, true);
    }

    /// The stream was dry for too long.
    fn fail_trial(pacing: &mut Pacing) {
        while pacing.dry_ns <= TRIAL_NS / DRY_PART {
            pacing.seems_idle(LONGEST_DRY_NS);
            pacing.looked(true);
        }
    }

    #[test]
    fn pacing_begins_where_commands_suit_and_the_host_was_far_ahead() {
        let mut pacing = Pacing::default();
        pacing.launched(TRIAL_NS - 1, true);
        assert!(!pacing.decide(true, 0), "too little work to tell");
        pacing.launched(1, true);
        assert!(pacing.decide(true, 0));
        assert!(!pacing.decide(false, 0), "its commands suit no more");

        let mut unsuitable = Pacing::default();
        launch_trial(&mut unsuitable);
        assert!(!unsuitable.decide(false, 0));

        let mut late_host = Pacing::default();
        late_host.launched(TRIAL_NS / 2, false);
        late_host.launched(TRIAL_NS / 2, true);
        assert!(!late_host.decide(true, 0));
        launch_trial(&mut late_host);
        assert!(late_host.decide(true, 0), "an earlier trial does not count");
    }

    #[test]
    fn a_stream_that_runs_dry_is_not_paced_for_ever_longer() {
        let mut pacing = Pacing::default();
        let mut now_ns = 0;
        for doublings in 0..3 {
            launch_trial(&mut pacing);
            assert!(pacing.decide(true, now_ns));
            fail_trial(&mut pacing);
            assert!(!pacing.decide(true, now_ns));
            launch_trial(&mut pacing);
            now_ns += FIRST_PAUSE_NS << doublings;
            assert!(!pacing.decide(true, now_ns - 1), "{doublings}");
        }
        launch_trial(&mut pacing);
        assert!(pacing.decide(true, now_ns));
        launch_trial(&mut pacing);
        assert!(pacing.decide(true, now_ns), "a trial in time");
        fail_trial(&mut pacing);
        assert!(!pacing.decide(true, now_ns));
        launch_trial(&mut pacing);
        assert!(pacing.decide(true, now_ns + FIRST_PAUSE_NS), "begun anew");
    }

    #[test]
    fn only_a_stream_that_a_look_found_empty_was_dry() {
        let mut pacing = Pacing::default();
        launch_trial(&mut pacing);
        assert!(pacing.decide(true, 0));
        for _ in 0..100 {
            pacing.seems_idle(LONGEST_DRY_NS);
            pacing.looked(false);
            pacing.looked(true);
        }
        assert!(pacing.decide(true, 0), "there was something in flight");
        pacing.seems_idle(u64::MAX);
        pacing.looked(true);
        assert!(pacing.decide(true, 0), "the program had nothing to launch");
    }
}
