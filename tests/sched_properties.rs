//! The scheduler on random histories, in virtual time: what must hold after every event.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)] // test helpers

use proptest::prelude::*;
use xsched::sched::{
    Action, Attributes, Event, Hint, Operation, PRIORITY_MAX, PRIORITY_NO_EXECUTE, PolicyKind,
    Scheduler,
};

const QUEUES: u64 = 6;

fn event() -> impl Strategy<Value = Event> {
    let id = 0..QUEUES;
    prop_oneof![
        2 => id.clone().prop_map(|id| Event::Created(id, Attributes::default())),
        1 => id.clone().prop_map(Event::Destroyed),
        6 => id.clone().prop_map(Event::Ready),
        6 => id.clone().prop_map(Event::Idle),
        2 => (id.clone(), -2..=2).prop_map(|(id, p)| Event::Hint(id, Hint::Priority(p))),
        1 => id.clone().prop_map(|id| Event::Hint(id, Hint::Priority(PRIORITY_NO_EXECUTE))),
        1 => id.clone().prop_map(|id| Event::Hint(id, Hint::Priority(PRIORITY_MAX))),
        2 => (id.clone(), id.clone()).prop_map(|(a, b)| Event::Waits(a, b)),
        2 => (id.clone(), id).prop_map(|(a, b)| Event::WaitOver(a, b)),
        1 => Just(Event::Tick),
    ]
}

/// What the operations alone say about each queue, as the runtime would have applied them.
#[derive(Default)]
struct Applied {
    exists: [bool; QUEUES as usize],
    ready: [bool; QUEUES as usize],
    suspended: [bool; QUEUES as usize],
}

impl Applied {
    fn apply(&mut self, event: Event, operations: &[Operation]) {
        match event {
            Event::Created(id, _) => self.exists[id as usize] = true,
            Event::Destroyed(id) => {
                self.exists[id as usize] = false;
                self.ready[id as usize] = false;
                self.suspended[id as usize] = false;
            }
            Event::Ready(id) => self.ready[id as usize] = self.exists[id as usize],
            Event::Idle(id) => self.ready[id as usize] = false,
            _ => {}
        }
        for operation in operations {
            let suspend = operation.action == Action::Suspend;
            let was = &mut self.suspended[operation.queue as usize];
            assert_ne!(
                *was, suspend,
                "an operation that changes nothing: {operation:?}"
            );
            assert!(
                self.exists[operation.queue as usize],
                "of an unknown queue: {operation:?}"
            );
            *was = suspend;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn hpf_keeps_its_promises(history in prop::collection::vec(event(), 1..60)) {
        let mut scheduler = Scheduler::new(PolicyKind::HighestPriorityFirst);
        let mut again = Scheduler::new(PolicyKind::HighestPriorityFirst);
        let mut applied = Applied::default();
        let (mut operations, mut same) = (Vec::new(), Vec::new());
        for (at, &event) in history.iter().enumerate() {
            operations.clear();
            same.clear();
            scheduler.handle(at as u64, event, &mut operations);
            // Decisions depend on the events only, not on the time.
            again.handle(1_000_000 + at as u64 * 7, event, &mut same);
            prop_assert_eq!(&operations, &same);
            applied.apply(event, &operations);

            // Suspensions come before resumptions: two classes never run together.
            let last_suspend = operations.iter().rposition(|op| op.action == Action::Suspend);
            let first_resume = operations.iter().position(|op| op.action == Action::Resume);
            prop_assert!(last_suspend.is_none() || first_resume.is_none() || last_suspend < first_resume);

            let mut highest = None;
            for id in 0..QUEUES {
                let i = id as usize;
                prop_assert_eq!(scheduler.is_suspended(id), applied.suspended[i]);
                prop_assert_eq!(scheduler.is_ready(id), applied.ready[i]);
                // An idle queue is never left suspended.
                prop_assert!(applied.ready[i] || !applied.suspended[i]);
                if applied.ready[i] {
                    highest = highest.max(scheduler.priority(id).map(|(_, effective)| effective));
                }
            }
            for id in 0..QUEUES {
                let i = id as usize;
                if let (true, Some((hint, effective))) = (applied.ready[i], scheduler.priority(id)) {
                    prop_assert!(effective >= hint, "priority is lent, never taken");
                    let runs = effective != PRIORITY_NO_EXECUTE && Some(effective) == highest;
                    prop_assert_eq!(runs, !applied.suspended[i], "queue {} of {:?}", id, highest);
                }
            }
        }
    }

    /// No set of queues that wait for each other deadlocks: some ready queue that waits for nobody
    /// unfinished may run, as long as the waits form no cycle.
    #[test]
    fn waits_never_deadlock(
        priorities in prop::collection::vec(-3..=3, QUEUES as usize),
        waits in prop::collection::vec((0..QUEUES, 0..QUEUES), 0..12),
    ) {
        let mut scheduler = Scheduler::new(PolicyKind::HighestPriorityFirst);
        let mut operations = Vec::new();
        // A wait for an older queue only: no cycles.
        let mut waits: Vec<(u64, u64)> = waits.into_iter().filter(|(a, b)| a > b).collect();
        for id in 0..QUEUES {
            scheduler.handle(0, Event::Created(id, Attributes::default()), &mut operations);
            let hint = Hint::Priority(priorities[id as usize]);
            scheduler.handle(0, Event::Hint(id, hint), &mut operations);
        }
        for &(waiter, target) in &waits {
            scheduler.handle(0, Event::Waits(waiter, target), &mut operations);
        }
        for id in 0..QUEUES {
            scheduler.handle(0, Event::Ready(id), &mut operations);
        }
        for _ in 0..QUEUES {
            let free = (0..QUEUES).find(|&id| {
                scheduler.is_ready(id)
                    && !scheduler.is_suspended(id)
                    && !waits.iter().any(|&(waiter, _)| waiter == id)
            });
            let Some(free) = free else {
                return Err(TestCaseError::fail("deadlock"));
            };
            for &(waiter, target) in waits.iter().filter(|&&(_, target)| target == free) {
                scheduler.handle(0, Event::WaitOver(waiter, target), &mut operations);
            }
            waits.retain(|&(_, target)| target != free);
            scheduler.handle(0, Event::Idle(free), &mut operations);
        }
    }
}

#[test]
fn equal_priorities_all_run() {
    let mut scheduler = Scheduler::new(PolicyKind::HighestPriorityFirst);
    let mut operations = Vec::new();
    for id in 0..QUEUES {
        scheduler.handle(
            0,
            Event::Created(id, Attributes::default()),
            &mut operations,
        );
        scheduler.handle(0, Event::Ready(id), &mut operations);
    }
    assert!(operations.is_empty(), "nobody is suspended: {operations:?}");
    scheduler.each_preemptible(|id, may| assert!(!may, "queue {id}"));
}

#[test]
fn a_thousand_queues_are_decided() {
    let mut scheduler = Scheduler::new(PolicyKind::HighestPriorityFirst);
    let mut operations = Vec::new();
    for id in 0..1000 {
        scheduler.handle(
            0,
            Event::Created(id, Attributes::default()),
            &mut operations,
        );
        let hint = Hint::Priority(i32::try_from(id % 100).unwrap());
        scheduler.handle(0, Event::Hint(id, hint), &mut operations);
        scheduler.handle(0, Event::Ready(id), &mut operations);
    }
    let running = (0..1000).filter(|&id| !scheduler.is_suspended(id)).count();
    assert_eq!(running, 10, "the ten queues of priority 99");
}
