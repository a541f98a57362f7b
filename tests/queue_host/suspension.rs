//! Suspension by the application.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use xsched::config::GateChoice;
use xsched::device::Level;
use xsched::queue::SuspendFlags;

use crate::client::{Client, HPF, SYNC, Saturate, eventually, gated_queue, runtime};

#[test]
fn a_synchronous_suspension_leaves_nothing_running_and_resume_goes_on() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(None, gate);
        let client = Arc::new(Client::new(&runtime, 0));
        let _load = Saturate::start(&client, 50);
        for _ in 0..50 {
            let before = client.done();
            eventually("progress", || client.done() > before + 2);
            runtime.suspend(&client.queue, SYNC).unwrap();
            let quiet = client.done();
            std::thread::sleep(Duration::from_millis(1));
            assert_eq!(
                client.done(),
                quiet,
                "{gate:?}: a command ran while suspended"
            );
            runtime.resume(&client.queue, false).unwrap();
        }
        assert_eq!(client.queue.stats().app_suspends, 50);
    }
}

#[test]
fn suspension_is_idempotent_and_independent_of_the_schedulers() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    runtime.suspend(&low.queue, SYNC).unwrap();
    runtime.suspend(&low.queue, SYNC).unwrap();
    low.delay(0); // The device gate holds it, not this thread.
    high.delay(0);
    high.hw_queue.synchronize().unwrap();
    assert_eq!(low.done(), 0, "resumed by the scheduler only");
    runtime.resume(&low.queue, false).unwrap();
    runtime.resume(&low.queue, false).unwrap();
    low.hw_queue.synchronize().unwrap();
    assert_eq!(low.done(), 1);
}

#[test]
fn the_schedulers_resumption_leaves_the_applications_suspension() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    high.delay(2000);
    low.delay(0);
    runtime.suspend(&low.queue, SYNC).unwrap(); // Held first, suspended then.
    high.hw_queue.synchronize().unwrap();
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(low.done(), 0);
    runtime.resume(&low.queue, false).unwrap();
    low.hw_queue.synchronize().unwrap();
    assert_eq!(low.done(), 1);
}

#[test]
fn a_queue_that_the_application_suspended_holds_nobody() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    runtime.suspend(&high.queue, SYNC).unwrap();
    high.delay(0);
    low.delay(0);
    low.hw_queue.synchronize().unwrap();
    assert_eq!((high.done(), low.done()), (0, 1));
    low.delay(0);
    runtime.resume(&high.queue, false).unwrap();
    assert!(low.queue.is_stopped(), "high competes again");
    high.hw_queue.synchronize().unwrap();
    low.hw_queue.synchronize().unwrap();
    assert_eq!((high.done(), low.done()), (1, 2));
}

#[test]
fn a_queue_that_the_application_suspends_lets_go_of_those_it_held() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    runtime.set_level(&high.queue, Level::Deactivate).unwrap(); // Prepared for suspension.
    for _ in 0..50 {
        high.delay(2000);
    }
    low.delay(0);
    assert!(low.queue.is_stopped(), "held by high");
    runtime.suspend(&high.queue, SYNC).unwrap();
    low.hw_queue.synchronize().unwrap(); // Would wait for ever: high has work and may not do it.
    assert_eq!(low.done(), 1);
    assert!(
        high.done() < 50,
        "high is suspended in the middle of its work"
    );
    runtime.resume(&high.queue, false).unwrap();
    high.hw_queue.synchronize().unwrap();
    assert_eq!(high.done(), 50);
}

#[test]
fn who_was_held_goes_on_while_a_suspension_waits_for_a_long_command() {
    let runtime = Arc::new(runtime(HPF, GateChoice::Device));
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    runtime.set_level(&high.queue, Level::Deactivate).unwrap();
    let release = high.occupy();
    low.delay(0);
    assert!(low.queue.is_stopped(), "held by high");
    let suspending = {
        let (runtime, queue) = (runtime.clone(), high.queue.clone());
        std::thread::spawn(move || runtime.suspend(&queue, SYNC))
    };
    eventually("low is let go", || !low.queue.is_stopped());
    assert!(!suspending.is_finished(), "high's command runs");
    release.store(true, Ordering::SeqCst);
    suspending.join().unwrap().unwrap();
    low.hw_queue.synchronize().unwrap();
}

#[test]
fn the_first_command_after_a_suspension_stands_behind_a_gate() {
    let runtime = runtime(None, GateChoice::Device);
    let client = Client::new(&runtime, 0);
    runtime.set_level(&client.queue, Level::Deactivate).unwrap();
    // Short commands, so that many fit between two gates, and all gates passed.
    for _ in 0..2000 {
        client.delay(0);
    }
    client.hw_queue.synchronize().unwrap();
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
    assert!(
        client.queue.stats().batch_size > 2,
        "{:?}",
        client.queue.stats()
    );
    runtime.suspend(&client.queue, SYNC).unwrap();
    client.delay(0);
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(client.done(), 2001, "no gate stood in front of it");
    runtime.resume(&client.queue, false).unwrap();
    client.hw_queue.synchronize().unwrap();
    assert_eq!(client.done(), 2002);
}

