//! What is known of the queues: one dense row per queue, found by id.
//!
//! Rows and devices are numbered by position. Removing a row moves the last one into its place, so a
//! forgotten queue leaves no hole; whoever keeps positions is told where the last row went.

use std::collections::HashMap;

use super::event::{Attributes, QueueId};
use super::hint::{Hints, PRIORITY_DEFAULT, PRIORITY_NO_EXECUTE, PolicyHints};
use super::waits::Waits;

/// No row, no device, no unit.
pub(super) const NONE: usize = usize::MAX;

/// What a policy sees of a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueueView {
    /// Which queue.
    pub(super) id: QueueId,
    /// Where it runs, and for whom.
    pub(super) attributes: Attributes,
    /// What the application advised.
    pub(super) hints: Hints,
    /// When it became ready, if it is; microseconds.
    pub(super) ready_since_us: u64,
    /// Position of its device.
    pub(super) device: usize,
    /// Position of its unit in a policy that has units.
    pub(super) unit: usize,
    /// Its rank under a policy that ranks queues, at least that of the ready queues that wait for it.
    pub(super) effective_priority: i32,
    /// It has work.
    pub(super) ready: bool,
    /// Counted as ready in its unit.
    pub(super) counted: bool,
    /// The policy's last choice; means something for a ready queue only.
    pub(super) run: bool,
    /// What the runtime was told.
    pub(super) suspended: bool,
}

impl QueueView {
    /// True if it may run without another queue's help.
    pub(super) fn is_executable(&self) -> bool {
        self.hints.priority != PRIORITY_NO_EXECUTE
    }
}

/// A device that has queues.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeviceRow {
    id: u64,
    /// How many queues it has. A row without any is free.
    pub(super) queues: usize,
}

/// Advice that concerns no queue in particular.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Advice {
    pub(super) policy: PolicyHints,
    /// The process that owns the active window.
    pub(super) active_window: Option<u32>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Table {
    pub(super) queues: Vec<QueueView>,
    pub(super) devices: Vec<DeviceRow>,
    pub(super) waits: Waits,
    pub(super) advice: Advice,
    index: HashMap<QueueId, usize>,
}

impl Table {
    /// The row of a queue.
    pub(super) fn find(&self, id: QueueId) -> Option<usize> {
        self.index.get(&id).copied()
    }

    /// A new row, of an idle queue with default hints.
    pub(super) fn insert(&mut self, id: QueueId, attributes: Attributes) -> usize {
        let device = self.device(attributes.device);
        self.devices[device].queues += 1;
        let at = self.queues.len();
        push(
            &mut self.queues,
            QueueView {
                id,
                attributes,
                hints: Hints::default(),
                ready_since_us: 0,
                device,
                unit: NONE,
                effective_priority: PRIORITY_DEFAULT,
                ready: false,
                counted: false,
                run: true,
                suspended: false,
            },
        );
        self.index.insert(id, at);
        at
    }

    /// Forgets a row; the last one takes its place.
    pub(super) fn remove(&mut self, at: usize) {
        let last = self.queues.len() - 1;
        let gone = swap_remove(&mut self.queues, at);
        self.index.remove(&gone.id);
        if let Some(moved) = self.queues.get(at) {
            self.index.insert(moved.id, at);
        }
        if self.index.is_empty() {
            self.index = HashMap::new();
        } else if self.index.capacity() > 4 * self.index.len() + 16 {
            self.index.shrink_to(2 * self.index.len());
        }
        self.waits.forget(at, last);
        self.devices[gone.device].queues -= 1;
        while self.devices.last().is_some_and(|device| device.queues == 0) {
            self.devices.pop();
        }
        if self.devices.is_empty() {
            self.devices = Vec::new();
        }
    }

    fn device(&mut self, id: u64) -> usize {
        let rows = || self.devices.iter();
        let known = rows().position(|row| row.queues > 0 && row.id == id);
        let row = DeviceRow { id, queues: 0 };
        if let Some(at) = known {
            return at;
        }
        if let Some(at) = rows().position(|row| row.queues == 0) {
            self.devices[at] = row;
            return at;
        }
        self.devices.push(row);
        self.devices.len() - 1
    }
}

/// Appends, growing by an eighth: a table of queues lives long and changes rarely, so memory counts for
/// more than the copying.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 8 + 4);
    }
    list.push(item);
}

/// Takes one out, puts the last in its place, and gives memory back.
pub(super) fn swap_remove<T>(list: &mut Vec<T>, at: usize) -> T {
    let gone = list.swap_remove(at);
    if list.is_empty() {
        *list = Vec::new();
    } else if list.capacity() > list.len() + list.len() / 4 + 8 {
        list.shrink_to(list.len() + list.len() / 8);
    }
    gone
}
