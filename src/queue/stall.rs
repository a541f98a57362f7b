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

/// What one look finds.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// See there.
    pub progress: Progress,
    /// The queue is suspended or held.
    pub stopped: bool,
    /// A thread is in a driver call that is meant to wait for the stream.
    pub waits: bool,
    /// The monitor looks for completions of this queue.
    pub watched: bool,
    /// The mean time of a command, 0 if unknown.
    pub command_ns: u64,
    /// Since when some queue has been stopped by its device gate without a break.
    pub held_since_ns: u64,
    /// Now.
    pub now_ns: u64,
}

/// What the watchdog remembers of one queue between two looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct StallWatch {
    seen: Progress,
    /// Since when nothing has moved, and somebody been held.
    since_ns: u64,
    /// How much of that time the queue was not stopped, as the looks found it.
    running_ns: u64,
    looked_ns: u64,
}

impl StallWatch {
    /// Commands launched at the last look.
    pub fn launched(&self) -> u64 {
        self.seen.launched
    }

    /// One look. True if the queue gets nowhere. While it is stopped it need not; but a call that launches behind its
    /// gate returns, unless the driver waits for others first.
    pub fn look(&mut self, look: Look) -> bool {
        let Look {
            progress, now_ns, ..
        } = look;
        let apart_ns = now_ns.saturating_sub(self.looked_ns);
        // Nobody looks while nobody is held. And what went on before a hold cannot have waited for it; but it may
        // have for one that has lasted, however many have come since.
        let anew = apart_ns > LOOKS_APART_NS || look.held_since_ns > self.since_ns;
        if anew || progress != self.seen {
            *self = StallWatch {
                seen: progress,
                since_ns: now_ns,
                running_ns: 0,
                looked_ns: now_ns,
            };
            return false;
        }
        self.looked_ns = now_ns;
        if !look.stopped {
            self.running_ns += apart_ns;
        }
        if progress.launching > 0 && !look.waits {
            let since_ns = now_ns.saturating_sub(self.since_ns);
            return since_ns >= if look.stopped { STREAM_NS } else { CALL_NS };
        }
        let works = progress.launching > 0 || progress.launched > progress.completed;
        let patience_ns = STREAM_NS.max(look.command_ns.saturating_mul(STREAM_COMMANDS));
        look.watched && works && !look.stopped && self.running_ns >= patience_ns
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

    /// A look at a queue that may run, beside one that has been held for ever.
    fn at_ms(ms: u64, progress: Progress) -> Look {
        Look {
            progress,
            stopped: false,
            waits: false,
            watched: true,
            command_ns: 0,
            held_since_ns: 0,
            now_ns: ms * MS,
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
        let looks = (from_to_ms.0..=from_to_ms.1).step_by(2).map(|ms| Look {
            waits,
            watched,
            command_ns,
            ..at_ms(ms, progress)
        });
        looks
            .map(|look| watch.look(look))
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
            let mut watch = StallWatch::default();
            let mut look = |ms| {
                watch.look(Look {
                    stopped: true,
                    waits,
                    ..at_ms(ms, progress(9, 3, launching))
                })
            };
            assert!(!(100..200).step_by(2).any(&mut look));
            (200..900).step_by(2).any(look)
        };
        assert!(look_at(1, false));
        assert!(!look_at(1, true), "it waits for what is held");
        assert!(!look_at(0, false));
    }

    /// The first time at which a queue with work counts as stalled, if it is found stopped at all looks but every
    /// n-th, and somebody has been held since then.
    fn stalled_at_ms(runs_every: u64, held_since_ms: impl Fn(u64) -> u64) -> Option<u64> {
        let mut watch = StallWatch::default();
        (100..900).step_by(2).find(|&ms| {
            watch.look(Look {
                stopped: ms / 2 % runs_every != 0,
                held_since_ns: held_since_ms(ms) * MS,
                ..at_ms(ms, progress(9, 3, 0))
            })
        })
    }

    #[test]
    fn what_went_on_before_a_hold_is_no_stall() {
        let since_ms = |ms| if ms < 150 { 90 } else { 149 };
        assert_eq!(stalled_at_ms(1, since_ms), Some(250));
    }

    #[test]
    fn holds_that_come_and_go_are_no_stall() {
        assert_eq!(stalled_at_ms(1, |ms| ms - ms % 10), None);
    }

    #[test]
    fn only_time_in_which_the_queue_may_run_counts() {
        assert_eq!(stalled_at_ms(3, |_| 0), Some(396));
        assert_eq!(stalled_at_ms(10, |_| 0), None, "it has had 80 ms");
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
