//! The queues of one device and the decisions about them.
//!
//! Every event of a queue comes here, goes through the scheduler, and what comes out is applied, all
//! under one lock, so operations are applied in the order in which they were decided. No driver call
//! but opening a gate and no callback is made under it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::sync::{Mutex, MutexGuard};
use tracing::debug;

use super::waits::Wait;
use super::watch::Watchers;
use crate::clock;
use crate::config::Config;
use crate::device::{Device, Marker};
use crate::error::Result;
use crate::observe::trace::{Happened, Trace};
use crate::queue::{IdleWatch, Listener, Queue, StallWatch};
use crate::sched::{Attributes, Event, Hint, Hints, Operation, PolicyHints, PolicyKind, Scheduler};

pub(super) struct Member {
    pub(super) queue: Arc<Queue>,
    pub(super) hints: Hints,
    /// The application has suspended or configured it, so it is prepared for that at any time.
    pub(super) armed: bool,
    pub(super) tracked: bool,
    pub(super) preemptible: bool,
    pub(super) watch: IdleWatch,
    pub(super) stall: StallWatch,
    /// Launched at the monitor's last look.
    pub(super) seen: u64,
    pub(super) stopped_since_ns: u64,
    /// Device time that the scheduler knows of.
    pub(super) reported_ns: u64,
}

pub(super) struct State {
    /// `None`: app-managed.
    pub(super) scheduler: Option<Scheduler>,
    pub(super) members: Vec<Member>,
    pub(super) waits: Vec<Wait>,
    /// Queues that wait for whatever any other may do, each until its marker is complete.
    pub(super) open_waits: Vec<(u64, Arc<dyn Marker>)>,
    pub(super) operations: Vec<Operation>,
    policy_hints: PolicyHints,
    active_window: Option<u32>,
    /// Threads that wait, in the driver, for every stream of this device; one more while `stalled`.
    pub(super) waiting_for_all: u32,
    /// A queue that may run gets nowhere, or a call; see `stall.rs`.
    pub(super) stalled: bool,
    /// Looks of the watchdog since anybody did anything.
    pub(super) quiet_looks: u32,
    /// The monitor looks this many times less often than its period.
    pub(super) look_factor: u32,
}

/// See the module.
pub struct DeviceQueues {
    device: Arc<dyn Device>,
    pub(super) state: Mutex<State>,
    pub(super) trace: Arc<Trace>,
    pub(super) watchers: Watchers,
    /// The devices that the monitor looks after; this one is among them.
    pub(super) all: Arc<Mutex<Vec<Arc<DeviceQueues>>>>,
    pub(super) grace_us: u64,
    pub(super) disabled: AtomicBool,
}

impl DeviceQueues {
    /// No queues yet.
    pub(super) fn new(
        device: Arc<dyn Device>,
        policy: Option<PolicyKind>,
        policy_hints: PolicyHints,
        trace: Arc<Trace>,
        watchers: Watchers,
        all: Arc<Mutex<Vec<Arc<DeviceQueues>>>>,
        config: &Config,
    ) -> DeviceQueues {
        let scheduler = policy.map(|policy| scheduler(policy, policy_hints));
        DeviceQueues {
            device,
            state: Mutex::new(State {
                scheduler,
                members: Vec::new(),
                waits: Vec::new(),
                open_waits: Vec::new(),
                operations: Vec::new(),
                policy_hints,
                active_window: None,
                waiting_for_all: 0,
                stalled: false,
                quiet_looks: 0,
                look_factor: 1,
            }),
            trace,
            watchers,
            all,
            grace_us: config.grace_us,
            disabled: AtomicBool::new(config.disabled),
        }
    }

    /// The device.
    pub fn device(&self) -> &Arc<dyn Device> {
        &self.device
    }

