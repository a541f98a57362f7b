//! Device gates give way when a queue that may run gets nowhere (`queue/stall.rs`): what is behind them goes
//! on, as it would without us, and callers are held at the host, until that queue moves again.
//!
//! Found out by a thread of its own, the watchdog, which never calls the driver: the monitor does, and may be
//! stuck there behind the very lock whose owner waits for what is held.

use std::sync::Arc;
use std::time::Duration;

use tracing::debug;

use super::local::{DeviceQueues, Member, State};
use crate::clock;
use crate::queue::CALL_NS;
use crate::sync::Mutex;

/// How often the watchdog looks.
const PERIOD: Duration = Duration::from_millis(2);
/// After this many looks at which nobody did anything it stops looking, until somebody does: a queue that its
/// application keeps suspended costs nothing.
const QUIET_LOOKS: u32 = 250;

impl DeviceQueues {
    /// One look: lifts the gates, or lowers them again.
    pub(super) fn look_for_stalls(&self, state: &mut State) {
        let holds = state.holds_at_gates();
        if !holds && !state.stalled {
            return;
        }
        let now_ns = clock::now_ns();
        let busy = |member: &Member| {
            !member.queue.is_stopped() && member.queue.is_busy_since(&member.stall)
        };
        if state.calls.is_empty() && !state.members.iter().any(busy) {
            state.quiet_looks = state.quiet_looks.saturating_add(1);
        } else {
            state.quiet_looks = 0;
        }
        let mut stalled = holds
            && state
                .calls
                .iter()
                .any(|&(_, since_ns)| now_ns.saturating_sub(since_ns) >= CALL_NS);
        for member in &mut state.members {
            if member.queue.is_stopped() || !holds {
                continue;
            }
            if member.queue.look_for_stall(&mut member.stall, now_ns) {
                stalled = true;
                if !state.stalled {
                    member.queue.count_stall();
                    debug!("{} gets nowhere: gates give way", member.queue.name());
                }
            }
        }
        if stalled != state.stalled {
            state.stalled = stalled;
            self.change_waiting(state, if stalled { 1 } else { -1 });
        }
    }

    /// To be kept while the calling thread makes a driver call that may turn out to wait for what is held,
    /// and that no queue knows of.
    pub(super) fn call_that_may_wait(self: Arc<Self>) -> CallThatMayWait {
        let mut state = self.state.lock();
        let id = state.calls.last().map_or(0, |(id, _)| id + 1);
        state.calls.push((id, clock::now_ns()));
        self.watch_for_stalls(&mut state);
        drop(state);
        CallThatMayWait { device: self, id }
    }

    /// Has the watchdog look while there is something to look for.
    pub(super) fn watch_for_stalls(&self, state: &mut State) {
        state.quiet_looks = 0;
        if state.looks_for_stalls() {
            let all = self.all.clone();
            self.watchers.watchdog.wake(PERIOD, move || look_at(&all));
        }
    }
}

/// See `call_that_may_wait`.
pub(super) struct CallThatMayWait {
    device: Arc<DeviceQueues>,
    id: u64,
}

impl Drop for CallThatMayWait {
    fn drop(&mut self) {
        let mut state = self.device.state.lock();
        state.calls.retain(|(id, _)| *id != self.id);
        if state.stalled {
            self.device.look_for_stalls(&mut state);
        }
    }
}

impl State {
    /// There is something to look for, and somebody did something lately.
    pub(super) fn looks_for_stalls(&self) -> bool {
        self.stalled || self.quiet_looks < QUIET_LOOKS && self.holds_at_gates()
    }

    /// Some queue is stopped by a device gate, and another one is not stopped.
    fn holds_at_gates(&self) -> bool {
        let stopped = |gated: bool| {
            move |member: &Member| {
                member.queue.is_stopped() && (!gated || member.queue.has_device_gate())
            }
        };
        self.members.iter().any(stopped(true)) && !self.members.iter().all(stopped(false))
    }
}

/// One look of the watchdog. Within what the next one is wanted.
fn look_at(all: &Mutex<Vec<Arc<DeviceQueues>>>) -> Option<Duration> {
    let devices = all.lock().clone();
    let looks = devices.iter().filter_map(|device| {
        let mut state = device.state.lock();
        device.look_for_stalls(&mut state);
        state.looks_for_stalls().then_some(PERIOD)
    });
    looks.min()
}
