//! What the scheduler's tests share: every policy by name, and a runtime that only keeps the books.

#![allow(dead_code)] // not every test file uses all of it

use std::collections::BTreeMap;

use xsched::sched::{Action, Attributes, Event, Operation, PolicyKind, QueueId, Scheduler};

/// One test function per policy, so that each is named and they run side by side.
macro_rules! for_each_policy {
    ($test:path) => {
        for_each_policy! { $test: hpf "HPF", hhpf "HHPF", chpf "CHPF", up "UP", pup "PUP", spup "SPUP",
        kedf "KEDF", lax "LAX", awf "AWF", cfs "CFS", mlfq "MLFQ" }
    };
    ($test:path: $($name:ident $policy:literal),+) => {
        $(#[test]
        fn $name() {
            $test(xsched::sched::PolicyKind::parse($policy).unwrap());
        })+
    };
}
pub(crate) use for_each_policy;

/// Every moment with a ready queue that may run is used. SPUP promises the contrary.
pub(crate) fn conserves_work(policy: PolicyKind) -> bool {
    policy != PolicyKind::StrictProcessUtilizationPartition
}

/// Decisions of these depend on the order of events only, not on their times.
pub(crate) fn is_timeless(policy: PolicyKind) -> bool {
    matches!(
        policy,
        PolicyKind::HighestPriorityFirst
            | PolicyKind::HeterogeneousHighestPriorityFirst
            | PolicyKind::CpuHighestPriorityFirst
            | PolicyKind::ActiveWindowFirst
    )
}

/// What the runtime knows of a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) attributes: Attributes,
    pub(crate) ready: bool,
    pub(crate) suspended: bool,
}

/// A scheduler, and what its operations alone say about the queues.
pub(crate) struct Books {
    pub(crate) scheduler: Scheduler,
    pub(crate) queues: BTreeMap<QueueId, Known>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) now_us: u64,
}

impl Books {
    pub(crate) fn new(policy: PolicyKind) -> Books {
        Books {
            scheduler: Scheduler::new(policy),
            queues: BTreeMap::new(),
            operations: Vec::new(),
            now_us: 0,
        }
    }

    /// Hands over one event and checks that every operation makes sense.
    pub(crate) fn handle(&mut self, event: Event) {
        self.operations.clear();
        self.scheduler
            .handle(self.now_us, event, &mut self.operations);
        self.record(event);
        self.apply();
    }

    fn record(&mut self, event: Event) {
        match event {
            Event::Created(id, attributes) => {
                let new = Known {
                    attributes,
                    ready: false,
                    suspended: false,
                };
                self.queues.entry(id).or_insert(new).attributes.nice = attributes.nice;
            }
            Event::Destroyed(id) => drop(self.queues.remove(&id)),
            Event::Ready(id) | Event::Idle(id) => {
                if let Some(queue) = self.queues.get_mut(&id) {
                    queue.ready = event == Event::Ready(id);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn apply(&mut self) {
        let mut resumed = false;
        for operation in &self.operations {
            let suspend = operation.action == Action::Suspend;
            let queue = self
                .queues
                .get_mut(&operation.queue)
                .unwrap_or_else(|| panic!("of an unknown queue: {operation:?}"));
            assert_ne!(queue.suspended, suspend, "changes nothing: {operation:?}");
            assert!(!(suspend && resumed), "a suspension after a resumption");
            resumed |= !suspend;
            queue.suspended = suspend;
        }
    }

    pub(crate) fn create(&mut self, id: QueueId, device: u64, process: u32) {
        let attributes = Attributes {
            device,
            process,
            nice: 0,
        };
        self.handle(Event::Created(id, attributes));
    }

    pub(crate) fn is_running(&self, id: QueueId) -> bool {
        self.queues
            .get(&id)
            .is_some_and(|queue| queue.ready && !queue.suspended)
    }

    /// Lets the policy's time come. False if it waits for nothing.
    pub(crate) fn tick(&mut self) -> bool {
        let Some(tick_us) = self.scheduler.next_tick_us() else {
            return false;
        };
        self.now_us = self.now_us.max(tick_us);
        self.handle(Event::Tick);
        true
    }
}
