//! What the deciding thread runs: stop, go on, and whether launches are tracked at all. Called under
//! the runtime's lock for the queue's device, so that word and gate always change together.

use std::sync::atomic::Ordering;

use super::admission::Word;
use super::queue::Queue;
use crate::clock;
use crate::error::{Error, Result};

impl Queue {
    /// The scheduler stops this queue.
    pub fn hold(&self) {
        self.stop(Word::HELD);
        self.stats.suspends.fetch_add(1, Ordering::Relaxed);
    }

    /// The scheduler lets it go on; an application's own suspension stays.
    pub fn release(&self) {
        if let Some(held_ns) = self.go_on(Word::HELD) {
            self.budget.held(held_ns);
        }
        self.stats.resumes.fetch_add(1, Ordering::Relaxed);
    }

    /// The application stops this queue. False if it had already.
    pub fn suspend(&self) -> bool {
        if self.admission.word().has(Word::SUSPENDED) {
            return false;
        }
        self.stop(Word::SUSPENDED);
        self.stats.app_suspends.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// The application takes its suspension back. False if there was none.
    pub fn resume(&self) -> bool {
        if !self.admission.word().has(Word::SUSPENDED) {
            return false;
        }
        self.go_on(Word::SUSPENDED);
        self.stats.app_resumes.fetch_add(1, Ordering::Relaxed);
        true
    }

    fn stop(&self, flag: u64) {
        if let Some(gate) = &self.gate
            && !self.lifted.load(Ordering::Relaxed)
        {
            gate.close();
        }
        if !self.admission.set(flag).stopped() {
            self.stopped_since_ns
                .store(clock::now_ns(), Ordering::Relaxed);
        }
    }

    /// For how long the queue was stopped, if it goes on now.
    fn go_on(&self, flag: u64) -> Option<u64> {
        // Before anything can be launched again.
        self.went_on_ns.store(clock::now_ns(), Ordering::Relaxed);
        let before = self.admission.clear(flag);
        if self.admission.word().stopped() {
            return None; // By the other of the two.
        }
        self.open_gate();
        before.stopped().then(|| {
            let since_ns = self.stopped_since_ns.load(Ordering::Relaxed);
            let stopped_ns = clock::now_ns().saturating_sub(since_ns);
            self.stats.stopped(stopped_ns);
            stopped_ns
        })
    }

    pub(super) fn open_gate(&self) {
        if let Some(gate) = &self.gate {
            gate.open();
        }
    }

    /// Somebody waits for every stream of the device: what this queue has launched goes on, as it would
    /// without us, and callers are stopped at the host meanwhile.
    pub fn lift(&self) {
        if self.gate.is_some() {
            self.lifted.store(true, Ordering::Relaxed);
            self.admission.set(Word::HOST_GATE);
            self.open_gate();
        }
    }

    /// Takes `lift` back.
    pub fn lower(&self) {
        if let Some(gate) = &self.gate {
            if self.admission.word().stopped() {
                gate.close();
            }
            // Last: while this is set nobody takes the gate for closed. Release pairs with that look.
            self.lifted.store(false, Ordering::Release);
            self.admission.clear(Word::HOST_GATE);
        }
    }

    /// Somebody may compete (`tracked`) and may want to stop this queue (`preemptible`), or not.
    pub fn set_tracked(&self, tracked: bool, preemptible: bool) {
        self.preemptible.store(preemptible, Ordering::Relaxed);
        self.refresh_limits();
        if tracked {
            self.admission.set(Word::TRACKED);
        } else {
            self.admission.clear(Word::TRACKED | Word::READY);
        }
    }

    /// The scheduler knows from here on that this queue has work.
    pub fn set_ready(&self) {
        self.admission.set(Word::READY);
    }

    /// Clears READY if everything up to `upto` is complete and nothing came since.
    pub fn clear_ready_if_idle(&self, upto: u64) -> bool {
        self.submissions.pending() == 0 && self.admission.clear_ready_if_idle(upto)
    }

    /// True if launches may still be on the device, as far as the host knows.
    pub fn may_have_work(&self) -> bool {
        let word = self.admission.word();
        word.launching() > 0 || word.launched() > self.admission.completed()
    }

    /// True while the scheduler knows that this queue has work.
    pub fn is_ready(&self) -> bool {
        self.admission.word().has(Word::READY)
    }

    /// True while the application has suspended it.
    pub fn is_suspended(&self) -> bool {
        self.admission.word().has(Word::SUSPENDED)
    }

    /// True while suspended or held.
    pub fn is_stopped(&self) -> bool {
        self.admission.word().stopped()
    }

    /// True once `XQueueDestroy` has begun or the queue has failed.
    pub fn bypasses(&self) -> bool {
        self.admission.word().has(Word::CLOSED | Word::FAILED)
    }

    /// Updates threshold and batch; values <= 0 leave a setting. Nothing changes on error.
    pub fn set_launch_config(&self, threshold: i64, batch: i64) -> Result<()> {
        {
            let mut config = self.config.lock();
            *config = config
                .updated(threshold, batch)
                .map_err(|reason| Error::invalid("batch_size", reason))?;
        }
        self.refresh_limits();
        Ok(())
    }

    /// Destroyed: from here on every launch bypasses. Waiting threads go on.
    pub fn close(&self) {
        self.admission.set(Word::CLOSED);
        self.open_gate();
    }
}
