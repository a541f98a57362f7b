//! Queues that wait for each other, across processes and devices, under every policy: whoever must run
//! for others to go on does run, and no set of queues is stuck.

#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)] // test helpers

mod sched_common;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sched_common::{Books, for_each_policy};
use xsched::sched::{Event, Hint, PRIORITY_NO_EXECUTE, PolicyHints, PolicyKind, QueueId};

const QUEUES: u64 = 9;

/// A random program: queues with hints, and waits for older queues only, so that there are no cycles.
#[derive(Clone, Debug)]
struct Program {
    queues: Vec<(u64, u32, i32, i32, i64)>,
    waits: Vec<(QueueId, QueueId)>,
    ready: Vec<QueueId>,
    concurrency: usize,
}

fn programs() -> impl Strategy<Value = Program> {
    let priority = prop_oneof![4 => -3..=3, 1 => Just(PRIORITY_NO_EXECUTE)];
    let deadline = prop_oneof![Just(-1_i64), 100..50_000_i64];
    let queue = (0..3_u64, 0..3_u32, priority, 1..=100, deadline);
    let waits = prop::collection::vec((0..QUEUES, 0..QUEUES), 0..16);
    (
        prop::collection::vec(queue, QUEUES as usize),
        waits,
        Just((0..QUEUES).collect::<Vec<_>>()).prop_shuffle(),
        1..4_usize,
    )
        .prop_map(|(queues, waits, ready, concurrency)| Program {
            queues,
            waits: waits.into_iter().filter(|(a, b)| a > b).collect(),
            ready,
            concurrency,
        })
}

/// Queues that can have their way, and those that they wait for.
fn needed(program: &Program, left: &BTreeSet<QueueId>) -> BTreeSet<QueueId> {
    let executable = |id: &u64| program.queues[*id as usize].2 != PRIORITY_NO_EXECUTE;
    let mut needed: BTreeSet<QueueId> = left.iter().copied().filter(executable).collect();
    // Waits lead to older queues, so one pass from the youngest is enough.
    for id in (0..QUEUES).rev().filter(|id| left.contains(id)) {
        if needed.contains(&id) {
            let waits = program.waits.iter().filter(|wait| wait.0 == id);
            needed.extend(
                waits
                    .map(|wait| wait.1)
                    .filter(|target| left.contains(target)),
            );
        }
    }
    needed
}

fn shares_time(policy: PolicyKind) -> bool {
    matches!(
        policy,
        PolicyKind::UtilizationPartition
            | PolicyKind::ProcessUtilizationPartition
            | PolicyKind::StrictProcessUtilizationPartition
            | PolicyKind::CompletelyFairScheduler
            | PolicyKind::MultiLevelFeedbackQueue
    )
}

/// Whoever a running queue waits for runs too: on the same device always; on another one where the
/// policy does not give that device to somebody more important.
fn check_targets(policy: PolicyKind, books: &Books, program: &Program) {
    for &(waiter, target) in &program.waits {
        let same_device = program.queues[waiter as usize].0 == program.queues[target as usize].0;
        if books.is_running(waiter)
            && books.queues[&target].ready
            && (same_device || shares_time(policy))
        {
            assert!(
                books.is_running(target),
                "{waiter} runs and waits for {target}"
            );
        }
    }
}

fn comes_to_its_end(policy: PolicyKind, program: &Program) {
    let mut books = Books::new(policy);
    books.handle(Event::Policy(PolicyHints {
        timeslice_us: 1000,
        concurrency: program.concurrency,
    }));
    for (id, &(device, process, priority, utilization, deadline)) in (0..).zip(&program.queues) {
        books.create(id, device, process);
        books.handle(Event::Hint(id, Hint::Priority(priority)));
        books.handle(Event::Hint(id, Hint::Utilization(utilization)));
        books.handle(Event::Hint(id, Hint::Deadline(deadline)));
    }
    let mut program = program.clone();
    for &(waiter, target) in &program.waits {
        books.handle(Event::Waits(waiter, target));
    }
    for &id in &program.ready {
        books.handle(Event::Ready(id));
        books.now_us += 50;
    }
    let mut left: BTreeSet<QueueId> = (0..QUEUES).collect();
    let mut ticks = 0;
    while !needed(&program, &left).is_empty() {
        check_targets(policy, &books, &program);
        let free = left.iter().copied().find(|&id| {
            books.is_running(id) && !program.waits.iter().any(|&(waiter, _)| waiter == id)
        });
        let Some(free) = free else {
            assert!(books.tick(), "stuck: {left:?} of {program:?}");
            ticks += 1;
            assert!(
                ticks < 1000,
                "stuck in spite of {ticks} ticks: {left:?} of {program:?}"
            );
            continue;
        };
        books.now_us += 700;
        books.handle(Event::UsedNs(free, 700_000));
        for &(waiter, target) in program.waits.iter().filter(|wait| wait.1 == free) {
            books.handle(Event::WaitOver(waiter, target));
        }
        program.waits.retain(|wait| wait.1 != free);
        books.handle(Event::Idle(free));
        left.remove(&free);
    }
}

