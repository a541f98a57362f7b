//! Device time from markers against the truth: what the commands themselves saw of their execution.

#![allow(clippy::unwrap_used)] // clippy.toml's exception covers test functions, not their helpers

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use xsched::config::{Config, GateChoice};
use xsched::device::Level;
use xsched::device::host::occupy;
use xsched::queue::{Queue, SuspendFlags};
use xsched::runtime::{HwQueue, Runtime};
use xsched::sched::{Hint, PolicyKind};

/// A queue whose commands add up how long they really ran.
struct Client {
    hw_queue: Arc<HwQueue>,
    queue: Arc<Queue>,
    truth_us: Arc<AtomicU64>,
}

impl Client {
    fn new(runtime: &Runtime) -> Client {
        let hw_queue = runtime.create_host_queue(0);
        let queue = runtime
            .create_queue(&hw_queue, Level::Block, false)
            .unwrap();
        Client {
            hw_queue,
            queue,
            truth_us: Arc::default(),
        }
    }

    fn launch(&self, us: u64) {
        let truth_us = self.truth_us.clone();
        self.queue
            .launch(|| {
                self.hw_queue.stream().launch(Box::new(move || {
                    let begun = Instant::now();
                    occupy(Duration::from_micros(us));
                    let ran = u64::try_from(begun.elapsed().as_micros()).unwrap();
                    truth_us.fetch_add(ran, Ordering::SeqCst);
                    0
                }))
            })
            .unwrap();
    }

    /// Device time as counted, as estimated within that, and the truth, in microseconds.
    fn times(&self) -> (u64, u64, u64) {
        self.hw_queue.synchronize().unwrap();
        self.queue.poll(true); // Records and
        self.hw_queue.synchronize().unwrap();
        self.queue.poll(true); // retires the last marker.
        let stats = self.queue.stats();
        let truth = self.truth_us.load(Ordering::SeqCst);
        (stats.device_time_us, stats.device_time_estimated_us, truth)
    }
}

/// A marker sees a little more than the command: the way in and out of it. On a busy machine that is
/// sometimes a time slice of the processor, hence the constant.
fn assert_close(times: (u64, u64, u64), what: &str) {
    let (counted, estimated, truth) = times;
    let tolerance = truth / 10 + 20_000 + estimated;
    assert!(
        counted + truth / 20 >= truth,
        "{what}: counted too little: {times:?}"
    );
    assert!(
        counted <= truth + tolerance,
        "{what}: counted too much: {times:?}"
    );
}

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

#[test]
fn a_queue_alone_is_counted_in_full_and_no_more() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(None, gate);
        let client = Client::new(&runtime);
        runtime.set_launch_config(&client.queue, 8, 2).unwrap();
        for us in [50, 500, 2000] {
            for _ in 0..100 {
                client.launch(us);
            }
            std::thread::sleep(Duration::from_millis(20)); // Idle time is not device time.
        }
        assert_close(client.times(), &format!("{gate:?}"));
    }
}

#[test]
fn a_suspension_is_not_device_time() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = runtime(None, gate);
        let client = Arc::new(Client::new(&runtime));
        runtime.set_launch_config(&client.queue, 4, 3).unwrap();
        let launcher = {
            let client = client.clone();
            std::thread::spawn(move || (0..200).for_each(|_| client.launch(500)))
        };
        for _ in 0..5 {
            std::thread::sleep(Duration::from_millis(5));
            // Without waiting: a synchronous one would record a marker, and end the span.
            runtime
                .suspend(&client.queue, SuspendFlags::default())
                .unwrap();
            std::thread::sleep(Duration::from_millis(60));
            runtime.resume(&client.queue, false).unwrap();
        }
        launcher.join().unwrap();
        assert_close(client.times(), &format!("{gate:?}"));
    }
}

#[test]
fn a_queue_held_by_another_is_not_charged_for_it() {
    for gate in [GateChoice::Host, GateChoice::Device] {
        let runtime = Arc::new(runtime(Some(PolicyKind::HighestPriorityFirst), gate));
        let (high, low) = (Client::new(&runtime), Arc::new(Client::new(&runtime)));
        runtime.hint(&high.queue, Hint::Priority(9)).unwrap();
        let launcher = {
            let low = low.clone();
            std::thread::spawn(move || (0..200).for_each(|_| low.launch(500)))
        };
        for _ in 0..5 {
            std::thread::sleep(Duration::from_millis(5));
            for _ in 0..30 {
                high.launch(1000);
            }
            high.hw_queue.synchronize().unwrap();
        }
        launcher.join().unwrap();
        let (counted, estimated, truth) = low.times();
        // High's command that ran when low resumed, and the other way round, may be charged twice.
        assert_close(
            (counted, estimated + 10 * 1000, truth),
            &format!("{gate:?}"),
        );
    }
}
