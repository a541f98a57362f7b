//! Policies in real time on the software device: what they promise in virtual time still holds when the
//! runtime measures device time from markers and the monitor's ticks come late.
//!
//! Shares are ratios of what the commands themselves saw of their execution, so a slow or noisy machine
//! changes both sides alike. The way into a command and out of it, several microseconds in a debug build,
//! is device time too but not in that sum, so the commands here are long enough for it not to matter.

#![allow(clippy::unwrap_used)] // clippy.toml's exception covers test functions, not their helpers

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use xsched::config::{Config, GateChoice};
use xsched::device::Level;
use xsched::device::host::occupy;
use xsched::queue::Queue;
use xsched::runtime::{HwQueue, Runtime};
use xsched::sched::{Hint, PolicyKind};

struct Client {
    hw_queue: Arc<HwQueue>,
    queue: Arc<Queue>,
    ran_us: Arc<AtomicU64>,
    done: Arc<AtomicU64>,
}

impl Client {
    fn new(runtime: &Runtime, hint: Hint) -> Arc<Client> {
        let hw_queue = runtime.create_host_queue(0);
        let queue = runtime
            .create_queue(&hw_queue, Level::Block, false)
            .unwrap();
        runtime.hint(&queue, hint).unwrap();
        Arc::new(Client {
            hw_queue,
            queue,
            ran_us: Arc::default(),
            done: Arc::default(),
        })
    }

    fn launch(&self, us: u64) {
        let (ran_us, done) = (self.ran_us.clone(), self.done.clone());
        let launched = self.queue.launch(|| {
            self.hw_queue.stream().launch(Box::new(move || {
                let begun = Instant::now();
                occupy(Duration::from_micros(us));
                ran_us.fetch_add(
                    u64::try_from(begun.elapsed().as_micros()).unwrap_or(0),
                    Ordering::SeqCst,
                );
                done.fetch_add(1, Ordering::SeqCst);
                0
            }))
        });
        launched.unwrap();
    }
}

fn runtime(policy: PolicyKind) -> Runtime {
    let config = Config {
        policy: Some(policy),
        gate: GateChoice::Auto,
        ..Config::default()
    };
    Runtime::new(config, None)
}

/// One at a time: these tests are about who gets the processor.
static ALONE: Mutex<()> = Mutex::new(());

/// Saturates every client with commands of its length and looks at each one's share, in percent, of the
/// device time that all used, over 5 s. A share can only be kept while every launching thread gets its
/// processor, so on a busy machine it takes more than one such window until all are within 3 points;
/// under a wrong policy none is.
fn assert_shares(policy: PolicyKind, hints: &[Hint], us: &[u64], expected: &[f64]) {
    const WINDOWS: usize = 8;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = runtime(policy);
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = hints
        .iter()
        .map(|&hint| Client::new(&runtime, hint))
        .collect();
    let threads: Vec<_> = clients
        .iter()
        .zip(us)
        .map(|(client, &us)| saturate(client, us, &stop))
        .collect();
    let ran = || -> Vec<u64> {
        clients
            .iter()
            .map(|c| c.ran_us.load(Ordering::SeqCst))
            .collect()
    };
    std::thread::sleep(Duration::from_millis(300)); // Until command times are known.
    let kept = (0..WINDOWS).any(|_| {
        let before = ran();
        std::thread::sleep(Duration::from_secs(5));
        let used: Vec<f64> = before
            .iter()
            .zip(ran())
            .map(|(b, a)| (a - b) as f64)
            .collect();
        let sum: f64 = used.iter().sum();
        let shares: Vec<f64> = used.iter().map(|used| used * 100.0 / sum).collect();
        println!("{}: {shares:.1?}, expected {expected:?}", policy.name());
        shares
            .iter()
            .zip(expected)
            .all(|(share, expected)| (share - expected).abs() <= 3.0)
    });
    stop.store(true, Ordering::Relaxed);
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    for client in &clients {
        client.hw_queue.synchronize().unwrap();
    }
    assert!(
        kept,
        "{}: not within 3 points in any of {WINDOWS} windows",
        policy.name()
    );
}

/// Keeps a backlog that lasts for a while, and that ends soon after the measurement.
fn saturate(client: &Arc<Client>, us: u64, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (client, stop) = (client.clone(), stop.clone());
    std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            let done = client.done.load(Ordering::SeqCst);
            if client.queue.command_count_launched() < done + 20_000 / us {
                client.launch(us);
            } else {
                std::thread::sleep(Duration::from_micros(500));
            }
        }
    })
}

#[test]
fn utilisation_partition_keeps_75_to_25() {
    let hints = [Hint::Utilization(75), Hint::Utilization(25)];
    assert_shares(
        PolicyKind::UtilizationPartition,
        &hints,
        &[500, 500],
        &[75.0, 25.0],
    );
}

#[test]
fn utilisation_partition_keeps_50_30_20() {
    let hints = [50, 30, 20].map(Hint::Utilization);
    assert_shares(
        PolicyKind::UtilizationPartition,
        &hints,
        &[500, 1000, 500],
        &[50.0, 30.0, 20.0],
    );
}

#[test]
fn completely_fair_shares_equally_among_equals() {
    let hints = [Hint::Priority(0), Hint::Priority(0)];
    assert_shares(
        PolicyKind::CompletelyFairScheduler,
        &hints,
        &[500, 500],
        &[50.0, 50.0],
    );
}

#[test]
fn the_earliest_deadline_goes_first() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = runtime(PolicyKind::KEarliestDeadlineFirst);
    let late = Client::new(&runtime, Hint::Deadline(1_000_000));
    let soon = Client::new(&runtime, Hint::Deadline(20_000));
    for _ in 0..200 {
        late.launch(500);
    }
    soon.launch(500);
    assert!(late.queue.is_stopped() && !soon.queue.is_stopped());
    soon.hw_queue.synchronize().unwrap();
    assert!(
        late.done.load(Ordering::SeqCst) < 200,
        "late waited for soon"
    );
    assert!(!late.queue.is_stopped());
    late.hw_queue.synchronize().unwrap();
}