fn never_stuck(policy: PolicyKind) {
    let mut runner = TestRunner::new(Config {
        cases: 2_000,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&programs(), |program| {
        comes_to_its_end(policy, &program);
        Ok(())
    });
    outcome.unwrap();
}

mod programs_that_wait {
    use super::for_each_policy;
    for_each_policy!(super::never_stuck);
}

/// The case that XSched's queue-by-queue policies get wrong: a process whose streams wait for each other.
#[test]
fn a_process_goes_on_although_one_of_its_queues_is_out_of_favour() {
    for policy in PolicyKind::all() {
        let mut books = Books::new(policy);
        for (id, process) in [(0, 1), (1, 1), (2, 2)] {
            books.create(id, 0, process);
            let priority = [1, -1, 0][id as usize];
            books.handle(Event::Hint(id, Hint::Priority(priority)));
            let deadline_us = [1_000, 90_000, 20_000][id as usize];
            books.handle(Event::Hint(id, Hint::Deadline(deadline_us)));
        }
        books.handle(Event::Ready(1));
        books.handle(Event::Ready(2));
        books.handle(Event::Waits(0, 1));
        books.handle(Event::Ready(0));
        for _ in 0..100 {
            if books.is_running(0) {
                break;
            }
            assert!(books.tick());
        }
        assert!(books.is_running(0) && books.is_running(1), "{policy:?}");
        books.handle(Event::WaitOver(0, 1));
        if policy == PolicyKind::HighestPriorityFirst {
            assert!(!books.is_running(1), "what was lent is taken back");
        }
    }
}

/// What one queue lends to another is the rank on its device, so the best there are not suspended for
/// the sake of another device.
#[test]
fn a_wait_across_devices_suspends_nobody_who_was_first() {
    let mut books = Books::new(PolicyKind::HighestPriorityFirst);
    for (id, device, priority) in [(0, 0, 9), (1, 1, -1), (2, 1, 1)] {
        books.create(id, device, 0);
        books.handle(Event::Hint(id, Hint::Priority(priority)));
        books.handle(Event::Ready(id));
    }
    assert!(!books.is_running(1) && books.is_running(2));
    books.handle(Event::Waits(0, 1));
    assert!(books.is_running(1) && books.is_running(2));
    assert_eq!(books.scheduler.priority(1), Some((-1, 1)));
}

/// A chain of a thousand waits is followed in one decision, in whatever order it was made.
#[test]
fn long_chains_are_followed() {
    const LENGTH: u64 = 1000;
    for policy in PolicyKind::all() {
        let mut books = Books::new(policy);
        for id in 0..LENGTH {
            books.create(id, 0, 0);
            books.handle(Event::Hint(id, Hint::Priority(-5)));
            books.handle(Event::Hint(id, Hint::Deadline(1_000_000)));
        }
        for id in (1..LENGTH).step_by(2).chain((2..LENGTH).step_by(2)) {
            books.handle(Event::Waits(id, id - 1));
        }
        books.handle(Event::Hint(LENGTH - 1, Hint::Priority(5)));
        books.handle(Event::Hint(LENGTH - 1, Hint::Deadline(1)));
        for id in 0..LENGTH {
            books.handle(Event::Ready(id));
        }
        if policy == PolicyKind::HighestPriorityFirst {
            assert!(books.queues.values().all(|queue| !queue.suspended));
        }
        assert!(books.is_running(0), "{policy:?}: the end of the chain runs");
    }
}
