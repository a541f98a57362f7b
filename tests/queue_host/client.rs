//! Runtimes and queues to test with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use xsched::config::{Config, GateChoice};
use xsched::device::Level;
use xsched::error::Error;
use xsched::queue::{Queue, SuspendFlags};
use xsched::runtime::{HwQueue, Runtime};
use xsched::sched::{Hint, PolicyKind};

pub(crate) const HPF: Option<PolicyKind> = Some(PolicyKind::HighestPriorityFirst);
pub(crate) const SYNC: SuspendFlags = SuspendFlags {
    sync: true,
    wait_all: false,
    wait_idle: false,
};

pub(crate) fn runtime(policy: Option<PolicyKind>, gate: GateChoice) -> Runtime {
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
pub(crate) struct Client {
    pub(crate) hw_queue: Arc<HwQueue>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) done: Arc<AtomicU64>,
}

impl Client {
    pub(crate) fn new(runtime: &Runtime, priority: i32) -> Client {
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

    pub(crate) fn launch(&self, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let done = self.done.clone();
        self.queue.launch(|| {
            self.hw_queue.stream().launch(Box::new(move || {
                work();
                done.fetch_add(1, Ordering::SeqCst);
                0
            }))
        })
    }

    pub(crate) fn delay(&self, us: u64) {
        self.launch(move || xsched::device::host::occupy(Duration::from_micros(us)))
            .unwrap();
    }

    /// A command that lasts until what this returns is set.
    pub(crate) fn occupy(&self) -> Arc<AtomicBool> {
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

    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }
}

/// A stream whose queue asks for the device gate.
pub(crate) fn gated_queue(runtime: &Runtime) -> (Arc<HwQueue>, Arc<Queue>) {
    let hw_queue = runtime.create_host_queue(0);
    let queue = runtime
        .create_queue(&hw_queue, Level::Deactivate, false)
        .unwrap();
    (hw_queue, queue)
}

pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
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
pub(crate) struct Saturate {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Saturate {
    pub(crate) fn start(client: &Arc<Client>, us: u64) -> Saturate {
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
