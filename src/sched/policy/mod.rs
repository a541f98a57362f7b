//! Policies: which of the ready queues may run. One file each.

mod hpf;
mod kind;

use super::event::{Attributes, QueueId};
use super::hint::{Hints, PRIORITY_DEFAULT};

pub use self::hpf::HighestPriorityFirst;
pub use self::kind::PolicyKind;

/// What a policy sees of a queue.
#[derive(Clone, Copy, Debug)]
pub struct QueueView {
    /// Which queue.
    pub id: QueueId,
    /// Where it runs, and for whom.
    pub attributes: Attributes,
    /// It has work.
    pub ready: bool,
    /// What the application advised.
    pub hints: Hints,
    /// The highest priority among itself and the ready queues that wait for it, however indirectly.
    pub effective_priority: i32,
}

impl QueueView {
    pub(super) fn new(id: QueueId, attributes: Attributes) -> QueueView {
        QueueView {
            id,
            attributes,
            ready: false,
            hints: Hints::default(),
            effective_priority: PRIORITY_DEFAULT,
        }
    }
}

/// Chooses. Called with every event; must not depend on anything but its arguments and its own state.
pub trait Policy: Send {
    /// Writes into `run`, which has one entry per queue and starts as all true, who may run.
    fn select(&mut self, now_us: u64, queues: &[QueueView], run: &mut [bool]);

    /// Writes into `may` which queues some event could suspend. If none, nobody competes and the
    /// runtime stops tracking.
    fn preemptible(&self, queues: &[QueueView], may: &mut [bool]);
}
