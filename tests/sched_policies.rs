//! Each policy on short histories whose outcome can be said by hand. What holds on any history is in
//! `sched_properties.rs`, what holds over time in the simulator's tests.

#![allow(clippy::unwrap_used, clippy::panic)] // test helpers

#[allow(unused_macros, unused_imports)] // nothing here is done once per policy by name
mod sched_common;

use sched_common::Books;
use xsched::sched::{
    Attributes, Event, Hint, PRIORITY_NO_EXECUTE, PolicyHints, PolicyKind, QueueId,
};

fn books(policy: &str) -> Books {
    Books::new(PolicyKind::parse(policy).unwrap())
}

/// A ready queue.
fn add(books: &mut Books, id: QueueId, device: u64, process: u32, hint: Hint) {
    books.create(id, device, process);
    books.handle(Event::Hint(id, hint));
    books.handle(Event::Ready(id));
}

fn running(books: &Books) -> Vec<QueueId> {
    let ids = books.queues.keys().copied();
    ids.filter(|&id| books.is_running(id)).collect()
}

fn at(books: &mut Books, now_us: u64, event: Event) {
    books.now_us = now_us;
    books.handle(event);
}

#[test]
fn hpf_is_per_device_and_hhpf_is_not() {
    for (policy, expected) in [("HPF", vec![0, 2]), ("HHPF", vec![0])] {
        let mut books = books(policy);
        for (id, device, priority) in [(0, 0, 5), (1, 0, 4), (2, 1, 3), (3, 1, 2)] {
            add(&mut books, id, device, 0, Hint::Priority(priority));
        }
        assert_eq!(running(&books), expected, "{policy}");
        books.handle(Event::Idle(0));
        let next = if policy == "HPF" { vec![1, 2] } else { vec![1] };
        assert_eq!(running(&books), next, "{policy}");
    }
}

#[test]
fn priorities_of_gone_queues_are_forgotten() {
    let mut books = books("HPF");
    add(&mut books, 0, 0, 0, Hint::Priority(9));
    add(&mut books, 1, 0, 0, Hint::Priority(1));
    assert_eq!(running(&books), [0]);
    books.handle(Event::Destroyed(0));
    books.create(0, 0, 0);
    books.handle(Event::Ready(0));
    assert_eq!(running(&books), [1], "a new queue 0 has no hint");
}

#[test]
fn chpf_goes_by_the_process_and_follows_its_nice_value() {
    let mut books = books("CHPF");
    let nice = |id, process, nice| {
        let attributes = Attributes {
            device: 0,
            process,
            nice,
        };
        Event::Created(id, attributes)
    };
    for (id, process, value) in [(0, 1, 0), (1, 1, 0), (2, 2, 10)] {
        books.handle(nice(id, process, value));
        books.handle(Event::Hint(
            id,
            Hint::Priority(200 - i32::try_from(id).unwrap()),
        ));
        books.handle(Event::Ready(id));
    }
    assert_eq!(running(&books), [0, 1], "whatever the priority hints");
    books.handle(nice(2, 2, -5));
    assert_eq!(running(&books), [2]);
    books.handle(Event::Hint(2, Hint::Priority(PRIORITY_NO_EXECUTE)));
    assert_eq!(running(&books), [0, 1]);
}

#[test]
fn awf_is_hpf_until_it_knows_the_active_window() {
    let mut books = books("AWF");
    for (id, process, priority) in [(0, 1, 5), (1, 1, 1), (2, 2, 3), (3, 3, 3)] {
        add(&mut books, id, 0, process, Hint::Priority(priority));
    }
    assert!(
        books
            .scheduler
            .note()
            .is_some_and(|note| note.contains("HPF"))
    );
    assert_eq!(running(&books), [0]);
    books.handle(Event::ActiveWindow(Some(1)));
    assert_eq!(books.scheduler.note(), None);
    assert_eq!(running(&books), [0, 1], "all queues of the process");
    books.handle(Event::ActiveWindow(Some(2)));
    assert_eq!(running(&books), [2]);
    books.handle(Event::Idle(2));
    assert_eq!(running(&books), [0], "the others by priority");
    books.handle(Event::Hint(2, Hint::Priority(PRIORITY_NO_EXECUTE)));
    books.handle(Event::Ready(2));
    assert_eq!(running(&books), [0], "not even in the active window");
    books.handle(Event::ActiveWindow(None));
    assert!(books.scheduler.note().is_some());
}

