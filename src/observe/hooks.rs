//! How the calls that an interposer sees passed, unless a queue counted them.

use std::sync::atomic::{AtomicU64, Ordering};

/// What became of a hooked call that no queue counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// It enqueues nothing: it waits for streams, asks for them, makes or ends them, looks functions up.
    Wait,
    /// Its stream has no queue.
    NoQueue,
    /// The driver called its own function.
    Nested,
    /// Disabled, another interposer is in charge, a fault of this library, or a driver's look-up whose answer
    /// no hook knows.
    Other,
}

/// Counts since the process began; any thread may write.
#[derive(Debug)]
pub struct HookCounters([AtomicU64; 4]);

/// This process's. A forked child goes on from its parent's counts.
pub static HOOKS: HookCounters = HookCounters([const { AtomicU64::new(0) }; 4]);

impl HookCounters {
    /// Counts one.
    #[inline]
    pub fn count(&self, passage: Passage) {
        self.add(passage, 1);
    }

    /// Counts several.
    #[inline]
    pub fn add(&self, passage: Passage, calls: u64) {
        self.0[passage as usize].fetch_add(calls, Ordering::Relaxed);
    }

    /// How often so far.
    pub fn get(&self, passage: Passage) -> u64 {
        self.0[passage as usize].load(Ordering::Relaxed)
    }
}
