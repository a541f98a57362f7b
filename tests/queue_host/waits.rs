//! Waits for every stream, and for a word in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use xsched::config::GateChoice;
use xsched::device::Level;
use xsched::queue::{Queue, SuspendFlags};

use crate::client::{SYNC, gated_queue, runtime};

/// A call that waits for every stream does not wait for a gate: what was launched goes on, the rest stays.
#[test]
fn what_waits_for_all_streams_waits_for_no_gate() {
    let runtime = Arc::new(runtime(None, GateChoice::Device));
    let (hw_queue, queue) = gated_queue(&runtime);
    runtime.suspend(&queue, SuspendFlags::default()).unwrap();
    let ran = Arc::new(AtomicU64::new(0));
    let launch = |queue: &Queue| {
        let ran = ran.clone();
        queue.launch(|| {
            hw_queue.stream().launch(Box::new(move || {
                ran.fetch_add(1, Ordering::SeqCst);
                0
            }))
        })
    };
    launch(&queue).unwrap();
    launch(&queue).unwrap();
    assert_eq!(ran.load(Ordering::SeqCst), 0, "behind the closed gate");
    std::thread::scope(|scope| {
        runtime.while_all_waited_for(|| {
            hw_queue.stream().synchronize().unwrap();
            assert_eq!(ran.load(Ordering::SeqCst), 2);
            scope.spawn(|| launch(&queue).unwrap());
            std::thread::sleep(Duration::from_millis(20));
            assert_eq!(ran.load(Ordering::SeqCst), 2, "held at the host");
        });
        launch(&queue).unwrap(); // behind the gate again, which stops no caller
        std::thread::sleep(Duration::from_millis(20));
        assert!(queue.is_stopped(), "still the application's suspension");
        assert_eq!(
            ran.load(Ordering::SeqCst),
            2,
            "held, at the host or at the gate"
        );
        runtime.resume(&queue, false).unwrap();
    });
    hw_queue.synchronize().unwrap();
    assert_eq!(ran.load(Ordering::SeqCst), 4);
}

/// A queue that is suspended, or even made, while somebody waits for every stream closes no gate either.
#[test]
fn what_waits_for_all_streams_waits_for_no_gate_that_closes_meanwhile() {
    for made_meanwhile in [false, true] {
        let runtime = runtime(None, GateChoice::Device);
        let blocked = Arc::new(AtomicBool::new(true));
        let others = runtime.create_host_queue(0);
        let _known_gate = runtime
            .create_queue(&others, Level::Deactivate, false)
            .unwrap();
        let until = blocked.clone();
        others
            .stream()
            .launch(Box::new(move || {
                while until.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
                0
            }))
            .unwrap();
        let hw_queue = runtime.create_host_queue(0);
        let make = || {
            let queue = runtime
                .create_queue(&hw_queue, Level::Deactivate, false)
                .unwrap();
            for _ in 0..3 {
                queue
                    .launch(|| hw_queue.stream().launch(Box::new(|| 0)))
                    .unwrap();
            }
            queue
        };
        let made = (!made_meanwhile).then(make);
        runtime.while_all_waited_for(|| {
            let queue = made.unwrap_or_else(make);
            runtime.suspend(&queue, SuspendFlags::default()).unwrap();
            blocked.store(false, Ordering::SeqCst);
            hw_queue.stream().synchronize().unwrap();
            runtime.resume(&queue, false).unwrap();
        });
    }
}

/// While somebody waits for every stream no gate stops one, so a synchronous suspension waits for all that was
/// launched, also for what has a gate in front of it.
#[test]
fn a_suspension_while_gates_are_open_waits_for_everything_launched() {
    let runtime = runtime(None, GateChoice::Device);
    let (hw_queue, queue) = gated_queue(&runtime);
    let ran = Arc::new(AtomicU64::new(0));
    // Suspended once, so that gates stand in the stream.
    runtime.suspend(&queue, SuspendFlags::default()).unwrap();
    for _ in 0..4 {
        let ran = ran.clone();
        queue
            .launch(|| {
                hw_queue.stream().launch(Box::new(move || {
                    xsched::device::host::occupy(Duration::from_millis(5));
                    ran.fetch_add(1, Ordering::SeqCst);
                    0
                }))
            })
            .unwrap();
    }
    runtime.while_all_waited_for(|| {
        runtime.suspend(&queue, SYNC).unwrap();
        assert_eq!(ran.load(Ordering::SeqCst), 4);
    });
    runtime.resume(&queue, false).unwrap();
}

#[test]
fn wait_value_holds_a_stream_until_the_word_is_written() {
    let runtime = runtime(None, GateChoice::Auto);
    let (a, b) = (runtime.create_host_queue(0), runtime.create_host_queue(0));
    let word = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let ran = Arc::new(AtomicBool::new(false));
    a.host_stream().unwrap().wait_value(&word, 7).unwrap();
    let mark = ran.clone();
    a.stream()
        .launch(Box::new(move || {
            mark.store(true, Ordering::SeqCst);
            0
        }))
        .unwrap();
    b.host_stream().unwrap().write_value(&word, 6).unwrap();
    b.synchronize().unwrap();
    assert!(!ran.load(Ordering::SeqCst) && !a.stream().is_drained().unwrap());
    b.host_stream().unwrap().write_value(&word, 8).unwrap();
    a.synchronize().unwrap();
    assert!(ran.load(Ordering::SeqCst));
}
