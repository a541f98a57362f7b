//! Levels, thresholds and batches, as set and as chosen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use xsched::config::GateChoice;
use xsched::device::Level;
use xsched::error::Error;

use crate::client::{Client, HPF, SYNC, Saturate, eventually, gated_queue, runtime};

#[test]
fn in_flight_never_exceeds_the_threshold() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        for (threshold, batch) in [(1, 1), (2, 1), (8, 8), (8, 3)] {
            let runtime = runtime(None, gate);
            let client = Arc::new(Client::new(&runtime, 0));
            runtime
                .set_launch_config(&client.queue, threshold, batch)
                .unwrap();
            let outstanding = Arc::new(AtomicU64::new(0));
            let launchers: Vec<_> = (0..4)
                .map(|_| {
                    let (client, outstanding) = (client.clone(), outstanding.clone());
                    std::thread::spawn(move || {
                        for _ in 0..250 {
                            let (begun, ended) = (outstanding.clone(), outstanding.clone());
                            client
                                .queue
                                .launch(|| {
                                    let before = begun.fetch_add(1, Ordering::SeqCst);
                                    // On a machine that does not run the device for a while.
                                    let stalls = client.queue.stats().stalls;
                                    assert!(before < u64::try_from(threshold).unwrap() + stalls);
                                    client.hw_queue.stream().launch(Box::new(move || {
                                        ended.fetch_sub(1, Ordering::SeqCst);
                                        0
                                    }))
                                })
                                .unwrap();
                        }
                    })
                })
                .collect();
            for launcher in launchers {
                launcher
                    .join()
                    .expect("never more in flight than the threshold");
            }
            client.hw_queue.synchronize().unwrap();
            assert_eq!(client.queue.stats().commands, 1000);
            assert!(!client.queue.stats().failed);
        }
    }
}

#[test]
fn the_automatic_threshold_follows_the_command_time() {
    let runtime = runtime(HPF, GateChoice::Host);
    let (_high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    for _ in 0..50 {
        low.delay(1000);
    }
    low.hw_queue.synchronize().unwrap();
    let stats = low.queue.stats();
    assert_eq!(
        stats.threshold, 2,
        "commands of 1 ms, budget 100 us: {stats:?}"
    );
    // On a busy machine short commands may look long for a while.
    eventually("more commands of a few us fit into 100 us", || {
        for _ in 0..500 {
            low.delay(1);
        }
        low.hw_queue.synchronize().unwrap();
        low.queue.stats().threshold > 2
    });
    assert!(low.queue.stats().command_time_ns > 0);
}

#[test]
fn gates_stand_after_as_many_commands_as_the_application_says() {
    let runtime = runtime(HPF, GateChoice::Device);
    let (hw_queue, low) = gated_queue(&runtime);
    let _high = Client::new(&runtime, 9);
    low.set_launch_config(8, 4).unwrap();
    for _ in 0..40 {
        let work = Box::new(|| 0);
        low.launch(|| hw_queue.stream().launch(work)).unwrap();
    }
    hw_queue.synchronize().unwrap();
    assert_eq!(low.stats().gates, 10);
}

/// What is in flight waits for the thread that waits for room: a driver would take the next command.
#[test]
fn a_thread_that_the_device_waits_for_gets_room() {
    let runtime = runtime(None, GateChoice::Host);
    let hw_queue = runtime.create_host_queue(0);
    let queue = runtime
        .create_queue(&hw_queue, Level::Block, false)
        .unwrap();
    runtime.set_launch_config(&queue, 1, 1).unwrap();
    let word = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let stream = hw_queue.host_stream().unwrap();
    queue.launch(|| stream.wait_value(&word, 1)).unwrap();
    for _ in 0..3 {
        queue
            .launch(|| hw_queue.stream().launch(Box::new(|| 0)))
            .unwrap();
    }
    runtime.host_device().write_word(&word, 1);
    hw_queue.synchronize().unwrap();
    assert_eq!(queue.stats().stalls, 3);
    // The limit holds again.
    queue
        .launch(|| hw_queue.stream().launch(Box::new(|| 0)))
        .unwrap();
    hw_queue.synchronize().unwrap();
    assert_eq!(queue.stats().stalls, 3);
}

#[test]
fn level_and_launch_config_may_change_under_load() {
    let runtime = runtime(None, GateChoice::Auto);
    let client = Arc::new(Client::new(&runtime, 0));
    {
        let _load = Saturate::start(&client, 10);
        for round in 0..100 {
            let level = if round % 2 == 0 {
                Level::Deactivate
            } else {
                Level::Block
            };
            runtime.set_level(&client.queue, level).unwrap();
            let threshold = 1 + round % 7;
            runtime
                .set_launch_config(&client.queue, threshold, 1)
                .unwrap();
            runtime.suspend(&client.queue, SYNC).unwrap();
            let quiet = client.done();
            std::thread::sleep(Duration::from_micros(300));
            assert_eq!(client.done(), quiet, "round {round}");
            runtime.resume(&client.queue, false).unwrap();
        }
    }
    client.hw_queue.synchronize().unwrap();
    assert_eq!(client.done(), client.queue.command_count_launched());
}

#[test]
fn levels_the_device_cannot_do_are_refused() {
    let device = runtime(None, GateChoice::Auto);
    let client = Client::new(&device, 0);
    let refused = device.set_level(&client.queue, Level::Interrupt);
    assert!(matches!(refused, Err(Error::NotSupported(_))));
    assert_eq!(client.queue.level(), 1);
    let host = runtime(None, GateChoice::Host);
    let hw_queue = host.create_host_queue(0);
    assert!(
        host.create_queue(&hw_queue, Level::Deactivate, false)
            .is_err()
    );
}
