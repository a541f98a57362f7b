//! The runtime of one process: its settings, devices and streams. What it does with queues and commands is in
//! `queues.rs` and `commands.rs`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::sync::Mutex;
use once_cell::sync::OnceCell;

use super::adopt::AdoptedStreams;
use super::event::HostEvent;
use super::hw_queue::{HwQueue, Origin};
use super::local::DeviceQueues;
use super::recorded::RecordedEvents;
use super::registry::{Kind, Table};
use super::watch::Watchers;
use crate::config::Config;
use crate::device::host::HostDevice;
use crate::device::{Device, Stream};
use crate::error::{Error, Result};
use crate::observe::trace::Trace;
use crate::queue::{Command, Queue};
use crate::sched::{PolicyHints, PolicyKind};

/// See the module.
pub struct Runtime {
    pub(super) config: Config,
    /// Live queues.
    pub queues: Table<Queue>,
    /// Live streams.
    pub hw_queues: Table<HwQueue>,
    /// Live commands.
    pub commands: Table<Command>,
    /// Live events.
    pub events: Table<HostEvent>,
    /// Handles of submitted commands, with the number of that submission, oldest first.
    pub(super) submitted: Mutex<VecDeque<(u64, u64)>>,
    pub(super) policy: Mutex<Option<PolicyKind>>,
    pub(super) policy_hints: Mutex<PolicyHints>,
    pub(super) active_window: Mutex<Option<u32>>,
    devices: Arc<Mutex<Vec<Arc<DeviceQueues>>>>,
    host: OnceCell<(HostDevice, Arc<DeviceQueues>)>,
    /// The application's own streams that are known here.
    pub(super) adopted: AdoptedStreams,
    /// Events of a driver, and what they were last recorded behind.
    pub recorded: RecordedEvents,
    pub(super) watchers: Watchers,
    trace: Arc<Trace>,
    pub(super) announced: OnceCell<()>,
    /// Some queue has a device gate.
    pub(super) has_device_gates: AtomicBool,
    /// Commands of adopted streams that are forgotten.
    pub(super) forgotten_commands: AtomicU64,
}

impl Runtime {
    /// Nothing but settings; no thread, no file. `parent` is the runtime of the process this one was
    /// forked from: handles count on from there.
    pub fn new(config: Config, parent: Option<&Runtime>) -> Runtime {
        let first = |count: fn(&Runtime) -> u64| parent.map_or(1, count);
        Runtime {
            queues: Table::new(Kind::Queue, "xq", first(|p| p.queues.next_count())),
            hw_queues: Table::new(Kind::HwQueue, "hwq", first(|p| p.hw_queues.next_count())),
            commands: Table::new(Kind::Command, "hw_cmd", first(|p| p.commands.next_count())),
            events: Table::new(Kind::Event, "event", first(|p| p.events.next_count())),
            submitted: Mutex::default(),
            policy: Mutex::new(config.policy),
            policy_hints: Mutex::new(config.policy_hints),
            active_window: Mutex::default(),
            devices: Arc::default(),
            host: OnceCell::new(),
            adopted: AdoptedStreams::default(),
            recorded: RecordedEvents::default(),
            watchers: Watchers::default(),
            trace: Arc::default(),
            announced: OnceCell::new(),
            has_device_gates: AtomicBool::new(false),
            forgotten_commands: AtomicU64::new(0),
            config,
        }
    }

    /// The settings in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The trace of decisions.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The software device, made on first use.
    pub fn host_device(&self) -> &HostDevice {
        &self.host().0
    }

    fn host(&self) -> &(HostDevice, Arc<DeviceQueues>) {
        self.host.get_or_init(|| {
            let device = HostDevice::new(self.config.host_units);
            let queues = self.device_queues(Arc::new(device.clone()));
            (device, queues)
        })
    }

    /// The queues of this device: one scheduler, whoever asks first.
    pub(super) fn device_queues(&self, device: Arc<dyn Device>) -> Arc<DeviceQueues> {
        let mut devices = self.devices.lock();
        let known = devices
            .iter()
            .find(|queues| Arc::ptr_eq(queues.device(), &device));
        if let Some(known) = known {
            return known.clone();
        }
        let queues = Arc::new(DeviceQueues::new(
            device,
            *self.policy.lock(),
            *self.policy_hints.lock(),
            self.trace.clone(),
            self.watchers.clone(),
            self.devices.clone(),
            &self.config,
        ));
        queues.set_active_window(*self.active_window.lock());
        devices.push(queues.clone());
        queues
    }

    /// The devices that have queues.
    pub(super) fn devices(&self) -> Vec<Arc<DeviceQueues>> {
        self.devices.lock().clone()
    }

    pub(super) fn forget_queues_of(&self, device: &Arc<dyn Device>) {
        let other = |queues: &Arc<DeviceQueues>| !Arc::ptr_eq(queues.device(), device);
        self.devices.lock().retain(other);
    }

    /// Creates a stream on the software device.
    pub fn create_host_queue(&self, priority: i32) -> Arc<HwQueue> {
        let (device, queues) = self.host();
        let stream = device.create_stream(priority);
        self.add_stream(stream.clone(), Origin::Host(stream), queues.clone())
    }

    pub(super) fn add_stream(
        &self,
        stream: Arc<dyn Stream>,
        origin: Origin,
        device: Arc<DeviceQueues>,
    ) -> Arc<HwQueue> {
        let id = self.hw_queues.reserve();
        let hw_queue = Arc::new(HwQueue::new(id, stream, origin, device));
        self.hw_queues.insert(id, hw_queue.clone());
        hw_queue
    }

    /// Forgets a stream, after its last command.
    pub fn destroy_hw_queue(&self, hw_queue: &HwQueue) -> Result<()> {
        if hw_queue.queue().is_some() {
            return Err(Error::NotAllowed(format!(
                "stream {:#x} still has an XQueue; destroy that first",
                hw_queue.id()
            )));
        }
        self.hw_queues.remove(hw_queue.id())?;
        if let Some(key) = hw_queue.key() {
            self.adopted.remove(key);
        }
        hw_queue.detach();
        match hw_queue.stream().synchronize() {
            // Nobody asked for this command's result any more.
            Err(Error::Command { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Creates an event of the software device.
    pub fn create_host_event(&self) -> u64 {
        let id = self.events.reserve();
        self.events.insert(id, Arc::default());
        id
    }

    /// The process ends: everything passes, an open trace is written.
    pub fn shut_down(&self) {
        for device in self.devices() {
            device.open_all();
        }
        // The driver may be gone once this process's exit handlers have run.
        self.watchers.monitor.stop();
        self.watchers.watchdog.stop();
        if self.config.trace.is_some() {
            // Stopped by the application already, as a rule of its own.
            let _ = self.trace.stop();
        }
    }
}
