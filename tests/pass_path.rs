//! The pass path allocates nothing. Replaces the process's allocator, so alone in its file.
//! That it takes no lock and makes no system call shows in the functions that `bench/pass_path.sh`
//! lists: there are none below `Queue::launch`.

#![allow(unsafe_code)] // a global allocator cannot be safe

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use xsched::config::Config;
use xsched::device::Level;
use xsched::process::{process, with_stream};
use xsched::runtime::Runtime;
use xsched::sched::PolicyKind;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: hands everything to the system's allocator and counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(during: impl Fn()) -> u64 {
    let before = ALLOCATIONS.get();
    during();
    ALLOCATIONS.get() - before
}

#[test]
fn admitting_a_command_allocates_nothing() {
    let policy = Some(PolicyKind::HighestPriorityFirst);
    let runtime = Runtime::new(
        Config {
            policy,
            ..Config::default()
        },
        None,
    );
    let hw_queue = runtime.create_host_queue(0);
    let queue = runtime
        .create_queue(&hw_queue, Level::Block, false)
        .unwrap();
    let admit = || {
        for _ in 0..10_000 {
            queue.launch(|| Ok(())).unwrap();
        }
    };
    admit();
    assert_eq!(allocations(admit), 0);
    assert_eq!(queue.stats().passed, 20_000);

    // With the look-up of the stream's handle, as in the C API, on the process's own runtime.
    let shared = process().runtime.create_host_queue(0);
    process()
        .runtime
        .create_queue(&shared, Level::Block, false)
        .unwrap();
    let look_up = || {
        for _ in 0..10_000 {
            with_stream(shared.id(), |_, queue| match queue {
                Some(queue) => queue.launch(|| Ok(())),
                None => Ok(()),
            })
            .unwrap();
        }
    };
    look_up();
    assert_eq!(allocations(look_up), 0);

    // The check can fail: a launch that allocates is seen.
    assert_ne!(
        allocations(|| hw_queue.stream().launch(Box::new(|| 0)).unwrap()),
        0
    );
    hw_queue.synchronize().unwrap();
}
