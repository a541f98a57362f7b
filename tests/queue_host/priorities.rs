//! Who is held for whom: priorities, and waits that lend them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use xsched::config::GateChoice;
use xsched::runtime::HostEvent;
use xsched::sched::Hint;

use crate::client::{Client, HPF, Saturate, eventually, runtime};

#[test]
fn launches_run_in_order_and_pass_when_nobody_competes() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let client = Client::new(&runtime, 5);
    let order = Arc::new(parking_lot::Mutex::new(Vec::new()));
    for number in 0..1000 {
        let order = order.clone();
        client.launch(move || order.lock().push(number)).unwrap();
    }
    client.hw_queue.synchronize().unwrap();
    assert_eq!(*order.lock(), (0..1000).collect::<Vec<_>>());
    let stats = client.queue.stats();
    assert_eq!(
        (stats.commands, stats.passed, stats.gates, stats.markers),
        (1000, 1000, 0, 0)
    );
}

#[test]
fn equal_priorities_do_not_track() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (a, b) = (Client::new(&runtime, 5), Client::new(&runtime, 5));
    a.delay(0);
    b.delay(0);
    assert_eq!(a.queue.stats().passed + b.queue.stats().passed, 2);
    runtime.hint(&b.queue, Hint::Priority(4)).unwrap();
    a.delay(0);
    assert_eq!(
        a.queue.stats().passed,
        1,
        "tracked from the moment somebody may be suspended"
    );
    runtime.hint(&b.queue, Hint::Priority(5)).unwrap();
    a.delay(0);
    assert_eq!(a.queue.stats().passed, 2, "and no longer than that");
}

#[test]
fn low_priority_is_held_while_high_priority_is_ready() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(HPF, gate);
        let (high, low) = (Client::new(&runtime, 9), Arc::new(Client::new(&runtime, 1)));
        let _load = Saturate::start(&low, 500);
        for _ in 0..20 {
            eventually("low runs", || !low.queue.is_stopped());
            let before = low.done();
            eventually("low makes progress", || low.done() > before);
            // The request lasts until this thread lets it end, however the machine delays it.
            let release = high.occupy();
            assert!(low.queue.is_stopped(), "suspended by the arrival");
            let before = low.done();
            let (low_done, seen) = (low.done.clone(), Arc::new(AtomicU64::new(0)));
            let last = seen.clone();
            for _ in 0..3 {
                high.delay(500);
            }
            high.launch(move || last.store(low_done.load(Ordering::SeqCst), Ordering::SeqCst))
                .unwrap();
            release.store(true, Ordering::SeqCst);
            high.hw_queue.synchronize().unwrap();
            let during = seen.load(Ordering::SeqCst) - before;
            // The one that ran, and one behind it: the threshold of the host gate for commands of this
            // length, or the one that its thread was just launching past the device gate.
            assert!(
                during <= 2,
                "{gate:?}: {during} low commands during a high request"
            );
        }
        let stats = low.queue.stats();
        assert!(stats.suspends >= 20, "{gate:?}: {stats:?}");
        assert_eq!(high.queue.stats().suspends, 0);
    }
}

/// It waits for the release, and neither looks at markers in vain nor takes the hold for a stall.
#[test]
fn a_thread_with_a_full_queue_is_parked_while_it_is_held() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (high, low) = (Client::new(&runtime, 9), Arc::new(Client::new(&runtime, 1)));
    runtime.set_launch_config(&low.queue, 2, 1).unwrap();
    let release = high.occupy();
    let launching = {
        let low = low.clone();
        std::thread::spawn(move || (0..4).for_each(|_| low.delay(1)))
    };
    eventually("two stand behind the gate", || {
        low.queue.stats().in_flight == 2
    });
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(low.queue.stats().in_flight, 2);
    release.store(true, Ordering::SeqCst);
    high.hw_queue.synchronize().unwrap();
    launching.join().unwrap();
    let stats = low.queue.stats();
    assert_eq!((stats.held_threads, stats.stalls), (1, 0), "{stats:?}");
}

#[test]
fn synchronising_gives_the_device_back_at_once() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    low.delay(1000);
    high.delay(1000);
    assert!(
        low.queue.is_stopped(),
        "suspended by the arrival, on the arriving thread"
    );
    high.hw_queue.synchronize().unwrap();
    assert!(
        !low.queue.is_stopped(),
        "resumed when synchronize returned, not after the grace"
    );
}

#[test]
fn a_queue_that_nobody_synchronises_is_idle_after_the_grace() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    low.delay(1000);
    high.delay(1000);
    assert!(low.queue.is_stopped());
    eventually("the monitor finds high idle", || !low.queue.is_stopped());
    assert_eq!(high.done(), 1, "not before its work was done");
}

