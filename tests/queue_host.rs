//! The core over the software device: each promise of the queue, one test.
//!
//! No test asserts a time. What must happen is waited for with a generous deadline; what must not
//! happen is counted.

#![allow(clippy::unwrap_used)] // clippy.toml's exception covers test functions, not their helpers

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use xsched::config::{Config, GateChoice};
use xsched::device::Level;
use xsched::device::host::Fault;
use xsched::error::Error;
use xsched::queue::{Queue, SuspendFlags};
use xsched::runtime::{HostEvent, HwQueue, Runtime};
use xsched::sched::{Hint, PolicyKind};

const HPF: Option<PolicyKind> = Some(PolicyKind::HighestPriorityFirst);
const SYNC: SuspendFlags = SuspendFlags {
    sync: true,
    wait_all: false,
    wait_idle: false,
};

fn runtime(policy: Option<PolicyKind>, gate: GateChoice) -> Runtime {
    Runtime::new(
        Config {
            policy,
            gate,
            ..Config::default()
        },
        None,
    )
}

/// A stream with a queue on it.
struct Client {
    hw_queue: Arc<HwQueue>,
    queue: Arc<Queue>,
    done: Arc<AtomicU64>,
}

impl Client {
    fn new(runtime: &Runtime, priority: i32) -> Client {
        let hw_queue = runtime.create_host_queue(0);
        let queue = runtime
            .create_queue(&hw_queue, Level::Block, false)
            .unwrap();
        runtime.hint(&queue, Hint::Priority(priority)).unwrap();
        Client {
            hw_queue,
            queue,
            done: Arc::default(),
        }
    }

    fn launch(&self, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let done = self.done.clone();
        self.queue.launch(|| {
            self.hw_queue.stream().launch(Box::new(move || {
                work();
                done.fetch_add(1, Ordering::SeqCst);
                0
            }))
        })
    }

    fn delay(&self, us: u64) {
        self.launch(move || xsched::device::host::occupy(Duration::from_micros(us)))
            .unwrap();
    }

    /// A command that lasts until what this returns is set.
    fn occupy(&self) -> Arc<AtomicBool> {
        let release = Arc::new(AtomicBool::new(false));
        let released = release.clone();
        self.launch(move || {
            while !released.load(Ordering::SeqCst) {
                std::thread::yield_now();
            }
        })
        .unwrap();
        release
    }

    fn done(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }
}

/// A stream whose queue asks for the device gate.
fn gated_queue(runtime: &Runtime) -> (Arc<HwQueue>, Arc<Queue>) {
    let hw_queue = runtime.create_host_queue(0);
    let queue = runtime
        .create_queue(&hw_queue, Level::Deactivate, false)
        .unwrap();
    (hw_queue, queue)
}

fn eventually(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(
            Instant::now() < deadline,
            "did not happen within 30 s: {what}"
        );
        std::thread::sleep(Duration::from_micros(100));
    }
}

/// Launches commands of `us` microseconds from a thread of its own until dropped.
struct Saturate {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Saturate {
    fn start(client: &Arc<Client>, us: u64) -> Saturate {
        let (stop, client) = (Arc::new(AtomicBool::new(false)), client.clone());
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                // Without a limit of the queue's own the backlog would grow for ever.
                if client.queue.command_count_launched() < client.done() + 100 {
                    client.delay(us);
                } else {
                    std::thread::yield_now();
                }
            }
        });
        Saturate {
            stop,
            thread: Some(thread),
        }
    }
}

impl Drop for Saturate {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

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

#[test]
fn a_refused_launch_returns_the_devices_code_and_counts_nothing() {
    let runtime = runtime(HPF, GateChoice::Auto);
    let (client, _other) = (Client::new(&runtime, 1), Client::new(&runtime, 9));
    runtime.host_device().set_fault(Fault::Launch, 0);
    let refused = client.launch(|| {});
    runtime.host_device().set_fault(Fault::None, 0);
    assert!(
        matches!(refused, Err(Error::Hardware { code: 719, .. })),
        "{refused:?}"
    );
    let stats = client.queue.stats();
    assert_eq!(
        (stats.commands, stats.in_flight, stats.launch_errors),
        (0, 0, 1)
    );
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
}

#[test]
fn a_fault_of_gate_or_marker_turns_the_queue_to_pass_through() {
    for (fault, gate) in [
        (Fault::Gate, GateChoice::Device),
        (Fault::Marker, GateChoice::Host),
    ] {
        let runtime = runtime(HPF, gate);
        let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
        low.delay(0);
        runtime.host_device().set_fault(fault, 0);
        for _ in 0..200 {
            low.delay(0);
        }
        runtime.host_device().set_fault(Fault::None, 0);
        let stats = low.queue.stats();
        assert!(
            stats.failed && stats.bypass_failed > 0,
            "{fault:?}: {stats:?}"
        );
        high.delay(0);
        assert!(
            !low.queue.is_stopped(),
            "{fault:?}: a failed queue is not held"
        );
        low.hw_queue.synchronize().unwrap();
        assert_eq!(low.done(), 201, "{fault:?}: nothing is lost");
    }
}

#[test]
fn a_panic_in_the_driver_call_leaves_the_queue_usable() {
    let runtime = runtime(None, GateChoice::Auto);
    let client = Client::new(&runtime, 0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        client.queue.launch::<()>(|| panic!("on purpose"))
    }));
    assert!(panicked.is_err());
    runtime.suspend(&client.queue, SYNC).unwrap(); // Would hang on a launch that never ended.
    runtime.resume(&client.queue, false).unwrap();
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
}

#[test]
fn a_command_that_panics_is_an_error_of_that_command() {
    let runtime = runtime(None, GateChoice::Auto);
    let client = Client::new(&runtime, 0);
    client.launch(|| panic!("on purpose")).unwrap();
    assert_eq!(
        client.hw_queue.synchronize(),
        Err(Error::Command { code: 999 })
    );
    client.delay(0);
    client.hw_queue.synchronize().unwrap();
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

#[test]
fn at_exit_every_gate_is_open() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(None, gate);
        let client = Arc::new(Client::new(&runtime, 0));
        runtime.suspend(&client.queue, SYNC).unwrap();
        let launcher = {
            let client = client.clone();
            std::thread::spawn(move || client.delay(0))
        };
        runtime.shut_down();
        launcher.join().unwrap();
        client.hw_queue.synchronize().unwrap();
        assert_eq!(client.done(), 1);
    }
}

#[test]
fn disabled_passes_everything() {
    let config = Config {
        policy: HPF,
        disabled: true,
        ..Config::default()
    };
    let runtime = Runtime::new(config, None);
    let (high, low) = (Client::new(&runtime, 9), Client::new(&runtime, 1));
    runtime.suspend(&low.queue, SYNC).unwrap();
    high.delay(1000);
    low.delay(0);
    low.hw_queue.synchronize().unwrap();
    assert_eq!(high.queue.stats().passed + low.queue.stats().passed, 2);
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