#[test]
fn lax_changes_priority_when_laxity_is_used_up() {
    let mut books = books("LAX");
    let laxity = Hint::Laxity {
        laxity_us: 1000,
        lax: 0,
        critical: 2,
    };
    add(&mut books, 0, 0, 0, Hint::Priority(1));
    books.now_us = 100;
    add(&mut books, 1, 0, 0, laxity);
    assert_eq!(running(&books), [0]);
    assert_eq!(books.scheduler.next_tick_us(), Some(1100));
    at(&mut books, 1099, Event::Tick);
    assert_eq!(running(&books), [0]);
    // Late, as ticks are.
    at(&mut books, 1130, Event::Tick);
    assert_eq!(running(&books), [1]);
    assert_eq!(books.scheduler.next_tick_us(), None);
    at(&mut books, 1200, Event::Idle(1));
    at(&mut books, 1300, Event::Ready(1));
    assert_eq!(running(&books), [0], "laxity begins anew");
    books.handle(Event::Hint(
        1,
        Hint::Laxity {
            laxity_us: -1,
            lax: 0,
            critical: 2,
        },
    ));
    books.handle(Event::Hint(1, Hint::Priority(7)));
    assert_eq!(running(&books), [1], "without laxity the priority counts");
}

#[test]
fn kedf_runs_the_k_earliest_deadlines() {
    let mut books = books("KEDF");
    for (id, deadline_us) in [(0, 900), (1, 500), (2, 700), (3, -1), (4, -1)] {
        add(&mut books, id, 0, 0, Hint::Deadline(deadline_us));
    }
    assert_eq!(running(&books), [1]);
    books.handle(Event::Policy(PolicyHints {
        concurrency: 2,
        ..PolicyHints::default()
    }));
    assert_eq!(running(&books), [1, 2]);
    books.handle(Event::Idle(1));
    books.handle(Event::Idle(2));
    assert_eq!(
        running(&books),
        [0, 3, 4],
        "one place is left for those without"
    );
    at(&mut books, 800, Event::Ready(1));
    at(&mut books, 800, Event::Ready(2));
    assert_eq!(
        running(&books),
        [0, 1],
        "absolute deadlines: 900, 1300, 1500"
    );
}

#[test]
fn kedf_postpones_deadlines_that_are_long_past() {
    let mut books = books("KEDF");
    add(&mut books, 0, 0, 0, Hint::Deadline(10_000));
    add(&mut books, 1, 0, 0, Hint::Deadline(25_000));
    assert_eq!(running(&books), [0]);
    at(&mut books, 15_000, Event::Tick);
    assert_eq!(running(&books), [0], "late, and still first");
    assert_eq!(books.scheduler.next_tick_us(), Some(20_000));
    at(&mut books, 20_000, Event::Tick);
    assert_eq!(
        running(&books),
        [1],
        "a whole period late: 30,000 against 25,000"
    );
}