    /// A queue comes.
    pub fn add(&self, queue: &Arc<Queue>, armed: bool) {
        let mut state = self.state.lock();
        state.members.push(Member {
            queue: queue.clone(),
            hints: Hints::default(),
            armed,
            tracked: false,
            preemptible: false,
            watch: IdleWatch::default(),
            stall: StallWatch::default(),
            seen: 0,
            stopped_since_ns: 0,
            reported_ns: 0,
        });
        if state.waiting_for_all > 0 {
            queue.lift();
        }
        if armed {
            self.prepare_to_watch();
        }
        self.decide(&mut state, Event::Created(queue.id().0, attributes()));
        for (waiter, marker) in state.open_waits.clone() {
            self.lend(&mut state, waiter, queue.id().0, marker);
        }
        self.retrack(&mut state);
    }

    /// A queue goes, or is of no more use: its threads and its stream go on, and what it held.
    pub fn remove(&self, queue: &Queue) {
        let id = queue.id().0;
        let mut state = self.state.lock();
        queue.close();
        state
            .members
            .retain(|member| member.queue.id() != queue.id());
        state
            .waits
            .retain(|wait| wait.waiter != id && wait.target != id);
        state.open_waits.retain(|(waiter, _)| *waiter != id);
        self.decide(&mut state, Event::Destroyed(id));
        self.retrack(&mut state);
    }

    /// The application advises.
    pub fn hint(&self, queue: &Queue, hint: Hint) {
        let mut state = self.state.lock();
        if let Some(member) = state.member(queue.id().0) {
            member.hints.take(hint);
        }
        self.decide(&mut state, Event::Hint(queue.id().0, hint));
        self.retrack(&mut state);
    }

    /// What the application advised so far.
    pub fn hints(&self, queue: &Queue) -> Hints {
        let mut state = self.state.lock();
        state
            .member(queue.id().0)
            .map_or_else(Hints::default, |member| member.hints)
    }

    /// Another policy, or none, decides from here on. No queue stays held by the one before.
    pub fn set_policy(&self, policy: Option<PolicyKind>) {
        let mut state = self.state.lock();
        let state = &mut *state;
        let now_ns = clock::now_ns();
        match (&mut state.scheduler, policy) {
            (Some(scheduler), Some(policy)) => {
                scheduler.set_policy(now_ns / 1000, policy, &mut state.operations);
                self.apply(state, now_ns);
            }
            (Some(scheduler), None) => {
                for member in &state.members {
                    if scheduler.is_suspended(member.queue.id().0) {
                        member.queue.release();
                    }
                }
                state.scheduler = None;
            }
            (None, Some(policy)) => {
                state.scheduler = Some(scheduler(policy, state.policy_hints));
                self.decide(state, Event::ActiveWindow(state.active_window));
                for event in state.known() {
                    self.decide(state, event);
                }
            }
            (None, None) => {}
        }
        self.retrack(state);
    }

    /// Advice to the policy as a whole.
    pub fn hint_policy(&self, hints: PolicyHints) {
        let mut state = self.state.lock();
        state.policy_hints = hints;
        self.decide(&mut state, Event::Policy(hints));
        self.retrack(&mut state);
    }

    /// Which process owns the active window.
    pub fn set_active_window(&self, process: Option<u32>) {
        let mut state = self.state.lock();
        state.active_window = process;
        self.decide(&mut state, Event::ActiveWindow(process));
        self.retrack(&mut state);
    }

