//! The runtime of one process: its devices, queues, commands and settings.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::sync::Mutex;
use once_cell::sync::OnceCell;
use tracing::info;

use super::adopt::AdoptedStreams;
use super::event::HostEvent;
use super::hw_queue::{HwQueue, Origin};
use super::local::DeviceQueues;
use super::recorded::RecordedEvents;
use super::registry::{Kind, Table};
use super::watch::Watchers;
use crate::config::{Config, GateChoice};
use crate::device::host::HostDevice;
use crate::device::{Device, Level, Stream};
use crate::error::{Error, Result};
use crate::observe::stats::QueueStats;
use crate::observe::trace::Trace;
use crate::queue::{Command, Queue, QueueId, QueueSettings, SuspendFlags};
use crate::sched::{Hint, Hints, PolicyHints, PolicyKind};

/// Completed commands that nobody destroyed are kept until this many later ones were submitted.
const COMMANDS_KEPT: usize = 65_536;

/// See the module.
pub struct Runtime {
    config: Config,
    /// Live queues.
    pub queues: Table<Queue>,
    /// Live streams.
    pub hw_queues: Table<HwQueue>,
    /// Live commands.
    pub commands: Table<Command>,
    /// Live events.
    pub events: Table<HostEvent>,
    /// Handles of submitted commands, with the number of that submission, oldest first.
    submitted: Mutex<VecDeque<(u64, u64)>>,
    policy: Mutex<Option<PolicyKind>>,
    policy_hints: Mutex<PolicyHints>,
    active_window: Mutex<Option<u32>>,
    devices: Arc<Mutex<Vec<Arc<DeviceQueues>>>>,
    host: OnceCell<(HostDevice, Arc<DeviceQueues>)>,
    /// The application's own streams that are known here.
    pub(super) adopted: AdoptedStreams,
    /// Events of a driver, and what they were last recorded behind.
    pub recorded: RecordedEvents,
    pub(super) watchers: Watchers,
    trace: Arc<Trace>,
    announced: OnceCell<()>,
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

    // ---- devices and streams --------------------------------------------------------------------

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

    // ---- queues ---------------------------------------------------------------------------------

    /// Creates and attaches a queue; returns the attached one if there is one.
    pub fn create_queue(
        &self,
        hw_queue: &Arc<HwQueue>,
        level: Level,
        blocking_submit: bool,
    ) -> Result<Arc<Queue>> {
        let device_gate = self.device_gate_for(hw_queue, level)?;
        hw_queue.attach(|| {
            let id = self.queues.reserve();
            let settings = QueueSettings {
                level,
                device_gate,
                blocking_submit,
                budget_us: self.config.budget_us,
            };
            let queue = Queue::new(
                QueueId(id),
                hw_queue.id(),
                hw_queue.stream().clone(),
                hw_queue.device().clone(),
                settings,
            )?;
            self.has_device_gates
                .fetch_or(device_gate, Ordering::Relaxed);
            self.announce(&**hw_queue.device().device(), device_gate);
            hw_queue.device().add(&queue, level >= Level::Deactivate);
            self.queues.insert(id, queue.clone());
            Ok(queue)
        })
    }

    /// Whether a queue of this level is held by the device gate, or why it cannot be.
    fn device_gate_for(&self, hw_queue: &HwQueue, level: Level) -> Result<bool> {
        let (most, why) = if self.config.gate == GateChoice::Host {
            (Level::Block, " with XSCHED_GATE=host")
        } else {
            (hw_queue.stream().max_level(), "")
        };
        if level > most {
            return Err(Error::NotSupported(format!(
                "preemption level {} is not available on this stream of the {}{why}; the highest is {}",
                level as i32,
                hw_queue.device().device().name(),
                most as i32
            )));
        }
        Ok(most >= Level::Deactivate)
    }

    /// The first line in the log.
    fn announce(&self, device: &dyn Device, device_gate: bool) {
        self.announced.get_or_init(|| {
            let (scheduler, policy) = match *self.policy.lock() {
                None => ("APP", "none"),
                Some(policy) => ("LCL (this process only)", policy.name()),
            };
            let gate = if device_gate { "device" } else { "host" };
            let version = env!("CARGO_PKG_VERSION");
            let disabled = if self.config.disabled { ", DISABLED" } else { "" };
            info!(
                "libxsched {version}: scheduler {scheduler}, policy {policy}, device {}, gate {gate}{disabled}",
                device.name()
            );
        });
    }

    /// Destroys a queue after everything submitted to it has completed.
    pub fn destroy_queue(&self, queue: &Arc<Queue>) -> Result<()> {
        self.queues.remove(queue.id().0)?;
        let hw_queue = self.hw_queues.get(queue.hwq())?;
        hw_queue.device().remove(queue);
        queue.close_submissions();
        match queue.wait_all() {
            Ok(()) | Err(Error::Command { .. }) => {}
            Err(error) => tracing::warn!("{}: destroyed while {error}", queue.name()),
        }
        hw_queue.detach();
        let stats = queue.stats();
        info!(
            "{} destroyed: {} commands, {} passed, suspended {} times for {} us in all",
            queue.name(),
            stats.commands,
            stats.passed,
            stats.suspends + stats.app_suspends,
            stats.suspended_us
        );
        Ok(())
    }

