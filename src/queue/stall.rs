//! When a queue that may run gets nowhere: what it has on the device, or the driver call that one of its
//! threads is in, may be waiting for work that a device gate holds. Drivers have such dependencies that no
//! call shows: CUDA may wait for a whole context when a kernel is first launched (lazy loading), and may let
//! a stream-ordered allocation wait for memory that another stream has not freed yet.
//!
//! Run by the watchdog only.

/// A driver call that enqueues takes some microseconds; for this long only one that waits.
pub const CALL_NS: u64 = 2_000_000;
/// A stream that works completes something in this time, and in the time of this many of its commands.
const STREAM_NS: u64 = 100_000_000;
const STREAM_COMMANDS: u64 = 8;
/// Looks further apart than this do not belong together.
const LOOKS_APART_NS: u64 = 50_000_000;

/// How far a queue has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Commands whose driver call has returned.
    pub launched: u64,
    /// Commands known to be complete.
    pub completed: u64,
    /// Threads in a driver call that launches.
    pub launching: u64,
}

/// What the watchdog remembers of one queue between two looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct StallWatch {
    seen: Progress,
    since_ns: u64,
    looked_ns: u64,
}

impl StallWatch {
    /// Commands launched at the last look.
    pub fn launched(&self) -> u64 {
        self.seen.launched
    }

    /// One look. `waits`: a thread is in a driver call that is meant to wait for the stream. `watched`: the
    /// monitor looks for completions of this queue. `command_ns`: the mean time of a command, 0 if unknown.
    /// True if the queue gets nowhere. One that is `stopped` need not; but a call that launches behind its gate
    /// returns, unless the driver waits for others first.
    pub fn look(
        &mut self,
        progress: Progress,
        stopped: bool,
        waits: bool,
        watched: bool,
        command_ns: u64,
        now_ns: u64,
    ) -> bool {
        // Nobody looks while nobody is held.
        let anew = now_ns.saturating_sub(self.looked_ns) > LOOKS_APART_NS;
        self.looked_ns = now_ns;
        if anew || progress != self.seen {
            self.seen = progress;
            self.since_ns = now_ns;
            return false;
        }
        let since_ns = now_ns.saturating_sub(self.since_ns);
        if progress.launching > 0 && !waits {
            return since_ns >= if stopped { STREAM_NS } else { CALL_NS };
        }
        if stopped {
            return false;
        }
        let works = progress.launching > 0 || progress.launched > progress.completed;
        let patience_ns = STREAM_NS.max(command_ns.saturating_mul(STREAM_COMMANDS));
        watched && works && since_ns >= patience_ns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn progress(launched: u64, completed: u64, launching: u64) -> Progress {
        Progress {
            launched,
            completed,
            launching,
        }
    }

    /// Looks every 2 ms from one time to another; the last answer.
    fn look(
        watch: &mut StallWatch,
        progress: Progress,
        waits: bool,
        watched: bool,
        command_ns: u64,
        from_to_ms: (u64, u64),
    ) -> bool {
        (from_to_ms.0..=from_to_ms.1)
            .step_by(2)
            .map(|ms| watch.look(progress, false, waits, watched, command_ns, ms * MS))
            .fold(false, |_, last| last)
    }

    #[test]
    fn a_call_that_does_not_return_is_a_stall_until_it_does() {
        let mut watch = StallWatch::default();
        let stuck = progress(5, 5, 1);
        assert!(!look(&mut watch, stuck, false, false, 0, (100, 100)));
        assert!(look(&mut watch, stuck, false, false, 0, (102, 102)));
        assert!(look(&mut watch, stuck, false, false, 0, (104, 500)));
        let out = progress(6, 5, 0);
        let unwatched = look(&mut watch, out, false, false, 0, (502, 900));
        assert!(!unwatched, "nobody looks for completions");
    }

    #[test]
    fn a_stopped_queue_stalls_only_in_a_call_that_launches() {
        let look_at = |launching, waits| {
            let progress = progress(9, 3, launching);
            let mut watch = StallWatch::default();
            let mut look = |ms| watch.look(progress, true, waits, true, 0, ms * MS);
            assert!(!(100..200).step_by(2).any(&mut look));
            (200..900).step_by(2).any(look)
        };
        assert!(look_at(1, false));
        assert!(!look_at(1, true), "it waits for what is held");
        assert!(!look_at(0, false));
    }

    #[test]
    fn a_stream_gets_the_time_of_some_commands() {
        let mut watch = StallWatch::default();
        let work = progress(9, 3, 0);
        assert!(!look(&mut watch, work, false, true, 50 * MS, (100, 498)));
        assert!(look(&mut watch, work, false, true, 50 * MS, (500, 500)));
        let moved = progress(9, 4, 0);
        assert!(!look(&mut watch, moved, false, true, 50 * MS, (502, 502)));
    }

    #[test]
    fn waiting_for_the_stream_is_no_stall_while_the_stream_works() {
        let mut watch = StallWatch::default();
        let waiting = progress(9, 3, 1);
        assert!(!look(&mut watch, waiting, true, true, 0, (100, 198)));
        assert!(look(&mut watch, waiting, true, true, 0, (200, 200)));
    }

    #[test]
    fn time_in_which_nobody_was_held_does_not_count() {
        let mut watch = StallWatch::default();
        let work = progress(9, 3, 0);
        assert!(!look(&mut watch, work, false, true, 0, (100, 150)));
        assert!(!look(&mut watch, work, false, true, 0, (900, 998)));
        assert!(look(&mut watch, work, false, true, 0, (1000, 1000)));
    }

    #[test]
    fn a_queue_without_work_does_not_stall() {
        let mut watch = StallWatch::default();
        let idle = progress(3, 3, 0);
        assert!(!look(&mut watch, idle, false, true, 0, (100, 900)));
    }
}
