//! What the monitor does for the queues of a device: while one of them is held it finds out which of the
//! others have become idle without anybody synchronising them, and which waits between queues are over;
//! and it gives the policy the ticks that it asks for.

use std::sync::Arc;
use std::time::Duration;

use super::local::{DeviceQueues, Member, State};
use super::open_calls::OpenCalls;
use crate::clock;
use crate::queue::{Monitor, Queue};
use crate::sched::{Event, Scheduler};
use crate::sync::Mutex;

/// In the middle of a long command nothing changes; looking this many times less often keeps the cost of
/// a long request low and delays the next queue by less than such a command lasts.
const SLOWEST: u32 = 8;

/// Nor are looks further apart than this, whatever the grace period: the watchdog takes a queue without
/// completions for stalled after ten times as long.
const LONGEST: Duration = Duration::from_millis(10);

/// Looks come no closer than this, however eager a policy is for its tick.
const SHORTEST: Duration = Duration::from_micros(50);

/// The threads that look after the queues of all devices.
#[derive(Clone)]
pub(super) struct Watchers {
    pub(super) monitor: Monitor,
    pub(super) watchdog: Monitor,
    pub(super) calls: Arc<OpenCalls>,
}

impl Default for Watchers {
    fn default() -> Watchers {
        Watchers {
            monitor: Monitor::new(c"xsched-monitor"),
            watchdog: Monitor::new(c"xsched-watchdog"),
            calls: Arc::default(),
        }
    }
}

impl DeviceQueues {
    /// The monitor's ordinary period: two looks a grace period, so that a queue is found idle after one
    /// to one and a half of them.
    fn period(&self) -> Duration {
        Duration::from_micros(self.grace_us / 2).max(SHORTEST)
    }

    /// Somebody may be held soon: whoever holds is not to wait for threads to start, which takes 150 us (H200's host).
    pub(super) fn prepare_to_watch(&self) {
        self.watchers.monitor.prepare(self.monitor_look());
        self.watchers.watchdog.prepare(self.watchdog_look());
    }

    fn monitor_look(&self) -> impl Fn() -> Option<Duration> + Send + 'static {
        let all = self.all.clone();
        move || look_at(&all)
    }

    /// Has the monitor look when there is something to look for, and the watchdog. Called after every
    /// decision.
    pub(super) fn watch(&self, state: &mut State) {
        self.watch_for_stalls(state);
        if let Some(within) = self.next_look(state) {
            self.watchers.monitor.wake(within, self.monitor_look());
        }
    }

    fn next_look(&self, state: &State) -> Option<Duration> {
        let now_us = clock::now_ns() / 1000;
        let scheduler = state.scheduler.as_ref();
        let tick = scheduler
            .and_then(Scheduler::next_tick_us)
            .map(|at| Duration::from_micros(at.saturating_sub(now_us)));
        let look = if scheduler.is_some_and(Scheduler::holds_any) {
            Some((self.period() * state.look_factor).min(LONGEST))
        } else {
            // The application has suspended them: nothing but the watchdog depends on the others' completions.
            state.looks_for_stalls().then_some(LONGEST)
        };
        let sooner = [tick, look].into_iter().flatten().min();
        sooner.map(|within| within.max(SHORTEST))
    }

    /// One look of the monitor at this device. Within what the next one is wanted.
    fn look(&self) -> Option<Duration> {
        let running: Vec<(Arc<Queue>, u64)> = {
            let state = self.state_without_ended_waits();
            self.next_look(&state)?;
            let ready = |member: &&Member| member.queue.is_ready() && !member.queue.is_stopped();
            state
                .members
                .iter()
                .filter(ready)
                .map(|m| (m.queue.clone(), m.seen))
                .collect()
        };
        let mut moving = false;
        for (queue, seen) in running {
            let (launched, complete) = queue.poll(queue.command_count_launched() == seen);
            let mut state = self.state.lock();
            let Some(member) = state.member(queue.id().0) else {
                continue;
            };
            moving |= launched != member.seen || complete;
            member.seen = launched;
            if member
                .watch
                .look(launched, complete, clock::now_ns(), self.grace_us)
            {
                self.idle(&mut state, &queue, launched);
            }
        }
        let mut state = self.state.lock();
        state.look_factor = if moving {
            1
        } else {
            (state.look_factor * 2).min(SLOWEST)
        };
        let now_us = clock::now_ns() / 1000;
        let due = state
            .scheduler
            .as_ref()
            .and_then(|scheduler| scheduler.next_tick_us());
        if due.is_some_and(|at| at <= now_us) {
            self.decide(&mut state, Event::Tick);
        }
        self.next_look(&state)
    }
}

fn look_at(all: &Mutex<Vec<Arc<DeviceQueues>>>) -> Option<Duration> {
    let devices = all.lock().clone();
    devices.iter().filter_map(|device| device.look()).min()
}
