//! A queue that may run waits, in the driver or on the device, for what a device gate holds, and no call has
//! shown it: the gates give way, and hold again afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use xsched::queue::SuspendFlags;
use xsched::sched::PolicyKind;

use crate::client::{Member, contend, runtime, wait_for};

/// And has its stream wait for a word that the held one will set to 1.
fn wait_unseen(high: &Member, low: &Member) -> Arc<AtomicU32> {
    contend(high, low);
    let word = Arc::new(AtomicU32::new(0));
    let writes = &low.stream;
    low.queue.launch(|| writes.write_value(&word, 1)).unwrap();
    let waits = &high.stream;
    high.queue.launch(|| waits.wait_value(&word, 1)).unwrap();
    word
}

#[test]
fn a_launch_that_waits_in_the_driver_gets_what_it_waits_for() {
    let runtime = runtime(Some(PolicyKind::HighestPriorityFirst));
    let (high, low) = (Member::new(&runtime, 2), Member::new(&runtime, 1));
    contend(&high, &low);
    let held = low.launch();
    high.launch_behind(&held);
    assert!(high.queue.stats().stalls > 0);
    // It moves again, so the gate holds again.
    let ran = Arc::default();
    std::thread::scope(|scope| {
        let launched = scope.spawn(|| low.launch_saying(&ran));
        std::thread::sleep(Duration::from_millis(50));
        assert!(low.queue.is_stopped());
        let held = !ran.load(Ordering::SeqCst);
        assert!(held, "at the host, or behind the gate");
        high.hw_queue.synchronize().unwrap();
        launched.join().unwrap();
    });
    low.hw_queue.synchronize().unwrap();
}

#[test]
fn a_stream_that_waits_unseen_gets_what_it_waits_for() {
    let runtime = runtime(Some(PolicyKind::HighestPriorityFirst));
    let (high, low) = (Member::new(&runtime, 2), Member::new(&runtime, 1));
    wait_unseen(&high, &low);
    high.hw_queue.synchronize().unwrap();
    assert!(high.queue.stats().stalls > 0);
    low.hw_queue.synchronize().unwrap();
}

/// A third queue holds both time and again meanwhile.
#[test]
fn a_stall_shows_beside_a_queue_that_comes_and_goes() {
    let runtime = runtime(Some(PolicyKind::HighestPriorityFirst));
    let [top, high, low] = [3, 2, 1].map(|priority| Member::new(&runtime, priority));
    let word = wait_unseen(&high, &low);
    let over = AtomicBool::new(false);
    let in_time = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                top.launch();
                top.hw_queue.synchronize().unwrap();
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let begin = Instant::now();
        let written = || word.load(Ordering::SeqCst) == 1;
        while !written() && begin.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let in_time = written();
        over.store(true, Ordering::SeqCst);
        high.hw_queue.synchronize().unwrap();
        in_time
    });
    assert!(in_time, "nothing is held for ever by what comes and goes");
    low.hw_queue.synchronize().unwrap();
}

#[test]
fn an_application_that_suspends_by_itself_is_not_left_waiting_either() {
    let runtime = runtime(None);
    let (other, suspended) = (Member::new(&runtime, 0), Member::new(&runtime, 0));
    let held = suspended.suspend(&runtime);
    other.launch_behind(&held);
    assert!(other.queue.stats().stalls > 0);
    assert!(suspended.queue.is_suspended());
    suspended.resume(&runtime);
}

#[test]
fn a_call_that_enqueues_nothing_gets_what_it_waits_for() {
    let runtime = runtime(None);
    let (_other, suspended) = (Member::new(&runtime, 0), Member::new(&runtime, 0));
    let held = suspended.suspend(&runtime);
    runtime.while_it_may_wait(|| wait_for(&held));
    suspended.resume(&runtime);
}

/// Also if there is nobody but the suspended queue, and after a long rest.
#[test]
fn a_call_beside_nothing_but_suspended_queues_gets_what_it_waits_for() {
    let runtime = runtime(None);
    let suspended = Member::new(&runtime, 0);
    let held = suspended.suspend(&runtime);
    std::thread::sleep(Duration::from_millis(700));
    assert!(!held.load(Ordering::SeqCst));
    runtime.while_it_may_wait(|| wait_for(&held));
    suspended.resume(&runtime);
}

/// The thread that will resume both: a driver may wait for every stream when one is first used.
#[test]
fn a_launch_behind_a_gate_returns_even_if_the_driver_waits_for_another_gate() {
    let runtime = runtime(None);
    let (first, second) = (Member::new(&runtime, 0), Member::new(&runtime, 0));
    for member in [&first, &second] {
        runtime
            .suspend(&member.queue, SuspendFlags::default())
            .unwrap();
    }
    let held = first.launch();
    second.launch_behind(&held);
    assert!(second.queue.stats().stalls > 0);
    // The gates still give way for a moment, but no longer than that.
    for member in [&first, &second] {
        member.launch();
    }
    for member in [&first, &second] {
        runtime.resume(&member.queue, false).unwrap();
        member.hw_queue.synchronize().unwrap();
    }
}

#[test]
fn a_launch_after_a_long_rest_gets_what_it_waits_for() {
    let runtime = runtime(None);
    let (other, suspended) = (Member::new(&runtime, 0), Member::new(&runtime, 0));
    let held = suspended.suspend(&runtime);
    other.launch();
    std::thread::sleep(Duration::from_millis(700));
    other.launch_behind(&held);
    suspended.resume(&runtime);
}

/// An application's suspension is not a stall of those that have finished.
#[test]
fn a_suspended_queue_stays_suspended_while_others_rest() {
    let runtime = runtime(None);
    let (other, suspended) = (Member::new(&runtime, 0), Member::new(&runtime, 0));
    let held = suspended.suspend(&runtime);
    other.launch();
    std::thread::sleep(Duration::from_millis(300));
    assert!(!held.load(Ordering::SeqCst));
    suspended.resume(&runtime);
}
