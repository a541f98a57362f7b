//! CHPF, CPU highest priority first: the queues of the processes with the best nice value run, on each
//! device.
//!
//! The priority is what POSIX `nice` gave the process, -20 first and 19 last, so `nice` and `renice` act on
//! the device as they do on the processors; fixed priorities otherwise, as in `hpf`. The unit is the
//! process: all its queues have one rank. The priority hint is not read, except that a queue of
//! `PRIORITY_NO_EXECUTE` never runs.
//!
//! XSched 1.2 reads `/proc/<pid>/sched` of every process in every decision and takes the kernel's internal
//! priority. Here the value comes with the queue, and again when it changes.

use super::rank::{HighestFirst, Rank};
use crate::sched::hint::PRIORITY_NO_EXECUTE;
use crate::sched::table::{Advice, QueueView};

/// See the module.
pub(super) type CpuHighestPriorityFirst = HighestFirst<ByNice>;

/// The nice value of the queue's process.
#[derive(Default)]
pub(super) struct ByNice;

impl Rank for ByNice {
    fn rank(&self, _advice: &Advice, queue: &QueueView, _now_us: u64) -> i32 {
        const LAST: i32 = 19;
        const FIRST: i32 = -20;
        if queue.is_executable() {
            -queue.attributes.nice.clamp(FIRST, LAST)
        } else {
            PRIORITY_NO_EXECUTE
        }
    }
}
