//! Queues whose device gates are as a driver's: they cost something, and calls of the driver may wait for them.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use xsched::config::{Config, GateChoice};
use xsched::device::host::{HostDevice, HostStream};
use xsched::device::{Device, Gate, Marker, Stream, Work};
use xsched::error::Result;
use xsched::queue::{Level, Queue, SuspendFlags};
use xsched::runtime::{HwQueue, Runtime, StreamKey};
use xsched::sched::{Hint, PolicyKind};

/// A stream of the software device as if it were a driver's, whose calls may wait.
struct DriverStream(Arc<HostStream>);

impl Stream for DriverStream {
    fn max_level(&self) -> Level {
        self.0.max_level()
    }
    fn launch(&self, work: Work) -> Result<()> {
        self.0.launch(work)
    }
    fn synchronize(&self) -> Result<()> {
        self.0.synchronize()
    }
    fn is_drained(&self) -> Result<bool> {
        self.0.is_drained()
    }
    fn is_capturing(&self) -> bool {
        false
    }
    fn marker(&self) -> Result<Arc<dyn Marker>> {
        self.0.marker()
    }
    fn gate(&self) -> Result<Box<dyn Gate>> {
        Ok(Box::new(DriverGate(self.0.gate()?)))
    }
}

/// Its gate.
struct DriverGate(Box<dyn Gate>);

impl Gate for DriverGate {
    fn append_wait(&self) -> Result<()> {
        self.0.append_wait()
    }
    fn close(&self) {
        self.0.close();
    }
    fn open(&self) {
        self.0.open();
    }
}

pub(crate) struct Member {
    pub(crate) stream: Arc<HostStream>,
    pub(crate) hw_queue: Arc<HwQueue>,
    pub(crate) queue: Arc<Queue>,
}

impl Member {
    pub(crate) fn new(runtime: &Process, priority: i32) -> Member {
        static HANDLES: AtomicUsize = AtomicUsize::new(0x1000);
        let stream = runtime.software.create_stream(0);
        let key = StreamKey::of_handle(1, HANDLES.fetch_add(16, Ordering::Relaxed));
        let hw_queue = runtime
            .adopt(key, || {
                let adopted = Arc::new(DriverStream(stream.clone()));
                Ok((runtime.device.clone(), adopted as _))
            })
            .unwrap();
        let queue = runtime
            .create_queue(&hw_queue, Level::Deactivate, false)
            .unwrap();
        runtime.hint(&queue, Hint::Priority(priority)).unwrap();
        Member {
            stream,
            hw_queue,
            queue,
        }
    }

    /// The application suspends it; what this returns says when a command launched since has run.
    pub(crate) fn suspend(&self, runtime: &Runtime) -> Arc<AtomicBool> {
        runtime
            .suspend(&self.queue, SuspendFlags::default())
            .unwrap();
        self.launch()
    }

    /// And lets it go on, to its end.
    pub(crate) fn resume(&self, runtime: &Runtime) {
        runtime.resume(&self.queue, false).unwrap();
        self.hw_queue.synchronize().unwrap();
    }

    /// A command that says when it has run.
    pub(crate) fn launch(&self) -> Arc<AtomicBool> {
        let ran = Arc::default();
        self.launch_saying(&ran);
        ran
    }

    pub(crate) fn launch_saying(&self, ran: &Arc<AtomicBool>) {
        let ran = ran.clone();
        let work = Box::new(move || {
            ran.store(true, Ordering::SeqCst);
            0
        });
        self.queue
            .launch(|| self.hw_queue.stream().launch(work))
            .unwrap();
    }

    /// A launch whose driver call returns only when `other` has run.
    pub(crate) fn launch_behind(&self, other: &AtomicBool) {
        self.queue
            .launch(|| {
                wait_for(other);
                self.hw_queue.stream().launch(Box::new(|| 0))
            })
            .unwrap();
    }
}

/// A runtime with one device.
pub(crate) struct Process {
    pub(crate) runtime: Runtime,
    pub(crate) software: HostDevice,
    pub(crate) device: Arc<dyn Device>,
}

impl Deref for Process {
    type Target = Runtime;
    fn deref(&self) -> &Runtime {
        &self.runtime
    }
}

pub(crate) fn runtime(policy: Option<PolicyKind>) -> Process {
    let config = Config {
        policy,
        gate: GateChoice::Device,
        // No queue is found idle by its rest during these tests.
        grace_us: 1_000_000,
        ..Config::default()
    };
    let software = HostDevice::new(1);
    Process {
        runtime: Runtime::new(config, None),
        device: Arc::new(software.clone()),
        software,
    }
}

/// Until it is true.
pub(crate) fn wait_for(ran: &AtomicBool) {
    while !ran.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
}

/// Has the higher queue hold the lower one.
pub(crate) fn contend(high: &Member, low: &Member) {
    low.launch();
    high.launch();
    assert!(low.queue.is_stopped());
}
