//! From an event to what is done about it: ask the scheduler, apply its operations in order, say so in log
//! and trace. Everything here runs under the device's lock.

use std::sync::atomic::Ordering;

use tracing::debug;

use super::local::{DeviceQueues, Member, State};
use crate::clock;
use crate::observe::trace::Happened;
use crate::queue::Queue;
use crate::sched::{Action, Event};

impl DeviceQueues {
    /// Feeds one event and applies what comes out.
    pub(super) fn decide(&self, state: &mut State, event: Event) {
        let Some(scheduler) = &mut state.scheduler else {
            return;
        };
        let now_ns = clock::now_ns();
        for member in state.members.iter_mut().filter(|member| member.preemptible) {
            let used_ns = member.queue.used_ns();
            if used_ns > member.reported_ns {
                let since = Event::UsedNs(member.queue.id().0, used_ns - member.reported_ns);
                member.reported_ns = used_ns;
                scheduler.handle(now_ns / 1000, since, &mut state.operations);
            }
        }
        scheduler.handle(now_ns / 1000, event, &mut state.operations);
        self.apply(state, now_ns);
    }

    /// Applies what the scheduler decided at `now_ns`.
    pub(super) fn apply(&self, state: &mut State, now_ns: u64) {
        if !state.operations.is_empty() {
            state.look_factor = 1;
        }
        for operation in state.operations.drain(..) {
            let cause = operation.cause;
            let name_of = |id: u64, members: &[Member]| {
                members.iter().find(|m| m.queue.id().0 == id).map_or_else(
                    || "a destroyed queue".to_owned(),
                    |m| format!("{} (priority {})", m.queue.name(), m.hints.priority),
                )
            };
            let Some(at) = state
                .members
                .iter()
                .position(|m| m.queue.id().0 == operation.queue)
            else {
                continue;
            };
            let queue = state.members[at].queue.clone();
            // A queue that arrives while a more important one has work is held by its own arrival.
            let by = || match cause {
                Some(id) if id == operation.queue => Some("its own arrival".to_owned()),
                cause => cause.map(|id| name_of(id, &state.members)),
            };
            match operation.action {
                Action::Suspend => {
                    queue.hold();
                    self.note(&queue, Happened::Suspended, by);
                    debug!(
                        "suspended {} by {}",
                        name_of(operation.queue, &state.members),
                        by().unwrap_or_default()
                    );
                    state.members[at].stopped_since_ns = now_ns;
                }
                Action::Resume => {
                    queue.release();
                    self.note(&queue, Happened::Resumed, by);
                    let held_us = now_ns.saturating_sub(state.members[at].stopped_since_ns) / 1000;
                    debug!(
                        "resumed {} by {} after {held_us} us",
                        name_of(operation.queue, &state.members),
                        by().unwrap_or_default()
                    );
                }
            }
        }
        self.watch(state);
    }

    /// Works out who must be tracked: nobody, unless somebody could be suspended.
    pub(super) fn retrack(&self, state: &mut State) {
        let disabled = self.disabled.load(Ordering::Relaxed);
        let mut preemptible = vec![false; state.members.len()];
        if let Some(scheduler) = &state.scheduler {
            scheduler.each_preemptible(|id, may| {
                if let Some(at) = state.members.iter().position(|m| m.queue.id().0 == id) {
                    preemptible[at] = may;
                }
            });
        }
        let contended = preemptible.contains(&true);
        if contended && !disabled {
            self.prepare_to_watch();
        }
        for (at, may) in preemptible.into_iter().enumerate() {
            let member = &mut state.members[at];
            let tracked = !disabled && (contended || member.armed);
            let preemptible = !disabled && (may || member.armed);
            if (tracked, preemptible) == (member.tracked, member.preemptible) {
                continue;
            }
            let (begins, ends) = (tracked && !member.tracked, !tracked && member.tracked);
            (member.tracked, member.preemptible) = (tracked, preemptible);
            let queue = member.queue.clone();
            if ends {
                self.decide(state, Event::Idle(queue.id().0));
            }
            queue.set_tracked(tracked, preemptible);
            if begins && queue.may_have_work() {
                // What was launched on the pass path may still run; the monitor finds out.
                queue.set_ready();
                self.decide(state, Event::Ready(queue.id().0));
            }
        }
    }

    pub(super) fn idle(&self, state: &mut State, queue: &Queue, upto: u64) {
        if queue.clear_ready_if_idle(upto) {
            self.note(queue, Happened::Idle, || None);
            self.decide(state, Event::Idle(queue.id().0));
        }
    }

    pub(super) fn note(
        &self,
        queue: &Queue,
        happened: Happened,
        by: impl FnOnce() -> Option<String>,
    ) {
        self.trace
            .record(queue.id().0, happened, || queue.name(), by);
    }
}