#[test]
fn turns_follow_the_shares_and_device_time_that_comes_late() {
    let mut books = books("UP");
    books.handle(Event::Policy(PolicyHints {
        timeslice_us: 8000,
        ..PolicyHints::default()
    }));
    add(&mut books, 0, 0, 0, Hint::Utilization(75));
    assert_eq!(books.scheduler.next_tick_us(), None, "alone");
    add(&mut books, 1, 0, 0, Hint::Utilization(25));
    assert_eq!(running(&books), [0]);
    assert_eq!(
        books.scheduler.next_tick_us(),
        Some(6000),
        "three quarters of 8 ms"
    );
    at(&mut books, 6000, Event::Tick);
    assert_eq!(running(&books), [1]);
    assert_eq!(books.scheduler.next_tick_us(), Some(8000));
    // Of these, 6 ms were known; queue 1 gets the other 1.5 back.
    at(&mut books, 7500, Event::UsedNs(0, 7_500_000));
    at(&mut books, 8000, Event::Tick);
    assert_eq!(running(&books), [1]);
    assert_eq!(books.scheduler.next_tick_us(), Some(9500));
    // Queue 0 has had 7.5 ms, so queue 1 is due 2.5, and has another turn.
    at(&mut books, 9500, Event::Tick);
    assert_eq!(running(&books), [1]);
    at(&mut books, 11_500, Event::Tick);
    assert_eq!(running(&books), [0]);
}

#[test]
fn a_strict_share_is_suspended_until_time_refills_it() {
    let mut books = books("SPUP");
    add(&mut books, 0, 0, 1, Hint::Utilization(20));
    assert_eq!(running(&books), [0]);
    books.scheduler.each_preemptible(|_, may| assert!(may));
    let mut ran_us = 0;
    while books.now_us < 100_000 {
        let (before_us, ran) = (books.now_us, books.is_running(0));
        assert!(books.tick());
        ran_us += if ran { books.now_us - before_us } else { 0 };
    }
    assert!((19_000..=23_000).contains(&ran_us), "{ran_us} of 100,000");
}

#[test]
fn a_process_has_its_turn_with_all_its_queues() {
    let mut books = books("PUP");
    for (id, process) in [(0, 1), (1, 1), (2, 2), (3, 2)] {
        add(&mut books, id, 0, process, Hint::Utilization(50));
    }
    assert_eq!(running(&books), [0, 1]);
    assert!(books.tick());
    assert_eq!(running(&books), [2, 3]);
    books.handle(Event::Idle(2));
    assert_eq!(running(&books), [3], "still its turn");
    books.handle(Event::Idle(3));
    assert_eq!(running(&books), [0, 1]);
}

#[test]
fn a_shorter_time_slice_counts_at_once() {
    let mut books = books("CFS");
    let slice = |us| {
        Event::Policy(PolicyHints {
            timeslice_us: us,
            ..PolicyHints::default()
        })
    };
    books.handle(slice(10_000_000));
    add(&mut books, 0, 0, 0, Hint::Priority(0));
    add(&mut books, 1, 0, 0, Hint::Priority(0));
    at(&mut books, 30_000, Event::Tick);
    assert_eq!(running(&books), [0]);
    at(&mut books, 30_000, slice(1000));
    assert_eq!(running(&books), [1]);
}

#[test]
fn mlfq_lets_those_go_first_that_have_used_little() {
    let mut books = books("MLFQ");
    add(&mut books, 0, 0, 0, Hint::Priority(0));
    // The first turn is over, nobody else wants the device.
    at(&mut books, 30_000, Event::UsedNs(0, 30_000_000));
    add(&mut books, 1, 0, 0, Hint::Priority(0));
    assert_eq!(running(&books), [1], "0 is two levels down");
    at(&mut books, 31_000, Event::Idle(1));
    assert_eq!(running(&books), [0]);
    at(&mut books, 32_000, Event::Ready(1));
    assert_eq!(running(&books), [1]);
}

#[test]
fn no_policy_runs_what_must_never_run() {
    for policy in PolicyKind::all() {
        let mut books = Books::new(policy);
        for id in 0..3 {
            add(&mut books, id, 0, 1, Hint::Priority(PRIORITY_NO_EXECUTE));
        }
        books.handle(Event::ActiveWindow(Some(1)));
        books.now_us = 5_000_000;
        books.handle(Event::Tick);
        assert!(running(&books).is_empty(), "{policy:?}");
        assert_eq!(books.scheduler.next_tick_us(), None, "{policy:?}");
    }
}