#[test]
fn a_lower_queue_is_held_from_its_first_command() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    high.delay(20_000);
    low.delay(0);
    assert!(low.queue.is_stopped());
    high.hw_queue.synchronize().unwrap();
    low.hw_queue.synchronize().unwrap();
    assert_eq!((high.done(), low.done()), (1, 1));
}

#[test]
fn priorities_may_change_while_queues_run() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (a, b) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    a.delay(1000);
    b.delay(1000);
    assert!(b.queue.is_stopped() && !a.queue.is_stopped());
    runtime.hint(&b.queue, Hint::Priority(10)).unwrap();
    assert!(a.queue.is_stopped() && !b.queue.is_stopped());
    runtime.set_scheduler(None);
    assert!(
        !a.queue.is_stopped() && !b.queue.is_stopped(),
        "no policy holds anybody"
    );
    runtime.set_scheduler(HPF);
    assert!(
        a.queue.is_stopped() && !b.queue.is_stopped(),
        "re-decided at once"
    );
    b.hw_queue.synchronize().unwrap();
    a.hw_queue.synchronize().unwrap();
}

#[test]
fn destroying_the_high_queue_resumes_the_low_one() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    high.delay(1000);
    low.delay(0);
    runtime.destroy_queue(&high.queue).unwrap();
    assert!(!low.queue.is_stopped());
    low.hw_queue.synchronize().unwrap();
    assert_eq!(high.done(), 1, "destroy waits for what was launched");
}

#[test]
fn a_wait_for_a_lower_queue_lends_it_the_priority() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(HPF, gate);
        let (high, middle) = (Client::new(&runtime, 9), Arc::new(Client::new(&runtime, 5)));
        let low = Client::new(&runtime, 1);
        let event = HostEvent::default();
        for _ in 0..3 {
            low.delay(2000);
        }
        event.record(&low.hw_queue, Some(&low.queue)).unwrap();
        let _load = Saturate::start(&middle, 200);
        eventually("low is held by middle", || low.queue.is_stopped());
        event
            .wait_in_stream(&high.hw_queue, Some(&high.queue))
            .unwrap();
        high.delay(0);
        high.hw_queue.synchronize().unwrap();
        assert_eq!(
            (high.done(), low.done()),
            (1, 3),
            "{gate:?}: the inversion resolved"
        );
        assert!(event.query().unwrap());
    }
}

/// A queue that waits for a value lends its priority to whoever may write it, also to a queue that comes
/// later.
#[test]
fn a_queue_that_waits_for_a_value_holds_nobody_who_may_write_it() {
    for (gate, writer_comes_later) in [
        (GateChoice::Host, false),
        (GateChoice::Device, false),
        (GateChoice::Host, true),
    ] {
        let runtime = runtime(HPF, gate);
        let high = Client::new(&runtime, 10);
        let low = (!writer_comes_later).then(|| Client::new(&runtime, 1));
        // Somebody to compete with, so that launches are tracked.
        let _other = Client::new(&runtime, 5);
        let word = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let waiting = high.hw_queue.host_stream().unwrap();
        high.hw_queue
            .launch_open_wait(&high.queue, || waiting.wait_value(&word, 1))
            .unwrap();
        let low = low.unwrap_or_else(|| Client::new(&runtime, 1));
        let writing = low.hw_queue.host_stream().unwrap();
        low.queue.launch(|| writing.write_value(&word, 1)).unwrap();
        high.hw_queue.synchronize().unwrap();
        low.hw_queue.synchronize().unwrap();
    }
}

#[test]
fn streams_of_larger_priority_are_served_first() {
    let runtime = runtime(None, GateChoice::Auto);
    let order = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let streams: Vec<_> = [1, 3, 2]
        .map(|priority| (priority, runtime.create_host_queue(priority)))
        .into();
    let block = runtime.create_host_queue(0);
    let (open, gate) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (opened, entered) = (open.clone(), gate.clone());
    block
        .stream()
        .launch(Box::new(move || {
            entered.store(true, Ordering::SeqCst);
            while !opened.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
            0
        }))
        .unwrap();
    eventually("the unit is occupied", || gate.load(Ordering::SeqCst));
    for (priority, hw_queue) in &streams {
        let (order, priority) = (order.clone(), *priority);
        hw_queue
            .stream()
            .launch(Box::new(move || {
                order.lock().push(priority);
                0
            }))
            .unwrap();
    }
    open.store(true, Ordering::SeqCst);
    for (_, hw_queue) in &streams {
        hw_queue.synchronize().unwrap();
    }
    assert_eq!(*order.lock(), vec![3, 2, 1]);
}
