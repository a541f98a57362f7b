//! The queues of a process, and who decides about them: what the C API's functions of queues and hints do.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tracing::info;

use super::app::Runtime;
use super::hw_queue::HwQueue;
use super::local::DeviceQueues;
use crate::config::GateChoice;
use crate::device::{Device, Level};
use crate::error::{Error, Result};
use crate::observe::stats::QueueStats;
use crate::queue::{Queue, QueueId, QueueSettings, SuspendFlags};
use crate::sched::{Hint, Hints, PolicyHints, PolicyKind};

impl Runtime {
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
        self.device_of(queue)?.suspend(queue);
        if flags.sync {
            queue.wait_quiet()?;
        }
        Ok(())
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
}