    /// What a user should know about how the policy acts just now.
    pub fn policy_note(&self) -> Option<&'static str> {
        self.state
            .lock()
            .scheduler
            .as_ref()
            .and_then(Scheduler::note)
    }

    /// The application configures the queue: prepared for suspension from here on.
    pub fn configure(&self, queue: &Queue, change: impl FnOnce() -> Result<()>) -> Result<()> {
        let mut state = self.state.lock();
        change()?;
        self.arm(&mut state, queue);
        Ok(())
    }

    /// The application suspends the queue.
    pub fn suspend(&self, queue: &Queue) {
        let mut state = self.state.lock();
        if self.disabled.load(Ordering::Relaxed) || queue.bypasses() {
            return;
        }
        self.arm(&mut state, queue);
        if queue.suspend() {
            debug!("suspended {} by the application", queue.name());
            self.note(queue, Happened::Suspended, || {
                Some("the application".into())
            });
            // A queue that may not run competes for nothing, whatever it has to do.
            self.decide(&mut state, Event::Idle(queue.id().0));
            if state.scheduler.is_none() {
                self.watch(&mut state); // Nobody decided, which comes with it.
            }
        }
    }

    /// The application takes its suspension back.
    pub fn resume(&self, queue: &Queue, drop_pending: bool) {
        let mut state = self.state.lock();
        if drop_pending {
            let dropped = queue.drop_pending();
            debug!("dropped {dropped} pending commands of {}", queue.name());
        }
        if queue.resume() {
            debug!("resumed {} by the application", queue.name());
            self.note(queue, Happened::Resumed, || Some("the application".into()));
            if queue.is_ready() {
                self.decide(&mut state, Event::Ready(queue.id().0));
            }
        }
    }

    /// The process ends: nothing is held any more. Never blocks for long.
    pub fn open_all(&self) {
        self.disabled.store(true, Ordering::Relaxed);
        // A thread that ends the process may have interrupted one that decides, even itself.
        const TRIES: u32 = 50;
        for _ in 0..TRIES {
            if let Some(state) = self.state.try_lock() {
                for member in &state.members {
                    member.queue.close();
                }
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn arm(&self, state: &mut State, queue: &Queue) {
        if let Some(member) = state.member(queue.id().0)
            && !member.armed
        {
            member.armed = true;
            self.retrack(state);
        }
    }
}

/// What the scheduler is told of a queue of this process.
fn attributes() -> Attributes {
    Attributes {
        // One scheduler decides for one device.
        device: 0,
        process: std::process::id(),
        nice: rustix::process::getpriority_process(None).unwrap_or(0),
    }
}

fn scheduler(policy: PolicyKind, hints: PolicyHints) -> Scheduler {
    let mut scheduler = Scheduler::new(policy);
    // There is no queue yet to decide about.
    scheduler.handle(
        clock::now_ns() / 1000,
        Event::Policy(hints),
        &mut Vec::new(),
    );
    scheduler
}

impl State {
    /// The events that tell a new scheduler what is known.
    fn known(&self) -> Vec<Event> {
        let mut events = Vec::new();
        for member in &self.members {
            let id = member.queue.id().0;
            events.push(Event::Created(id, attributes()));
            events.extend(member.hints.each().map(|hint| Event::Hint(id, hint)));
            if member.queue.is_ready() && !member.queue.is_suspended() {
                events.push(Event::Ready(id));
            }
        }
        events.extend(
            self.waits
                .iter()
                .map(|wait| Event::Waits(wait.waiter, wait.target)),
        );
        events
    }

    pub(super) fn member(&mut self, id: u64) -> Option<&mut Member> {
        self.members
            .iter_mut()
            .find(|member| member.queue.id().0 == id)
    }
}

impl Listener for DeviceQueues {
    fn ready(&self, queue: &Queue) {
        let mut state: MutexGuard<'_, State> = self.state.lock();
        if queue.bypasses() || queue.is_ready() {
            return;
        }
        queue.set_ready();
        self.note(queue, Happened::Ready, || None);
        debug!("ready: {}", queue.name());
        self.watch_for_stalls(&mut state);
        if !queue.is_suspended() {
            self.decide(&mut state, Event::Ready(queue.id().0));
        }
    }

    fn synchronized(&self, queue: &Queue, upto: u64) {
        let mut state = self.state_without_ended_waits();
        self.idle(&mut state, queue, upto);
    }

    fn failed(&self, queue: &Queue) {
        self.remove(queue);
    }
}
