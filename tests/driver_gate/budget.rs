//! How much work a suspension may have to wait for, by default.

use std::time::Duration;

use xsched::queue::SuspendFlags;
use xsched::sched::PolicyKind;

use crate::client::{Member, contend, runtime};

const HELD: Duration = Duration::from_millis(3);

#[test]
fn holds_make_the_budget_grow_and_suspensions_do_not() {
    let runtime = runtime(Some(PolicyKind::HighestPriorityFirst));
    let (high, low) = (Member::new(&runtime, 2), Member::new(&runtime, 1));
    let budget_us = || low.queue.stats().budget_us;
    let before_us = budget_us();
    runtime
        .suspend(&low.queue, SuspendFlags::default())
        .unwrap();
    std::thread::sleep(HELD);
    low.resume(&runtime);
    assert_eq!(budget_us(), before_us);
    contend(&high, &low);
    std::thread::sleep(HELD);
    high.hw_queue.synchronize().unwrap();
    assert!(!low.queue.is_stopped());
    assert!(budget_us() > before_us);
}
