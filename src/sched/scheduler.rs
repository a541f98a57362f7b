//! The state machine: keeps what it knows of each queue, asks the policy, emits the difference.
//!
//! Only a queue that is ready is ever suspended, and a queue that stops being ready is resumed, so an
//! idle queue is never left behind a closed gate.

use super::event::{Action, Event, Operation, QueueId};
use super::policy::{Policy, PolicyKind, QueueView};

/// See the module. Queues are few, so plain vectors in order of creation serve best.
pub struct Scheduler {
    policy: Box<dyn Policy>,
    queues: Vec<QueueView>,
    suspended: Vec<bool>,
    /// (waiter, target), with repetitions.
    waits: Vec<(QueueId, QueueId)>,
    run: Vec<bool>,
}

impl Scheduler {
    /// An empty scheduler.
    pub fn new(policy: PolicyKind) -> Scheduler {
        Scheduler {
            policy: policy.build(),
            queues: Vec::new(),
            suspended: Vec::new(),
            waits: Vec::new(),
            run: Vec::new(),
        }
    }

    /// Another policy decides from here on, and decides at once. What is known of the queues stays.
    pub fn set_policy(&mut self, now_us: u64, policy: PolicyKind, operations: &mut Vec<Operation>) {
        self.policy = policy.build();
        self.decide(now_us, None, operations);
    }

    /// Takes one event at `now_us` and appends what must be done, suspensions first.
    pub fn handle(&mut self, now_us: u64, event: Event, operations: &mut Vec<Operation>) {
        let cause = match event {
            Event::Created(id, attributes) => {
                if let Some(at) = self.find(id) {
                    self.queues[at].attributes.nice = attributes.nice;
                } else {
                    self.queues.push(QueueView::new(id, attributes));
                    self.suspended.push(false);
                }
                id
            }
            Event::Destroyed(id) => {
                if let Some(at) = self.find(id) {
                    self.queues.remove(at);
                    self.suspended.remove(at);
                    self.waits
                        .retain(|&(waiter, target)| waiter != id && target != id);
                }
                id
            }
            Event::Ready(id) => {
                self.update(id, |queue| queue.ready = true);
                id
            }
            Event::Idle(id) => {
                self.update(id, |queue| queue.ready = false);
                id
            }
            Event::Hint(id, hint) => {
                self.update(id, |queue| queue.hints.take(hint));
                id
            }
            Event::Waits(waiter, target) => {
                if waiter != target {
                    self.waits.push((waiter, target));
                }
                waiter
            }
            Event::WaitOver(waiter, target) => {
                if let Some(at) = self.waits.iter().position(|&wait| wait == (waiter, target)) {
                    self.waits.swap_remove(at);
                }
                target
            }
            Event::UsedNs(..) => return,
            Event::Policy(_) | Event::ActiveWindow(_) | Event::Tick => {
                return self.decide(now_us, None, operations);
            }
        };
        self.decide(now_us, Some(cause), operations);
    }

    /// The time by which the policy wants to see a `Tick` at the latest, on the clock of `handle`.
    /// Ask after every event. None: nothing changes until something happens.
    pub fn next_tick_us(&self) -> Option<u64> {
        None
    }

    /// What a user should know about how the policy acts just now, for the log.
    pub fn note(&self) -> Option<&'static str> {
        None
    }

    fn find(&self, id: QueueId) -> Option<usize> {
        self.queues.iter().position(|queue| queue.id == id)
    }

    fn update(&mut self, id: QueueId, change: impl FnOnce(&mut QueueView)) {
        if let Some(queue) = self.queues.iter_mut().find(|queue| queue.id == id) {
            change(queue);
        }
    }

    fn decide(&mut self, now_us: u64, cause: Option<QueueId>, operations: &mut Vec<Operation>) {
        self.inherit();
        self.run.clear();
        self.run.resize(self.queues.len(), true);
        self.policy.select(now_us, &self.queues, &mut self.run);
        for action in [Action::Suspend, Action::Resume] {
            for (at, queue) in self.queues.iter().enumerate() {
                let suspend = queue.ready && !self.run[at];
                if suspend != self.suspended[at] && suspend == (action == Action::Suspend) {
                    self.suspended[at] = suspend;
                    operations.push(Operation {
                        queue: queue.id,
                        action,
                        cause,
                    });
                }
            }
        }
    }

    /// A queue that a ready queue waits for runs with the waiter's priority (priority inheritance,
    /// Sha, Rajkumar and Lehoczky, 1990). Waits may form chains, and even cycles in a broken program.
    fn inherit(&mut self) {
        for queue in &mut self.queues {
            queue.effective_priority = queue.hints.priority;
        }
        let mut changed = !self.waits.is_empty();
        while changed {
            changed = false;
            for &(waiter, target) in &self.waits {
                let Some(lent) = self
                    .queues
                    .iter()
                    .find(|queue| queue.id == waiter && queue.ready)
                    .map(|queue| queue.effective_priority)
                else {
                    continue;
                };
                if let Some(queue) = self.queues.iter_mut().find(|queue| queue.id == target)
                    && queue.effective_priority < lent
                {
                    queue.effective_priority = lent;
                    changed = true;
                }
            }
        }
    }

    /// True if this queue is suspended.
    pub fn is_suspended(&self, id: QueueId) -> bool {
        self.find(id).is_some_and(|at| self.suspended[at])
    }

    /// True if this queue is ready.
    pub fn is_ready(&self, id: QueueId) -> bool {
        self.find(id).is_some_and(|at| self.queues[at].ready)
    }

    /// True if any queue is suspended.
    pub fn holds_any(&self) -> bool {
        self.suspended.contains(&true)
    }

    /// The queue's priority hint, and what waiting queues have lent it.
    pub fn priority(&self, id: QueueId) -> Option<(i32, i32)> {
        self.find(id).map(|at| {
            (
                self.queues[at].hints.priority,
                self.queues[at].effective_priority,
            )
        })
    }

    /// Calls `each` with every queue and whether some event could suspend it.
    pub fn each_preemptible(&self, mut each: impl FnMut(QueueId, bool)) {
        let mut may = vec![false; self.queues.len()];
        self.policy.preemptible(&self.queues, &mut may);
        for (queue, may) in self.queues.iter().zip(may) {
            each(queue.id, may);
        }
    }
}
