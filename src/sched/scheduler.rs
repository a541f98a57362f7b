//! The state machine: keeps what it knows of each queue, asks the policy, emits the difference.
//!
//! Only a queue that is ready is ever suspended, and a queue that stops being ready is resumed, so an
//! idle queue is never left behind a closed gate.

use super::event::{Action, Event, Operation, QueueId};
use super::policy::{Change, Policy, PolicyKind};
use super::table::{NONE, Table};

/// See the module.
pub struct Scheduler {
    policy: Box<dyn Policy>,
    table: Table,
    now_us: u64,
    suspended_count: usize,
    /// Resumptions of the decision under way; kept for its memory.
    resumed: Vec<Operation>,
}

impl Scheduler {
    /// An empty scheduler.
    pub fn new(policy: PolicyKind) -> Scheduler {
        Scheduler {
            policy: policy.build(),
            table: Table::default(),
            now_us: 0,
            suspended_count: 0,
            resumed: Vec::new(),
        }
    }

    /// Another policy decides from here on, and decides at once. What is known of the queues stays, but
    /// for the device time they have used.
    pub fn set_policy(&mut self, now_us: u64, policy: PolicyKind, operations: &mut Vec<Operation>) {
        self.now_us = self.now_us.max(now_us);
        self.policy = policy.build();
        let rows = self.table.queues.len();
        // The policy is told as if they came one after the other, so none of them is anywhere yet.
        for device in &mut self.table.devices {
            device.queues = 0;
        }
        for queue in &mut self.table.queues {
            (queue.unit, queue.counted) = (NONE, false);
        }
        for at in 0..rows {
            let queue = &mut self.table.queues[at];
            let ready = std::mem::replace(&mut queue.ready, false);
            self.table.devices[queue.device].queues += 1;
            self.observe(at, Change::Came);
            self.table.queues[at].ready = ready;
        }
        for at in 0..rows {
            if self.table.queues[at].ready {
                self.observe(at, Change::Ready);
            }
        }
        self.decide(None, operations);
    }

    /// Takes one event at `now_us`, on a clock that does not go back, and appends what must be done,
    /// suspensions first.
    pub fn handle(&mut self, now_us: u64, event: Event, operations: &mut Vec<Operation>) {
        self.now_us = self.now_us.max(now_us);
        let (changed, cause) = match event {
            Event::Created(id, attributes) => {
                let known = self.table.find(id);
                let change = if known.is_some() {
                    Change::Advised
                } else {
                    Change::Came
                };
                let at = known.unwrap_or_else(|| self.table.insert(id, attributes));
                self.table.queues[at].attributes.nice = attributes.nice;
                self.observe(at, change);
                (true, Some(id))
            }
            Event::Destroyed(id) => (self.destroy(id), Some(id)),
            Event::Ready(id) => (self.turn(id, true), Some(id)),
            Event::Idle(id) => (self.turn(id, false), Some(id)),
            Event::Hint(id, hint) => {
                let at = self.table.find(id);
                if let Some(at) = at {
                    self.table.queues[at].hints.take(hint);
                    self.observe(at, Change::Advised);
                }
                (at.is_some(), Some(id))
            }
            Event::Waits(waiter, target) => (self.wait(waiter, target), Some(waiter)),
            Event::WaitOver(waiter, target) => (self.end_wait(waiter, target), Some(target)),
            Event::UsedNs(id, ns) => {
                let at = self.table.find(id);
                (
                    at.is_some_and(|at| self.observe(at, Change::UsedNs(ns))),
                    None,
                )
            }
            Event::Policy(hints) => {
                self.table.advice.policy = hints;
                self.policy.readvised();
                (true, None)
            }
            Event::ActiveWindow(process) => {
                self.table.advice.active_window = process;
                (true, None)
            }
            Event::Tick => (true, None),
        };
        // Whatever happened, it may have happened after the time at which the policy wanted to look.
        if changed
            || self
                .next_tick_us()
                .is_some_and(|tick_us| tick_us <= self.now_us)
        {
            self.decide(cause, operations);
        }
    }

