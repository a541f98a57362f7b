//! A stream under capture is never touched, on a stream that pretends: the software device captures
//! nothing.

#![allow(clippy::unwrap_used)] // a test may fail

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use xsched::config::Config;
use xsched::device::host::HostStream;
use xsched::device::{Gate, Level, Marker, Stream, Work};
use xsched::error::Result;
use xsched::queue::{Listener, Queue, QueueId, QueueSettings};
use xsched::runtime::Runtime;

/// Counts what is put into the stream besides the application's own launches.
struct Capturable {
    inner: Arc<HostStream>,
    capturing: AtomicBool,
    private: AtomicBool,
    touched: Arc<AtomicU64>,
    /// Part of these came while it was capturing.
    touched_in_capture: AtomicU64,
    /// Run once, after the answer to `is_capturing` is known and before it is given.
    when_asked: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Capturable {
    fn new(runtime: &Runtime) -> Capturable {
        Capturable {
            inner: runtime.host_device().create_stream(0),
            capturing: AtomicBool::new(false),
            private: AtomicBool::new(false),
            touched: Arc::default(),
            touched_in_capture: AtomicU64::new(0),
            when_asked: Mutex::default(),
        }
    }
}

impl Stream for Capturable {
    fn max_level(&self) -> Level {
        self.inner.max_level()
    }
    fn launch(&self, work: Work) -> Result<()> {
        self.inner.launch(work)
    }
    fn synchronize(&self) -> Result<()> {
        self.inner.synchronize()
    }
    fn is_drained(&self) -> Result<bool> {
        self.inner.is_drained()
    }
    fn is_capturing(&self) -> bool {
        let capturing = self.capturing.load(Ordering::SeqCst);
        if let Some(run) = self.when_asked.lock().unwrap().take() {
            run();
        }
        capturing
    }
    fn is_private(&self) -> bool {
        self.private.load(Ordering::SeqCst)
    }
    fn marker(&self) -> Result<Arc<dyn Marker>> {
        self.touched.fetch_add(1, Ordering::SeqCst);
        if self.capturing.load(Ordering::SeqCst) {
            self.touched_in_capture.fetch_add(1, Ordering::SeqCst);
        }
        self.inner.marker()
    }
    fn gate(&self) -> Result<Box<dyn Gate>> {
        Ok(Box::new(CountedGate {
            gate: self.inner.gate()?,
            touched: self.touched.clone(),
        }))
    }
}

struct CountedGate {
    gate: Box<dyn Gate>,
    touched: Arc<AtomicU64>,
}

impl Gate for CountedGate {
    fn append_wait(&self) -> Result<()> {
        self.touched.fetch_add(1, Ordering::SeqCst);
        self.gate.append_wait()
    }
    fn close(&self) {
        self.gate.close();
    }
    fn open(&self) {
        self.gate.open();
    }
}

/// Takes every queue's word for it.
struct Anything;

impl Listener for Anything {
    fn ready(&self, queue: &Queue) {
        queue.set_ready();
    }
    fn synchronized(&self, queue: &Queue, upto: u64) {
        queue.clear_ready_if_idle(upto);
    }
    fn failed(&self, _: &Queue) {}
}

/// On a stream of its own, with either gate; tracked and preemptible.
fn with_either_gate(test: impl Fn(&Queue, &Capturable)) {
    for device_gate in [false, true] {
        let runtime = Runtime::new(Config::default(), None);
        let stream = Arc::new(Capturable::new(&runtime));
        let queue = queue_on(&stream, device_gate);
        queue.set_tracked(true, true);
        test(&queue, &stream);
        stream.synchronize().unwrap();
    }
}

/// The only test here in which it matters whether a capture was seen to begin in this process.
#[test]
fn a_captured_launch_meets_no_gate_no_marker_and_no_suspension() {
    let launch = |queue: &Queue, stream: &Capturable| {
        queue.launch(|| stream.launch(Box::new(|| 0))).unwrap();
    };
    let touched = |stream: &Capturable| stream.touched.load(Ordering::SeqCst);

    // Nobody has seen it begin: the launches are taken for ordinary ones.
    with_either_gate(|queue, stream| {
        stream.capturing.store(true, Ordering::SeqCst);
        for _ in 0..10 {
            launch(queue, stream);
        }
        assert_eq!(touched(stream), 0);
        assert_eq!(queue.stats().tracked, 10);
        stream.capturing.store(false, Ordering::SeqCst);
        launch(queue, stream);
        assert!(touched(stream) > 0);
    });

    xsched::device::driver::note_capture();
    with_either_gate(|queue, stream| {
        launch(queue, stream);
        let before = touched(stream);
        assert!(before > 0, "an ordinary tracked launch is touched");
        stream.capturing.store(true, Ordering::SeqCst);
        queue.suspend();
        for _ in 0..10 {
            launch(queue, stream); // Would wait for ever at the host gate.
        }
        queue.poll(true);
        assert_eq!(touched(stream), before);
        assert_eq!(queue.stats().bypass_capture, 10);

        stream.capturing.store(false, Ordering::SeqCst);
        queue.resume();
        launch(queue, stream);
        assert!(touched(stream) > before);
    });
}

/// A queue on a stream that pretends; each command that may have a gate has one.
fn queue_on(stream: &Arc<Capturable>, device_gate: bool) -> Arc<Queue> {
    let settings = QueueSettings {
        level: Level::Block,
        device_gate,
        blocking_submit: false,
        budget_us: Some(0),
    };
    Queue::new(QueueId(1), 2, stream.clone(), Arc::new(Anything), settings).unwrap()
}

/// One with the host gate, tracked, with one command launched.
fn launched_on(stream: &Arc<Capturable>) -> Arc<Queue> {
    let queue = queue_on(stream, false);
    queue.set_tracked(true, false); // so no marker comes by itself
    queue.launch(|| stream.launch(Box::new(|| 0))).unwrap();
    queue
}

#[test]
fn an_event_recorded_before_a_capture_brings_no_marker_into_it() {
    let runtime = Runtime::new(Config::default(), None);
    let stream = Arc::new(Capturable::new(&runtime));
    let queue = launched_on(&stream);
    stream.capturing.store(true, Ordering::SeqCst);
    assert!(queue.marker_behind(1).is_none());
    assert_eq!(stream.touched.load(Ordering::SeqCst), 0);
    stream.capturing.store(false, Ordering::SeqCst);
    assert!(queue.marker_behind(1).is_some());
    stream.synchronize().unwrap();
}

#[test]
fn a_capture_that_begins_while_the_monitor_looks_stays_untouched() {
    let runtime = Runtime::new(Config::default(), None);
    let stream = Arc::new(Capturable::new(&runtime));
    let queue = launched_on(&stream);
    let (asked, begin) = mpsc::channel();
    let (began, seen) = mpsc::channel();
    *stream.when_asked.lock().unwrap() = Some(Box::new(move || {
        asked.send(()).unwrap();
        // Comes if the capture can begin between this answer and the marker.
        let _ = seen.recv_timeout(Duration::from_millis(100));
    }));
    std::thread::scope(|scope| {
        let (queue, stream) = (&queue, &stream);
        scope.spawn(move || {
            begin.recv().unwrap();
            queue.between_markers(|| stream.capturing.store(true, Ordering::SeqCst));
            let _ = began.send(());
        });
        queue.poll(true);
    });
    assert_eq!(stream.touched_in_capture.load(Ordering::SeqCst), 0);
    stream.synchronize().unwrap();
}

/// A driver may hold a stream's lock while a thread waits there, or is in the middle of a launch.
#[test]
fn a_stream_that_a_thread_is_busy_with_is_left_alone() {
    let runtime = Runtime::new(Config::default(), None);
    let stream = Arc::new(Capturable::new(&runtime));
    let queue = launched_on(&stream);
    let untouched = || stream.touched.load(Ordering::SeqCst) == 0;
    queue.while_waited_for(|| {
        assert_eq!(queue.poll(true), (1, false));
        assert!(queue.marker_behind(1).is_none());
    });
    assert!(untouched());
    queue.between_markers(|| assert_eq!(queue.poll(true), (1, false)));
    assert!(untouched());
    queue
        .launch(|| {
            queue.poll(true);
            stream.launch(Box::new(|| 0))
        })
        .unwrap();
    assert!(untouched());
    queue.poll(true);
    assert!(!untouched());
    stream.synchronize().unwrap();
}

#[test]
fn a_stream_that_only_its_own_thread_can_reach_is_left_alone() {
    for private in [false, true] {
        let runtime = Runtime::new(Config::default(), None);
        let stream = Arc::new(Capturable::new(&runtime));
        stream.private.store(private, Ordering::SeqCst);
        let queue = queue_on(&stream, false);
        queue.launch(|| stream.launch(Box::new(|| 0))).unwrap(); // While nobody competes.
        queue.set_tracked(true, false);
        queue.poll(true);
        assert_eq!(stream.touched.load(Ordering::SeqCst) == 0, private);
        stream.synchronize().unwrap();
    }
}
