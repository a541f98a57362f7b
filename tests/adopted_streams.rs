//! Streams that are the application's own: adopted when first seen, forgotten when destroyed, with and
//! without queues made for them. The streams are the software device's; a driver's would do.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use xsched::config::{AutoQueue, Config, GateChoice};
use xsched::device::host::HostDevice;
use xsched::device::{Device, Place};
use xsched::error::{Error, Result};
use xsched::queue::SuspendFlags;
use xsched::runtime::{HwQueue, Runtime, StreamKey};
use xsched::sched::Hint;

const PLATFORM: u32 = 4;

/// A runtime and a device of a driver.
struct Driver {
    runtime: Runtime,
    software: HostDevice,
    device: Arc<dyn Device>,
}

impl Driver {
    fn new(auto_queue: Option<AutoQueue>, gate: GateChoice) -> Driver {
        let config = Config {
            auto_queue,
            gate,
            ..Config::default()
        };
        let software = HostDevice::new(1);
        Driver {
            runtime: Runtime::new(config, None),
            device: Arc::new(software.clone()),
            software,
        }
    }

    fn adopt(&self, key: StreamKey) -> Result<Arc<HwQueue>> {
        self.runtime.adopt(key, || {
            let stream = self.software.create_stream(0);
            Ok((self.device.clone(), stream as _))
        })
    }
}

fn handle(address: usize) -> StreamKey {
    StreamKey::of_handle(PLATFORM, address)
}

#[test]
fn a_stream_is_adopted_once_and_its_address_means_another_after_its_end() {
    let driver = Driver::new(None, GateChoice::Auto);
    let first = driver.adopt(handle(0x1000)).unwrap();
    assert_eq!(driver.adopt(handle(0x1000)).unwrap().id(), first.id());
    assert_ne!(driver.adopt(handle(0x2000)).unwrap().id(), first.id());
    driver.runtime.forget_stream(handle(0x1000));
    assert!(driver.runtime.hw_queues.get(first.id()).is_err());
    assert_ne!(driver.adopt(handle(0x1000)).unwrap().id(), first.id());
    assert_eq!(driver.runtime.adopted().streams, 2);
}

#[test]
fn a_stream_that_cannot_be_adopted_leaves_nothing_behind() {
    let driver = Driver::new(Some(AutoQueue::default()), GateChoice::Auto);
    let refused = driver
        .runtime
        .adopt(handle(0x1000), || Err(Error::invalid("stream", "is none")));
    assert!(matches!(refused, Err(Error::InvalidValue { .. })));
    assert_eq!(driver.runtime.adopted().streams, 0);
    assert!(driver.adopt(handle(0x1000)).is_ok());
}

#[test]
fn an_automatic_queue_has_what_the_environment_asked_for() {
    let auto = AutoQueue {
        level: 2,
        threshold: 6,
        batch: 3,
        hints: vec![Hint::Priority(-7), Hint::Utilization(30)],
    };
    let driver = Driver::new(Some(auto), GateChoice::Auto);
    let queue = driver.adopt(handle(0x1000)).unwrap().queue().unwrap();
    let (stats, hints) = driver.runtime.stats(&queue).unwrap();
    assert_eq!((stats.level, stats.threshold, stats.batch_size), (2, 6, 3));
    assert_eq!((hints.priority, hints.utilization), (-7, 30));
    assert_eq!(queue.name(), "stream 0x1000");
}

#[test]
fn a_level_that_a_stream_cannot_do_is_replaced_by_one_it_can() {
    let auto = AutoQueue {
        level: 2,
        ..AutoQueue::default()
    };
    let driver = Driver::new(Some(auto), GateChoice::Host);
    let queue = driver.adopt(handle(0x1000)).unwrap().queue().unwrap();
    assert_eq!(queue.level(), 1);
}

#[test]
fn whatever_is_held_goes_on_when_its_stream_ends() {
    let driver = Driver::new(Some(AutoQueue::default()), GateChoice::Host);
    let hw_queue = driver.adopt(handle(0x1000)).unwrap();
    let queue = hw_queue.queue().unwrap();
    driver
        .runtime
        .suspend(&queue, SuspendFlags::default())
        .unwrap();
    let launched = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            queue
                .launch(|| hw_queue.stream().launch(Box::new(|| 0)))
                .unwrap();
            launched.store(true, Ordering::SeqCst);
        });
        std::thread::sleep(Duration::from_millis(20));
        assert!(!launched.load(Ordering::SeqCst));
        driver.runtime.forget_stream(handle(0x1000));
    });
    assert!(driver.runtime.queues.get(queue.id().0).is_err());
}

#[test]
fn a_thread_ends_with_its_own_streams_and_a_device_with_all() {
    let driver = Driver::new(Some(AutoQueue::default()), GateChoice::Auto);
    let own = |thread| StreamKey {
        platform: PLATFORM,
        place: Some(Place::Device(0)),
        stream: 2,
        thread,
    };
    let streams = [own(7), own(8), handle(0x1000)].map(|key| driver.adopt(key).unwrap());
    driver.runtime.forget_thread(7);
    let known = |at: usize| driver.runtime.hw_queues.get(streams[at].id()).is_ok();
    assert_eq!([known(0), known(1), known(2)], [false, true, true]);
    driver.runtime.forget_device(&driver.device);
    assert_eq!([known(0), known(1), known(2)], [false, false, false]);
    assert_eq!(driver.runtime.adopted().streams, 0);
}

#[test]
fn commands_of_forgotten_streams_stay_counted() {
    let driver = Driver::new(Some(AutoQueue::default()), GateChoice::Auto);
    for address in 1..=3 {
        let hw_queue = driver.adopt(handle(address << 12)).unwrap();
        let queue = hw_queue.queue().unwrap();
        queue
            .launch(|| hw_queue.stream().launch(Box::new(|| 0)))
            .unwrap();
        driver.runtime.forget_stream(handle(address << 12));
    }
    assert_eq!(driver.runtime.adopted().commands, 3);
}
