//! The command in front: since when it runs, and how long it took. Where a device does not tell when it completed a
//! command, the looks do: one that finds a command complete soon after one that did not.
//!
//! Run by whoever looks at markers, under the points' lock.

/// Two looks no further apart than this, or this part of the command's time, saw the very moment between.
const LOOKS_APART_NS: u64 = 3_000;
const LOOKS_PART: u64 = 32;

/// What two looks tell of the time of commands that completed between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Observed {
    Exactly(u64),
    AtMost(u64),
}

/// The command in front, the first that is not known to be complete, as far as looks tell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Front {
    /// When it began.
    began: Option<Began>,
    /// When a look last found it incomplete.
    running_ns: u64,
}

#[derive(Clone, Copy, Debug)]
struct Began {
    ns: u64,
    seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// The one before was seen to complete.
    Exactly,
    /// It was launched then, on a stream that had nothing to do: not before.
    NotBefore,
    /// A look came late: not after.
    NotAfter,
}

impl Front {
    /// A command was launched behind nothing.
    pub(super) fn launched_idle(&mut self, ns: u64) {
        self.began = Some(Began {
            ns,
            seen: Seen::NotBefore,
        });
        self.running_ns = ns;
    }

    /// A look found it behind a gate.
    pub(super) fn is_at_gate(&mut self, now_ns: u64) {
        self.running_ns = now_ns;
        self.began = Some(Began {
            ns: now_ns,
            seen: Seen::NotAfter,
        });
    }

    /// A look found that the stream has passed the gate.
    pub(super) fn passed_gate(&mut self, now_ns: u64) {
        self.began = Some(Began {
            ns: now_ns,
            seen: self.seen(now_ns, 0),
        });
        self.running_ns = now_ns;
    }

    /// What a look at the moment says of something that has happened since the look before.
    fn seen(&self, now_ns: u64, elapsed_ns: u64) -> Seen {
        let looks_apart_ns = now_ns.saturating_sub(self.running_ns);
        if looks_apart_ns <= LOOKS_APART_NS.max(elapsed_ns / LOOKS_PART) {
            Seen::Exactly
        } else {
            Seen::NotAfter
        }
    }

    /// How long it has run.
    pub(super) fn elapsed_ns(&self, now_ns: u64) -> u64 {
        self.began
            .map_or(0, |began| now_ns.saturating_sub(began.ns))
    }

    /// A look found it running.
    pub(super) fn is_running(&mut self, now_ns: u64) {
        self.running_ns = now_ns;
    }

    /// A look found it complete, and perhaps others behind it; `since_ns` is when it was launched. What comes next
    /// is in front from here on.
    pub(super) fn completed(&mut self, since_ns: u64, now_ns: u64) -> Option<Observed> {
        let began = self.began;
        let seen = self.seen(now_ns, self.elapsed_ns(now_ns));
        self.began = Some(Began { ns: now_ns, seen });
        self.running_ns = now_ns;
        let began = began.filter(|began| began.seen != Seen::NotAfter || since_ns >= began.ns)?;
        let ns = now_ns.saturating_sub(began.ns.max(since_ns));
        let exact = seen == Seen::Exactly && began.seen == seen && since_ns <= began.ns;
        Some(if exact {
            Observed::Exactly(ns)
        } else {
            Observed::AtMost(ns)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: u64 = 1_000;

    #[test]
    fn a_time_is_exact_if_looks_saw_both_ends() {
        let mut front = Front::default();
        front.launched_idle(0);
        front.is_running(29 * US);
        let first = front.completed(0, 30 * US);
        assert_eq!(first, Some(Observed::AtMost(30 * US)), "with its launch");
        front.is_running(50 * US);
        let second = front.completed(US, 51 * US);
        assert_eq!(second, Some(Observed::Exactly(21 * US)));
        assert_eq!(front.elapsed_ns(60 * US), 9 * US);
    }

    #[test]
    fn a_late_look_bounds_a_time_and_hides_the_next_beginning() {
        let mut front = Front::default();
        front.launched_idle(0);
        front.completed(0, 2 * US);
        let late = front.completed(US, 80 * US);
        assert_eq!(late, Some(Observed::AtMost(78 * US)));
        front.is_running(99 * US);
        assert_eq!(front.completed(US, 100 * US), None);
        assert_eq!(front.elapsed_ns(110 * US), 10 * US);
    }

    #[test]
    fn a_gate_that_looks_saw_being_passed_begins_the_next_command() {
        let mut front = Front::default();
        front.launched_idle(0);
        front.completed(0, 10 * US);
        front.is_at_gate(11 * US);
        front.passed_gate(12 * US);
        front.is_running(41 * US);
        let seen = front.completed(US, 42 * US);
        assert_eq!(seen, Some(Observed::Exactly(30 * US)));
        front.is_at_gate(43 * US);
        front.passed_gate(90 * US);
        front.is_running(99 * US);
        assert_eq!(
            front.completed(US, 100 * US),
            None,
            "passed nobody knows when"
        );
    }

    #[test]
    fn what_is_launched_behind_a_late_look_is_bounded_by_its_launch() {
        let mut front = Front::default();
        front.launched_idle(0);
        front.completed(0, 80 * US);
        let next = front.completed(85 * US, 100 * US);
        assert_eq!(next, Some(Observed::AtMost(15 * US)));
    }

    #[test]
    fn the_launch_behind_what_was_seen_to_complete_is_not_timed_exactly() {
        let mut front = Front::default();
        front.launched_idle(0);
        front.is_running(9 * US);
        front.completed(0, 10 * US);
        front.is_running(29 * US);
        let launched_later = front.completed(15 * US, 30 * US);
        assert_eq!(launched_later, Some(Observed::AtMost(15 * US)));
    }
}
