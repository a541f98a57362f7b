//! Memory of the scheduler: what a queue takes, that forgotten queues leave nothing behind, and that
//! deciding allocates nothing once it is warm. Replaces the allocator, so alone in its file.

#![allow(unsafe_code)] // a global allocator cannot be safe
#![allow(clippy::unwrap_used)] // test helpers

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use xsched::sched::{Attributes, Event, Hint, PolicyKind, Scheduler};

thread_local! {
    static BYTES: Cell<i64> = const { Cell::new(0) };
    static CALLS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

fn count(bytes: i64) {
    let _ = BYTES.try_with(|sum| sum.set(sum.get() + bytes));
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: hands everything to the system's allocator and counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(i64::try_from(layout.size()).unwrap_or(0));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-i64::try_from(layout.size()).unwrap_or(0));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const QUEUES: u64 = 1024; // a power of two, so that growing vectors and tables are full

fn fill(scheduler: &mut Scheduler, from: u64) {
    let mut operations = Vec::new();
    for id in from..from + QUEUES {
        let process = u32::try_from(id % 16).unwrap();
        let attributes = Attributes {
            process,
            ..Attributes::default()
        };
        scheduler.handle(id, Event::Created(id, attributes), &mut operations);
        let priority = i32::try_from(id % 5).unwrap();
        scheduler.handle(
            id,
            Event::Hint(id, Hint::Priority(priority)),
            &mut operations,
        );
        scheduler.handle(id, Event::Ready(id), &mut operations);
    }
}

fn empty(scheduler: &mut Scheduler, from: u64) {
    let mut operations = Vec::new();
    for id in from..from + QUEUES {
        scheduler.handle(2_000_000 + id, Event::Destroyed(id), &mut operations);
    }
}

#[test]
fn a_queue_takes_at_most_256_bytes_and_leaves_none_behind() {
    for policy in PolicyKind::all() {
        let before = BYTES.get();
        let mut scheduler = Scheduler::new(policy);
        fill(&mut scheduler, 0);
        let full = BYTES.get() - before;
        let per_queue = full / i64::try_from(QUEUES).unwrap();
        println!("{}: {per_queue} bytes a queue", policy.name());
        assert!(
            per_queue <= 256,
            "{}: {per_queue} bytes a queue",
            policy.name()
        );

        empty(&mut scheduler, 0);
        for round in 1..20 {
            fill(&mut scheduler, round * QUEUES);
            empty(&mut scheduler, round * QUEUES);
        }
        let kept = BYTES.get() - before;
        assert!(
            kept <= full,
            "{}: {kept} bytes after 20 times {full}",
            policy.name()
        );
        drop(scheduler);
        assert_eq!(BYTES.get(), before, "{}", policy.name());
    }
}

#[test]
fn a_warm_decision_allocates_nothing() {
    for policy in PolicyKind::all() {
        let mut scheduler = Scheduler::new(policy);
        fill(&mut scheduler, 0);
        let mut operations = Vec::with_capacity(4096);
        let mut work = |from: u64, to: u64| {
            for step in from..to {
                let (id, now_us) = (step * 7 % QUEUES, 3_000_000 + step * 100);
                operations.clear();
                scheduler.handle(now_us, Event::UsedNs(id, 50_000), &mut operations);
                scheduler.handle(now_us, Event::Idle(id), &mut operations);
                scheduler.handle(now_us, Event::Ready(id), &mut operations);
                scheduler.handle(now_us, Event::Tick, &mut operations);
            }
        };
        work(0, 4 * QUEUES);
        let before = CALLS.get();
        work(4 * QUEUES, 8 * QUEUES);
        assert_eq!(
            CALLS.get(),
            before,
            "{}: a warm decision allocated",
            policy.name()
        );
    }
}
