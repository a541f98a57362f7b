//! Who waits for whom on a device: queues for one another, which the scheduler is told, and threads, in the driver,
//! for every stream, for whom device gates are lifted.

use std::sync::Arc;

use super::local::{DeviceQueues, State};
use crate::device::{Marker, Place};
use crate::error::Result;
use crate::queue::Queue;
use crate::sched::Event;
use crate::sync::MutexGuard;

/// Finished waits are looked for when this many are known.
const PRUNE_WAITS: usize = 32;

/// One queue waits, on the device, for a marker of another.
pub(super) struct Wait {
    pub(super) waiter: u64,
    pub(super) target: u64,
    pub(super) marker: Arc<dyn Marker>,
}

impl DeviceQueues {
    /// `waiter` is about to wait, on the device, for `marker`, which stands in `target`'s stream.
    pub fn waits(&self, waiter: &Queue, target: &Queue, marker: Arc<dyn Marker>) {
        if waiter.id() == target.id() || marker.is_complete().unwrap_or(true) {
            return;
        }
        let mut state = self.state.lock();
        if state.waits.len() >= PRUNE_WAITS {
            drop(state);
            state = self.state_without_ended_waits();
        }
        self.lend(&mut state, waiter.id().0, target.id().0, marker);
    }

    /// `waiter`'s stream waits, on the device, for something that any other queue may bring about, such as
    /// a value in memory. The wait is over when `marker`, which stands behind it, is complete.
    pub fn waits_for_any(&self, waiter: &Queue, marker: Arc<dyn Marker>) {
        if marker.is_complete().unwrap_or(true) {
            return;
        }
        let mut state = self.state_without_ended_waits();
        let waiter = waiter.id().0;
        state.open_waits.push((waiter, marker.clone()));
        let ids: Vec<_> = state.members.iter().map(|m| m.queue.id().0).collect();
        for target in ids.into_iter().filter(|&id| id != waiter) {
            self.lend(&mut state, waiter, target, marker.clone());
        }
    }

    pub(super) fn lend(
        &self,
        state: &mut State,
        waiter: u64,
        target: u64,
        marker: Arc<dyn Marker>,
    ) {
        state.waits.push(Wait {
            waiter,
            target,
            marker,
        });
        self.decide(state, Event::Waits(waiter, target));
    }

    /// To be kept while the calling thread waits, in the driver, for every stream of the device. What is
    /// held by a device gate goes on meanwhile, as it would without us; what is not launched yet stays.
    pub(super) fn wait_for_all(self: Arc<Self>) -> WaitingForAll {
        self.change_waiting(&mut self.state.lock(), 1);
        WaitingForAll(self)
    }

    pub(super) fn change_waiting(&self, state: &mut State, change: i32) {
        let before = state.waiting_for_all;
        state.waiting_for_all = before.saturating_add_signed(change);
        for member in &state.members {
            match (before, state.waiting_for_all) {
                (0, 1) => member.queue.lift(),
                (1, 0) => member.queue.lower(),
                _ => {}
            }
        }
    }

    /// Makes a driver call after which everything launched at this place before it is complete.
    pub fn synchronize_place(
        self: &Arc<Self>,
        place: Place,
        call: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let before: Vec<_> = {
            let state = self.state.lock();
            let queues = state.members.iter().map(|member| member.queue.clone());
            queues
                .filter(|queue| queue.place() == Some(place))
                .map(|queue| (queue.command_count_launched(), queue))
                .collect()
        };
        {
            let _waiting = self.clone().wait_for_all();
            call()?;
        }
        for (launched, queue) in before {
            queue.synchronized(launched);
        }
        Ok(())
    }

    /// The state, with the waits that are over ended. Their markers are looked at without the lock: a driver
    /// may take its time, for which the watchdog must not have to wait.
    pub(super) fn state_without_ended_waits(&self) -> MutexGuard<'_, State> {
        let state = self.state.lock();
        if state.waits.is_empty() && state.open_waits.is_empty() {
            return state;
        }
        let mut over = state.waited_for();
        drop(state);
        over.retain(|marker| marker.is_complete().unwrap_or(true));
        let mut state = self.state.lock();
        if !over.is_empty() {
            self.end_waits(&mut state, &over);
        }
        state
    }

    fn end_waits(&self, state: &mut State, markers: &[Arc<dyn Marker>]) {
        let is_over = |marker: &Arc<dyn Marker>| {
            let same =
                |over: &Arc<dyn Marker>| std::ptr::addr_eq(Arc::as_ptr(over), Arc::as_ptr(marker));
            markers.iter().any(same)
        };
        state.open_waits.retain(|(_, marker)| !is_over(marker));
        let ended = state.waits.extract_if(.., |wait| is_over(&wait.marker));
        let over: Vec<_> = ended
            .map(|wait| Event::WaitOver(wait.waiter, wait.target))
            .collect();
        for event in over {
            self.decide(state, event);
        }
    }
}

/// See `wait_for_all`.
pub(super) struct WaitingForAll(Arc<DeviceQueues>);

impl Drop for WaitingForAll {
    fn drop(&mut self) {
        self.0.change_waiting(&mut self.0.state.lock(), -1);
    }
}

impl State {
    /// What anybody waits for.
    pub(super) fn waited_for(&self) -> Vec<Arc<dyn Marker>> {
        let waits = self.waits.iter().map(|wait| &wait.marker);
        let open = self.open_waits.iter().map(|(_, marker)| marker);
        waits.chain(open).cloned().collect()
    }
}
