//! HHPF, heterogeneous highest priority first: one priority order over all devices. A queue runs unless a
//! ready queue of any device has a higher priority.
//!
//! Fixed priorities as in `hpf`. It serves an application whose important part uses several devices in
//! turn and must not be disturbed on any: what other devices share with it - memory bandwidth, the bus,
//! the power budget - is kept free too. The price is that devices stand idle, so work is conserved over
//! all devices together, not on each.
//!
//! XSched 1.2 agrees, save for inheritance and for priorities of queues that are gone.

use super::hpf::ByPriority;
use super::rank::{HighestFirst, Rank};
use crate::sched::table::{Advice, QueueView};

/// See the module.
pub(super) type HeterogeneousHighestPriorityFirst = HighestFirst<Everywhere>;

/// The priority hint, over all devices.
#[derive(Default)]
pub(super) struct Everywhere(ByPriority);

impl Rank for Everywhere {
    const ACROSS_DEVICES: bool = true;

    fn rank(&self, advice: &Advice, queue: &QueueView, now_us: u64) -> i32 {
        self.0.rank(advice, queue, now_us)
    }
}
