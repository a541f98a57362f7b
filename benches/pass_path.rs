//! One million admitted commands on the pass path, for instruction counting: `bench/pass_path.sh`.
//!
//! Run under callgrind, which counts what happens inside each loop. Without arguments, as
//! `cargo bench` runs it, it only says so.

#![allow(clippy::unwrap_used, missing_docs)] // a benchmark that cannot be set up should stop

use std::hint::black_box;

use xsched::config::Config;
use xsched::device::Level;
use xsched::process::{process, with_stream};
use xsched::queue::Queue;
use xsched::runtime::Runtime;
use xsched::sched::PolicyKind;

const COMMANDS: u32 = 1_000_000;

#[inline(never)]
fn empty_loop() {
    for number in 0..COMMANDS {
        black_box(number);
    }
}

#[inline(never)]
fn queue_admits(queue: &Queue) {
    for number in 0..COMMANDS {
        queue.launch(|| Ok(black_box(number))).unwrap();
    }
}

#[inline(never)]
fn handle_admits(handle: u64) {
    for number in 0..COMMANDS {
        with_stream(handle, |_, queue| match queue {
            Some(queue) => queue.launch(|| Ok(black_box(number))),
            None => Ok(number),
        })
        .unwrap();
    }
}

fn main() {
    if std::env::args().nth(1).as_deref() != Some("count") {
        println!("pass_path: counts instructions; run bench/pass_path.sh");
        return;
    }
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
    let shared = process().runtime.create_host_queue(0);
    process()
        .runtime
        .create_queue(&shared, Level::Block, false)
        .unwrap();
    empty_loop();
    queue_admits(&queue);
    handle_admits(shared.id());
}
