//! Device gates give way when a queue that may run gets nowhere (`queue/stall.rs`): what is behind them goes
//! on, as it would without us, and callers are held at the host, until that queue moves again.

use std::time::Duration;

use tracing::debug;

use super::local::{DeviceQueues, State};
use crate::clock;

/// How often the monitor looks where only the application has suspended queues: no policy depends on it.
const PERIOD: Duration = Duration::from_millis(2);

impl DeviceQueues {
    /// One look: lifts the gates, or lowers them again.
    pub(super) fn look_for_stalls(&self, state: &mut State) {
        let holds = state.holds_at_gates();
        if !holds && !state.stalled {
            return;
        }
        let now_ns = clock::now_ns();
        let mut stalled = false;
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
            state.look_factor = 1;
            self.change_waiting(state, if stalled { 1 } else { -1 });
        }
    }

    /// Within what a look for stalls is wanted, though the scheduler holds nobody.
    pub(super) fn next_stall_look(state: &State) -> Option<Duration> {
        (state.stalled || state.holds_at_gates()).then_some(PERIOD)
    }
}

impl State {
    /// Some queue is stopped by a device gate, and another one is not stopped.
    fn holds_at_gates(&self) -> bool {
        let stopped = |gated: bool| {
            move |member: &super::local::Member| {
                member.queue.is_stopped() && (!gated || member.queue.has_device_gate())
            }
        };
        self.members.iter().any(stopped(true)) && !self.members.iter().all(stopped(false))
    }
}