    fn device_of(&self, queue: &Queue) -> Result<Arc<DeviceQueues>> {
        Ok(self.hw_queues.get(queue.hwq())?.device().clone())
    }

    /// Changes the preemption level.
    pub fn set_level(&self, queue: &Queue, level: Level) -> Result<()> {
        let device = self.device_of(queue)?;
        let hw_queue = self.hw_queues.get(queue.hwq())?;
        self.device_gate_for(&hw_queue, level)?;
        device.configure(queue, || {
            queue.set_level(level);
            Ok(())
        })
    }

    /// Changes threshold and batch.
    pub fn set_launch_config(&self, queue: &Queue, threshold: i64, batch: i64) -> Result<()> {
        if threshold <= 0 && batch <= 0 {
            return Ok(());
        }
        self.device_of(queue)?
            .configure(queue, || queue.set_launch_config(threshold, batch))
    }

    /// Suspends on the application's behalf.
    pub fn suspend(&self, queue: &Queue, flags: SuspendFlags) -> Result<()> {
        if flags.wait_all || flags.wait_idle {
            loop {
                match queue.wait_all() {
                    Ok(()) | Err(Error::Command { .. }) => {}
                    Err(error) => return Err(error),
                }
                if !flags.wait_idle || queue.is_idle()? {
                    break;
                }
            }
        }
        let device = self.device_of(queue)?;
        let suspended = device.suspend(queue);
        let tell = || {
            if suspended {
                device.tell_suspended(queue);
            }
        };
        if flags.sync {
            queue.wait_quiet(tell)
        } else {
            tell();
            Ok(())
        }
    }

    /// Takes the application's suspension back.
    pub fn resume(&self, queue: &Queue, drop_pending: bool) -> Result<()> {
        self.device_of(queue)?.resume(queue, drop_pending);
        Ok(())
    }

    /// Takes a hint.
    pub fn hint(&self, queue: &Queue, hint: Hint) -> Result<()> {
        self.device_of(queue)?.hint(queue, hint);
        Ok(())
    }

    /// Chooses who decides, on every device; `None` is the application.
    pub fn set_scheduler(&self, policy: Option<PolicyKind>) {
        *self.policy.lock() = policy;
        for device in self.devices() {
            device.set_policy(policy);
        }
        self.log_policy();
    }

    /// Changes what all queues have in common for a policy.
    pub fn hint_policy(&self, change: impl FnOnce(&mut PolicyHints)) {
        let hints = {
            let mut hints = self.policy_hints.lock();
            change(&mut hints);
            *hints
        };
        for device in self.devices() {
            device.hint_policy(hints);
        }
        self.log_policy();
    }

    /// Tells the policies which process owns the active window.
    pub fn set_active_window(&self, process: Option<u32>) {
        *self.active_window.lock() = process;
        for device in self.devices() {
            device.set_active_window(process);
        }
        self.log_policy();
    }

    fn log_policy(&self) {
        let policy = self.policy.lock().map_or("none", PolicyKind::name);
        let PolicyHints {
            timeslice_us,
            concurrency,
        } = *self.policy_hints.lock();
        info!("policy {policy}, time slice {timeslice_us} us, k {concurrency}");
        if let Some(note) = self
            .devices()
            .iter()
            .find_map(|device| device.policy_note())
        {
            info!("{note}");
        }
    }

    /// A snapshot of the queue's counters, and the application's advice.
    pub fn stats(&self, queue: &Queue) -> Result<(QueueStats, Hints)> {
        Ok((queue.stats(), self.device_of(queue)?.hints(queue)))
    }

    // ---- commands -------------------------------------------------------------------------------

    /// Creates a command.
    pub fn create_command(
        &self,
        work: impl Fn(u64) -> i32 + Send + Sync + 'static,
    ) -> Arc<Command> {
        let id = self.commands.reserve();
        let command = Command::new(id, work);
        self.commands.insert(id, command.clone());
        command
    }

    /// Submits a command and keeps it until enough later ones were submitted.
    pub fn submit(&self, queue: &Queue, command: &Arc<Command>) -> Result<()> {
        queue.submit(command)?;
        let mut submitted = self.submitted.lock();
        submitted.push_back((command.id(), command.submissions()));
        if submitted.len() > COMMANDS_KEPT
            && let Some((oldest, submission)) = submitted.pop_front()
            // Destroyed by its owner already, as a rule.
            && let Ok(command) = self.commands.get(oldest)
        {
            if command.is_pending() {
                submitted.push_back((oldest, submission));
            } else if command.submissions() == submission {
                let _ = self.commands.remove(oldest);
            }
        }
        Ok(())
    }

    /// Destroys a command.
    pub fn destroy_command(&self, command: &Command) -> Result<()> {
        if command.is_pending() {
            return Err(Error::NotAllowed(format!(
                "command {:#x} is submitted and has not completed",
                command.id()
            )));
        }
        self.commands.remove(command.id()).map(drop)
    }

    // ---- the end --------------------------------------------------------------------------------

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