#[test]
fn a_synchronous_suspension_waits_for_a_thread_inside_its_driver_call() {
    let runtime = Arc::new(runtime(None, GateChoice::Auto));
    let client = Arc::new(Client::new(&runtime, 0));
    let (inside, go_on) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let launcher = {
        let (client, inside, go_on) = (client.clone(), inside.clone(), go_on.clone());
        std::thread::spawn(move || {
            client.queue.launch(|| {
                inside.store(true, Ordering::SeqCst);
                while !go_on.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                Ok(())
            })
        })
    };
    eventually("the launcher is inside", || inside.load(Ordering::SeqCst));
    let returned = Arc::new(AtomicBool::new(false));
    let suspender = {
        let (runtime, client, returned) = (runtime.clone(), client.clone(), returned.clone());
        std::thread::spawn(move || {
            runtime.suspend(&client.queue, SYNC).unwrap();
            returned.store(true, Ordering::SeqCst);
        })
    };
    eventually("suspended", || client.queue.is_stopped());
    std::thread::sleep(Duration::from_millis(5));
    assert!(
        !returned.load(Ordering::SeqCst),
        "returned although a launch was under way"
    );
    go_on.store(true, Ordering::SeqCst);
    launcher.join().unwrap().unwrap();
    suspender.join().unwrap();
}

/// A thread that waits for its own command, in the driver and behind the closed gate, delays no suspension.
#[test]
fn a_suspension_does_not_wait_for_a_thread_that_waits_for_it() {
    let runtime = runtime(None, GateChoice::Device);
    let (hw_queue, queue) = gated_queue(&runtime);
    runtime.suspend(&queue, SuspendFlags::default()).unwrap();
    let launched = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let copy = || {
                hw_queue.stream().launch(Box::new(|| 0))?;
                launched.store(true, Ordering::SeqCst);
                hw_queue.stream().synchronize()
            };
            queue.launch(copy).unwrap();
        });
        while !launched.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        let sync = SuspendFlags {
            sync: true,
            ..SuspendFlags::default()
        };
        runtime.suspend(&queue, sync).unwrap();
        assert!(queue.is_stopped());
        runtime.resume(&queue, false).unwrap();
    });
}

#[test]
fn a_suspended_queue_takes_no_more_than_its_driver() {
    const MORE: u64 = 2000;
    let runtime = runtime(None, GateChoice::Device);
    let (hw_queue, queue) = gated_queue(&runtime);
    runtime.suspend(&queue, SuspendFlags::default()).unwrap();
    std::thread::scope(|scope| {
        let launching = scope.spawn(|| {
            for _ in 0..MORE {
                let work = Box::new(|| 0);
                queue.launch(|| hw_queue.stream().launch(work)).unwrap();
            }
        });
        eventually("many are behind the gate", || {
            queue.command_count_launched() >= 100
        });
        std::thread::sleep(Duration::from_millis(50));
        let launched = queue.command_count_launched();
        runtime.resume(&queue, false).unwrap();
        launching.join().unwrap();
        assert!(launched <= 512, "{launched}");
    });
    hw_queue.synchronize().unwrap();
    assert_eq!(queue.command_count_launched(), MORE);
}

#[test]
fn wait_all_waits_for_what_was_submitted_and_not_for_what_comes_later() {
    let runtime = Arc::new(runtime(None, GateChoice::Auto));
    let client = Arc::new(Client::new(&runtime, 0));
    let stop = Arc::new(AtomicBool::new(false));
    let submitter = {
        let (runtime, client, stop) = (runtime.clone(), client.clone(), stop.clone());
        std::thread::spawn(move || {
            let work = |_| {
                xsched::device::host::occupy(Duration::from_micros(200));
                0
            };
            let ring: Vec<_> = (0..100).map(|_| runtime.create_command(work)).collect();
            while !stop.load(Ordering::Relaxed) {
                for command in ring.iter().filter(|command| !command.is_pending()) {
                    runtime.submit(&client.queue, command).unwrap();
                }
            }
        })
    };
    eventually("a backlog", || client.queue.command_count() > 200);
    client.queue.wait_all().unwrap(); // Would not return while the other thread goes on.
    stop.store(true, Ordering::Relaxed);
    submitter.join().unwrap();
    client.queue.wait_all().unwrap();
    assert!(client.queue.is_idle().unwrap());
}