    /// The time by which the policy wants to see a `Tick` at the latest, on the clock of `handle`.
    /// Ask after every event. None: nothing changes until something happens.
    pub fn next_tick_us(&self) -> Option<u64> {
        self.policy.next_tick_us()
    }

    /// What a user should know about how the policy acts just now, for the log.
    pub fn note(&self) -> Option<&'static str> {
        self.policy.note(&self.table)
    }

    fn observe(&mut self, at: usize, change: Change) -> bool {
        self.policy
            .observe(self.now_us, &mut self.table, at, change)
    }

    /// The queue becomes ready or idle. False if nothing is new.
    fn turn(&mut self, id: QueueId, ready: bool) -> bool {
        let Some(at) = self.table.find(id) else {
            return false;
        };
        let queue = &mut self.table.queues[at];
        if queue.ready == ready {
            return false;
        }
        queue.ready = ready;
        if ready {
            queue.ready_since_us = self.now_us;
        }
        self.observe(at, if ready { Change::Ready } else { Change::Idle });
        true
    }

    fn destroy(&mut self, id: QueueId) -> bool {
        self.turn(id, false);
        let Some(at) = self.table.find(id) else {
            return false;
        };
        self.observe(at, Change::Goes);
        // Its gate is opened by whoever destroys it.
        self.suspended_count -= usize::from(self.table.queues[at].suspended);
        self.table.remove(at);
        if self.table.queues.is_empty() {
            self.resumed = Vec::new();
        }
        true
    }

    fn wait(&mut self, waiter: QueueId, target: QueueId) -> bool {
        let rows = self.table.find(waiter).zip(self.table.find(target));
        let Some((waiter, target)) = rows.filter(|(waiter, target)| waiter != target) else {
            return false;
        };
        self.table.waits.add(waiter, target);
        true
    }

    fn end_wait(&mut self, waiter: QueueId, target: QueueId) -> bool {
        let rows = self.table.find(waiter).zip(self.table.find(target));
        rows.is_some_and(|(waiter, target)| self.table.waits.end(waiter, target))
    }

    fn decide(&mut self, cause: Option<QueueId>, operations: &mut Vec<Operation>) {
        self.policy.select(self.now_us, &mut self.table);
        for queue in &mut self.table.queues {
            let suspend = queue.ready && !queue.run;
            if suspend == queue.suspended {
                continue;
            }
            queue.suspended = suspend;
            let mut operation = Operation {
                queue: queue.id,
                action: Action::Suspend,
                cause,
            };
            if suspend {
                self.suspended_count += 1;
                operations.push(operation);
            } else {
                self.suspended_count -= 1;
                operation.action = Action::Resume;
                self.resumed.push(operation);
            }
        }
        operations.append(&mut self.resumed);
    }

    /// True if this queue is suspended.
    pub fn is_suspended(&self, id: QueueId) -> bool {
        let at = self.table.find(id);
        at.is_some_and(|at| self.table.queues[at].suspended)
    }

    /// True if this queue is ready.
    pub fn is_ready(&self, id: QueueId) -> bool {
        let at = self.table.find(id);
        at.is_some_and(|at| self.table.queues[at].ready)
    }

    /// True if any queue is suspended.
    pub fn holds_any(&self) -> bool {
        self.suspended_count > 0
    }

    /// The queue's priority hint, and the rank it has under a policy that ranks queues: its own, or what
    /// waiting queues have lent it. Under the others, the hint.
    pub fn priority(&self, id: QueueId) -> Option<(i32, i32)> {
        let queue = self.table.find(id).map(|at| &self.table.queues[at]);
        queue.map(|queue| (queue.hints.priority, queue.effective_priority))
    }

    /// Calls `each` with every queue and whether some event, or the time, could suspend it. Ask again
    /// when a queue has come or gone, and when a hint or the policy has changed.
    pub fn each_preemptible(&self, mut each: impl FnMut(QueueId, bool)) {
        let mut may = vec![false; self.table.queues.len()];
        self.policy.preemptible(&self.table, &mut may);
        for (queue, may) in self.table.queues.iter().zip(may) {
            each(queue.id, may);
        }
    }
}
