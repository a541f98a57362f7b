//! When a queue that may run gets nowhere: what it has on the device, or the driver call that one of its
//! threads is in, may be waiting for work that a device gate holds. Drivers have such dependencies that no
//! call shows: CUDA may wait for a whole context when a kernel is first launched (lazy loading), and may let
//! a stream-ordered allocation wait for memory that another stream has not freed yet.
//!
//! Run by the monitor only, like the look for idleness.

/// A driver call that enqueues takes some microseconds; for this long only one that waits.
pub const CALL_NS: u64 = 2_000_000;
/// A stream that works completes something in this time, and in the time of this many of its commands.
const STREAM_NS: u64 = 100_000_000;
const STREAM_COMMANDS: u64 = 8;

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

/// What the monitor remembers of one queue between two looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct StallWatch {
    seen: Progress,
    since_ns: u64,
}

impl StallWatch {
    /// One look. `waits`: a thread is in a driver call that is meant to wait for the stream. `watched`: the
    /// monitor looks for completions of this queue. `command_ns`: the mean time of a command, 0 if unknown.
    /// True if the queue gets nowhere.
    pub fn look(
        &mut self,
        progress: Progress,
        waits: bool,
        watched: bool,
        command_ns: u64,
        now_ns: u64,
    ) -> bool {
        if progress != self.seen {
            *self = StallWatch {
                seen: progress,
                since_ns: now_ns,
            };
            return false;
        }
        let since_ns = now_ns.saturating_sub(self.since_ns);
        if progress.launching > 0 && !waits {
            return since_ns >= CALL_NS;
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

    #[test]
    fn a_call_that_does_not_return_is_a_stall_until_it_does() {
        let mut watch = StallWatch::default();
        let mut look = |progress, now_ns| watch.look(progress, false, false, 0, now_ns);
        assert!(!look(progress(5, 5, 1), 10 * MS));
        assert!(!look(progress(5, 5, 1), 11 * MS));
        assert!(look(progress(5, 5, 1), 12 * MS));
        assert!(look(progress(5, 5, 1), 500 * MS));
        assert!(!look(progress(6, 5, 0), 501 * MS));
        assert!(
            !look(progress(6, 5, 0), 900 * MS),
            "nobody looks for completions"
        );
    }

    #[test]
    fn a_stream_gets_the_time_of_some_commands() {
        let mut watch = StallWatch::default();
        let work = progress(9, 3, 0);
        assert!(!watch.look(work, false, true, 50 * MS, MS));
        assert!(!watch.look(work, false, true, 50 * MS, 390 * MS));
        assert!(watch.look(work, false, true, 50 * MS, 402 * MS));
        assert!(!watch.look(progress(9, 4, 0), false, true, 50 * MS, 403 * MS));
    }

    #[test]
    fn waiting_for_the_stream_is_no_stall_while_the_stream_works() {
        let mut watch = StallWatch::default();
        assert!(!watch.look(progress(9, 3, 1), true, true, 0, MS));
        assert!(!watch.look(progress(9, 3, 1), true, true, 0, 100 * MS));
        assert!(watch.look(progress(9, 3, 1), true, true, 0, 102 * MS));
    }

    #[test]
    fn a_queue_without_work_does_not_stall() {
        let mut watch = StallWatch::default();
        assert!(!watch.look(progress(3, 3, 0), false, true, 0, MS));
        assert!(!watch.look(progress(3, 3, 0), false, true, 0, 9000 * MS));
    }
}
