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
use crate::sync::Mutex;

/// How often the watchdog looks.
const PERIOD: Duration = Duration::from_millis(2);
/// After this many looks at which nobody did anything it looks less often, until somebody does: a queue that its
/// application keeps suspended costs next to nothing, and nothing on the software device.
const QUIET_LOOKS: u32 = 250;
const QUIET_PERIOD: Duration = Duration::from_millis(20);

impl DeviceQueues {
    /// One look: lifts the gates, or lowers them again.
    pub(super) fn look_for_stalls(&self, state: &mut State) {
        let held_since_ns = state.held_at_gates_since_ns();
        let holds = held_since_ns.is_some();
        if !holds && !state.stalled {
            return;
        }
        let held_since_ns = held_since_ns.unwrap_or(0);
        let now_ns = clock::now_ns();
        let busy = |member: &Member| {
            !member.queue.is_stopped() && member.queue.is_busy_since(&member.stall)
        };
        let calls = &self.watchers.calls;
        if calls.any() || state.members.iter().any(busy) {
            state.quiet_looks = 0;
        } else {
            state.quiet_looks = state.quiet_looks.saturating_add(1);
        }
        let mut stalled = calls.look(now_ns) && holds;
        if stalled && !state.stalled {
            debug!("a call gets nowhere: gates give way");
        }
        for member in state.members.iter_mut().filter(|_| holds) {
            let stall = &mut member.stall;
            if member.queue.look_for_stall(stall, held_since_ns, now_ns) {
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

    pub(super) fn watchdog_look(&self) -> impl Fn() -> Option<Duration> + Send + 'static {
        let all = self.all.clone();
        move || look_at(&all)
    }

    /// Has the watchdog look while there is something to look for.
    pub(super) fn watch_for_stalls(&self, state: &mut State) {
        state.quiet_looks = 0;
        if state.may_stall() {
            self.watchers.watchdog.wake(PERIOD, self.watchdog_look());
        }
    }
}

impl State {
    /// Somebody may wait for what is held, and did something lately.
    pub(super) fn looks_for_stalls(&self) -> bool {
        self.may_stall() && !self.is_quiet()
    }

    fn may_stall(&self) -> bool {
        self.stalled || self.held_at_gates_since_ns().is_some()
    }

    fn is_quiet(&self) -> bool {
        !self.stalled && self.quiet_looks >= QUIET_LOOKS
    }

    /// Since when some queue has been stopped by its device gate, without a break.
    fn held_at_gates_since_ns(&self) -> Option<u64> {
        let held = |member: &&Member| member.queue.is_stopped() && member.queue.has_device_gate();
        let members = self.members.iter().filter(held);
        members.map(|member| member.queue.stopped_since_ns()).min()
    }
}

/// One look of the watchdog. Within what the next one is wanted.
fn look_at(all: &Mutex<Vec<Arc<DeviceQueues>>>) -> Option<Duration> {
    let devices = all.lock().clone();
    let looks = devices.iter().filter_map(|device| {
        let mut state = device.state.lock();
        let was_quiet = state.is_quiet();
        device.look_for_stalls(&mut state);
        if was_quiet && !state.is_quiet() {
            device.watch(&mut state); // The monitor had stopped looking, too.
        }
        if !state.is_quiet() {
            return state.may_stall().then_some(PERIOD);
        }
        let held = |member: &Member| member.queue.is_stopped() && member.queue.has_drivers_gate();
        state.members.iter().any(held).then_some(QUIET_PERIOD)
    });
    looks.min()
}
