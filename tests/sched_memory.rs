//! What the scheduler costs: memory per queue, none left behind, and no allocation in a
//! decision. Times are in `benches/decision.rs`.
//!
//! Replaces the allocator, so alone in its file.

#![allow(unsafe_code)] // a global allocator cannot be safe
#![allow(clippy::unwrap_used, clippy::panic)] // test helpers

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use xsched::sched::{Attributes, Event, Hint, Operation, PolicyKind, QueueId, Scheduler};

struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn count(change: isize) {
    // A thread that ends may allocate after its counters are gone.
    let _ = LIVE.try_with(|live| live.set(live.get() + change));
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: every call is passed on to the system's allocator unchanged, so its contract is ours.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(isize::try_from(layout.size()).unwrap_or(0));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-isize::try_from(layout.size()).unwrap_or(0));
        // SAFETY: the block came from `alloc` above, so from `System`, with this layout.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Crowd {
    scheduler: Scheduler,
    operations: Vec<Operation>,
    now_us: u64,
    queues: u64,
}

impl Crowd {
    /// Queues of one device and many processes, all of them ready.
    fn new(policy: PolicyKind, queues: u64) -> Crowd {
        let mut crowd = Crowd {
            scheduler: Scheduler::new(policy),
            operations: Vec::new(),
            now_us: 0,
            queues,
        };
        for id in 0..queues {
            let number = i32::try_from(id).unwrap();
            let attributes = Attributes {
                device: 0,
                process: u32::try_from(id / 4).unwrap(),
                nice: number % 20,
            };
            crowd.handle(Event::Created(id, attributes));
            crowd.handle(Event::Hint(id, Hint::Priority(number % 100)));
            crowd.handle(Event::Hint(id, Hint::Utilization(number % 100 + 1)));
            crowd.handle(Event::Hint(id, Hint::Deadline((1000 + number % 77).into())));
        }
        for id in 0..queues {
            crowd.handle(Event::Ready(id));
        }
        crowd
    }

    fn handle(&mut self, event: Event) {
        self.operations.clear();
        self.now_us += 3;
        self.scheduler
            .handle(self.now_us, event, &mut self.operations);
    }

    /// What happens all the time.
    fn live(&mut self, round: u64) {
        let id: QueueId = round * 7919 % self.queues;
        self.handle(Event::UsedNs(id, 2_000));
        self.handle(Event::Idle(id));
        self.handle(Event::Waits(id, (id + 1) % self.queues));
        self.handle(Event::Ready(id));
        self.handle(Event::Tick);
        self.handle(Event::WaitOver(id, (id + 1) % self.queues));
        self.handle(Event::Hint(id, Hint::Priority(-1)));
    }
}

#[test]
fn a_queue_takes_256_bytes_and_leaves_none_behind() {
    for policy in PolicyKind::all() {
        let mut most = 0;
        for queues in [200_u64, 1025, 1800] {
            let before = LIVE.get();
            let mut crowd = Crowd::new(policy, queues);
            crowd.operations = Vec::new();
            let each = (LIVE.get() - before) / isize::try_from(queues).unwrap();
            assert!(each <= 256, "{policy:?}: {each} bytes for each of {queues}");
            most = each.max(most);
            for id in 0..queues {
                // Not in the order in which they came.
                crowd.handle(Event::Destroyed(id * 7 % queues));
                crowd.handle(Event::Destroyed(id));
            }
            crowd.operations = Vec::new();
            let left = LIVE.get() - before;
            assert!(
                left <= 1024,
                "{policy:?}: {left} bytes left of {queues} queues"
            );
        }
        println!("{}: {most} bytes per queue", policy.name());
    }
}

#[test]
fn a_decision_allocates_nothing() {
    for policy in PolicyKind::all() {
        let mut crowd = Crowd::new(policy, 1000);
        crowd.handle(Event::Waits(1, 2));
        for round in 0..200 {
            crowd.live(round);
        }
        let before = CALLS.get();
        for round in 200..400 {
            crowd.live(round);
        }
        // Memory for results is kept; only a larger decision than any before makes it grow.
        let calls = CALLS.get() - before;
        assert!(calls <= 8, "{policy:?}: {calls} calls in 1400 events");
    }
}
