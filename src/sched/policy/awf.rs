//! AWF, active window first: the process that owns the active window goes first, on each device; all
//! others as under highest priority first.
//!
//! What desktop systems do for the processor: Windows lengthens the quantum of the foreground process, and
//! raises a thread that a window message wakes (Russinovich, Solomon and Ionescu, "Windows Internals", part
//! 1, on priority boosts). Which process that is comes from outside, in `Event::ActiveWindow`. While it is
//! not known the policy is highest priority first, and says so in its note. The unit is the process: while
//! the active one has a ready queue, all its queues run, whatever their priorities (but
//! `PRIORITY_NO_EXECUTE`), and nobody else's on that device.
//!
//! XSched 1.2 holds every other process on every device, and lets all run at once when the active one has
//! nothing to do, without regard to priorities. Here devices are separate and priorities hold.

use super::rank::{HighestFirst, Rank};
use crate::sched::hint::{PRIORITY_MAX, PRIORITY_NO_EXECUTE};
use crate::sched::table::{Advice, QueueView};

/// See the module.
pub(super) type ActiveWindowFirst = HighestFirst<ByWindow>;

/// Above every priority if the queue's process is active.
#[derive(Default)]
pub(super) struct ByWindow;

const ACTIVE: i32 = PRIORITY_MAX + 1;

impl Rank for ByWindow {
    fn rank(&self, advice: &Advice, queue: &QueueView, _now_us: u64) -> i32 {
        if queue.is_executable() && advice.active_window == Some(queue.attributes.process) {
            ACTIVE
        } else {
            queue.hints.priority
        }
    }

    /// The active window changes without warning, so any of several processes may come first.
    fn range(&self, _advice: &Advice, queue: &QueueView, several: bool) -> (i32, i32) {
        let priority = queue.hints.priority;
        if priority == PRIORITY_NO_EXECUTE || !several {
            (priority, priority)
        } else {
            (priority, ACTIVE)
        }
    }

    fn note(&self, advice: &Advice) -> Option<&'static str> {
        advice
            .active_window
            .is_none()
            .then_some("no active window is known, so AWF acts as HPF")
    }
}
