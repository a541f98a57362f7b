//! Device time from markers against the truth: what the commands themselves saw of their execution.

#![allow(clippy::unwrap_used)] // clippy.toml's exception covers test functions, not their helpers

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use xsched::config::{Config, GateChoice};
use xsched::device::Level;
use xsched::device::host::occupy;
use xsched::queue::{Queue, SuspendFlags};
use xsched::runtime::{HwQueue, Runtime};
use xsched::sched::{Hint, PolicyKind};

/// What the commands of a queue saw.
#[derive(Default)]
struct Truth {
    /// How long they ran.
    ran: Duration,
    /// How long the device's thread waited for a processor between them: no fault of the queue's.
    waited: Duration,
    /// What that thread had waited altogether when the last of them ended.
    waited_at_end: Option<Duration>,
}

impl Truth {
    fn run(&mut self, us: u64) {
        let begun = Instant::now();
        if let Some(at_end) = self.waited_at_end {
            self.waited += waited_for_processor() - at_end;
        }
        occupy(Duration::from_micros(us));
        self.waited_at_end = Some(waited_for_processor());
        self.ran += begun.elapsed();
    }
}

/// How long the calling thread has waited for a processor so far; nothing on a kernel that does not tell.
fn waited_for_processor() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let waited = stat.split(' ').nth(1).and_then(|ns| ns.parse().ok());
    Duration::from_nanos(waited.unwrap_or(0))
}

/// A queue whose commands add up how long they really ran.
struct Client {
    hw_queue: Arc<HwQueue>,
    queue: Arc<Queue>,
    truth: Arc<Mutex<Truth>>,
}

/// What was seen of a client, in microseconds.
#[derive(Debug)]
struct Times {
    counted: u64,
    /// Part of it.
    estimated: u64,
    truth: u64,
    waited: u64,
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
            truth: Arc::default(),
        }
    }

    fn launch(&self, us: u64) {
        let truth = self.truth.clone();
        self.queue
            .launch(|| {
                self.hw_queue.stream().launch(Box::new(move || {
                    truth.lock().unwrap().run(us);
                    0
                }))
            })
            .unwrap();
    }

    fn times(&self) -> Times {
        self.hw_queue.synchronize().unwrap();
        self.queue.poll(true); // Records and
        self.hw_queue.synchronize().unwrap();
        self.queue.poll(true); // retires the last marker.
        let stats = self.queue.stats();
        let truth = self.truth.lock().unwrap();
        let us = |duration: Duration| u64::try_from(duration.as_micros()).unwrap();
        Times {
            counted: stats.device_time_us,
            estimated: stats.device_time_estimated_us,
            truth: us(truth.ran),
            waited: us(truth.waited),
        }
    }
}

/// A marker sees a little more than the command: the way in and out of it. On a busy machine that is
/// sometimes a time slice of the processor, hence the constant, and what the device's thread waited.
fn assert_close(times: &Times, what: &str) {
    let Times {
        counted,
        estimated,
        truth,
        waited,
    } = times;
    let tolerance = truth / 10 + 20_000 + estimated + waited;
    assert!(
        counted + truth / 20 >= *truth,
        "{what}: counted too little: {times:?}"
    );
    assert!(
        *counted <= truth + tolerance,
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
        assert_close(&client.times(), &format!("{gate:?}"));
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
        assert_close(&client.times(), &format!("{gate:?}"));
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
        let mut times = low.times();
        // High's command that ran when low resumed, and the other way round, may be charged twice.
        times.estimated += 10 * 1000;
        assert_close(&times, &format!("{gate:?}"));
    }
}
