//! The admission point: who may launch on a queue, decided on one packed word.
//!
//! Owns the word, the in-flight limit and the parked threads. Calls nothing. Run by every thread that
//! launches, suspends, resumes or destroys. States, protocol and the argument that no wake-up is lost
//! are in `queue/README.md`; `tests/loom.rs` models them.

#![forbid(unsafe_code)]

use crate::sync::{AtomicU32, AtomicU64, Condvar, Mutex, Ordering};

/// No limit on commands in flight.
pub const NO_LIMIT: u32 = u32::MAX;

const LAUNCHING_SHIFT: u32 = 8;
const LAUNCHED_SHIFT: u32 = 16;
const LAUNCHING_ONE: u64 = 1 << LAUNCHING_SHIFT;
const LAUNCHED_ONE: u64 = 1 << LAUNCHED_SHIFT;
const LAUNCHING_MAX: u64 = 0xff;
const LAUNCHED_MASK: u64 = u64::MAX >> LAUNCHED_SHIFT;

/// The state of a queue in one word: 8 flags, 8 bits of threads between admission and the return of
/// their driver call, 48 bits of commands launched (at 100,000 a second they last 89 years).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(u64);

impl Word {
    /// Somebody may compete: launches take the tracked path.
    pub const TRACKED: u64 = 1;
    /// Suspended by the application.
    pub const SUSPENDED: u64 = 1 << 1;
    /// Held by the scheduler.
    pub const HELD: u64 = 1 << 2;
    /// Destroyed: every launch bypasses.
    pub const CLOSED: u64 = 1 << 3;
    /// Failed: every launch bypasses and is counted.
    pub const FAILED: u64 = 1 << 4;
    /// The scheduler knows that this queue has work.
    pub const READY: u64 = 1 << 5;
    /// A thread is parked, or about to be: whoever changes the word must wake it.
    pub const WAITERS: u64 = 1 << 6;
    /// A suspended or held queue stops callers here; otherwise its device gate stops the stream.
    pub const HOST_GATE: u64 = 1 << 7;

    const NOT_PASS: u64 =
        Self::TRACKED | Self::SUSPENDED | Self::HELD | Self::CLOSED | Self::FAILED;

    /// True if any of `flags` is set.
    pub fn has(self, flags: u64) -> bool {
        self.0 & flags != 0
    }

    /// Threads between admission and the return of their driver call.
    pub fn launching(self) -> u64 {
        (self.0 >> LAUNCHING_SHIFT) & LAUNCHING_MAX
    }

    /// Commands whose driver call has returned with success.
    pub fn launched(self) -> u64 {
        self.0 >> LAUNCHED_SHIFT
    }

    /// Suspended or held, by anyone.
    pub fn stopped(self) -> bool {
        self.has(Self::SUSPENDED | Self::HELD) && !self.has(Self::CLOSED | Self::FAILED)
    }
}

/// How a caller was admitted. Each needs one `exit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nobody competes.
    Pass,
    /// The queue is destroyed or failed: launch, do nothing else.
    Bypass,
    /// Launch between gates and markers; `stopped` tells that the device gate is closed.
    Tracked {
        /// The device gate is closed.
        stopped: bool,
    },
}

/// Why a caller was not admitted; each names what to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The scheduler must hear first that this queue has work.
    NotReady,
    /// Suspended or held: `wait_while_stopped`.
    Stopped,
    /// As many commands in flight as the limit allows: wait for a marker.
    Full,
    /// 255 threads are launching on this queue: `wait_while_crowded`.
    Crowded,
}

/// See the module.
pub struct Admission {
    word: AtomicU64,
    /// Written by `complete` only; a prefix of the launched commands.
    completed: AtomicU64,
    limit: AtomicU32,
    /// The same while the scheduler holds the queue, or only the application suspends it; for queues with a
    /// device gate. Above the first callers are stopped.
    held_limit: AtomicU32,
    suspended_limit: AtomicU32,
    /// How many commands more than `limit` may be in flight until one completes.
    overdraft: AtomicU32,
    parked: Mutex<()>,
    wake: Condvar,
}

impl Default for Admission {
    fn default() -> Self {
        Admission::new(0)
    }
}

impl Admission {
    /// A queue with these flags, nothing launched, no limit.
    pub fn new(flags: u64) -> Admission {
        Admission {
            word: AtomicU64::new(flags),
            completed: AtomicU64::new(0),
            limit: AtomicU32::new(NO_LIMIT),
            held_limit: AtomicU32::new(NO_LIMIT),
            suspended_limit: AtomicU32::new(NO_LIMIT),
            overdraft: AtomicU32::new(0),
            parked: Mutex::new(()),
            wake: Condvar::new(),
        }
    }

    /// The pass path: admits if nobody competes. One load, one compare-and-swap.
    #[inline]
    pub fn try_pass(&self) -> bool {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word & Word::NOT_PASS != 0 || Word(word).launching() == LAUNCHING_MAX {
                return false;
            }
            // Acquire pairs with the release of whoever cleared the last flag, so that this launch
            // comes after everything that made the queue free.
            match self.word.compare_exchange_weak(
                word,
                word + LAUNCHING_ONE,
                Ordering::AcqRel,
                Ordering::Relaxed,
            ) {
                Ok(_) => return true,
                Err(changed) => word = changed,
            }
        }
    }

    /// Admits, or says what to wait for. On refusal nothing has changed. With `at_host` a suspended or
    /// held queue refuses even if its device gate would stop the command.
    pub fn try_enter(&self, at_host: bool) -> Result<Entry, Refusal> {
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            let entry = self.judge(Word(word), at_host)?;
            match self.word.compare_exchange_weak(
                word,
                word + LAUNCHING_ONE,
                // Acquire pairs with the release in `set` and `clear`.
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Ok(entry),
                Err(changed) => word = changed,
            }
        }
    }

    fn judge(&self, word: Word, at_host: bool) -> Result<Entry, Refusal> {
        if word.launching() == LAUNCHING_MAX {
            return Err(Refusal::Crowded);
        }
        if word.has(Word::CLOSED | Word::FAILED) {
            return Ok(Entry::Bypass);
        }
        if !word.has(Word::NOT_PASS) {
            return Ok(Entry::Pass);
        }
        if !word.has(Word::READY) {
            return Err(Refusal::NotReady);
        }
        // `completed` only grows and `launched` is of this very word, so a stale value is the safe
        // side: in-flight work is over-estimated, never under.
        let in_flight = self.in_flight_at(word) + word.launching();
        let limit = if word.has(Word::HELD) {
            &self.held_limit
        } else {
            &self.suspended_limit
        };
        let stopped_here = || {
            at_host
                || word.has(Word::HOST_GATE)
                || in_flight >= u64::from(limit.load(Ordering::Relaxed))
        };
        if word.stopped() && stopped_here() {
            return Err(Refusal::Stopped);
        }
        let limit = if word.has(Word::SUSPENDED) {
            u64::MAX
        } else {
            u64::from(self.limit.load(Ordering::Relaxed))
                + u64::from(self.overdraft.load(Ordering::Relaxed))
        };
        if in_flight >= limit {
            return Err(Refusal::Full);
        }
        Ok(Entry::Tracked {
            stopped: word.stopped(),
        })
    }

    /// Ends what `try_pass` or `try_enter` began; `launched` tells whether a command reached the
    /// stream. Returns the commands launched so far, this one included.
    #[inline]
    pub fn exit(&self, launched: bool) -> u64 {
        let change = if launched {
            LAUNCHED_ONE.wrapping_sub(LAUNCHING_ONE)
        } else {
            LAUNCHING_ONE.wrapping_neg()
        };
        // Release: the driver call comes before anyone sees it counted, see `wait_quiescent`.
        let old = self.word.fetch_add(change, Ordering::AcqRel);
        if Word(old).has(Word::WAITERS) {
            self.wake_parked();
        }
        Word(old.wrapping_add(change)).launched()
    }

    /// The word as it is.
    pub fn word(&self) -> Word {
        Word(self.word.load(Ordering::Acquire))
    }

    /// Sets flags; returns the word before.
    pub fn set(&self, flags: u64) -> Word {
        self.changed(self.word.fetch_or(flags, Ordering::AcqRel))
    }

    /// Clears flags; returns the word before.
    pub fn clear(&self, flags: u64) -> Word {
        self.changed(self.word.fetch_and(!flags, Ordering::AcqRel))
    }

    fn changed(&self, old: u64) -> Word {
        if Word(old).has(Word::WAITERS) {
            self.wake_parked();
        }
        Word(old)
    }

    /// Clears READY if exactly `upto` commands were launched, all are complete and no thread is
    /// launching. A launch that comes in between makes it fail, one that comes after finds READY clear.
    pub fn clear_ready_if_idle(&self, upto: u64) -> bool {
        self.complete(upto);
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            let state = Word(word);
            if !state.has(Word::READY)
                || state.launching() != 0
                || state.launched() != upto & LAUNCHED_MASK
            {
                return false;
            }
            match self.word.compare_exchange_weak(
                word,
                word & !Word::READY,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return true,
                Err(changed) => word = changed,
            }
        }
    }

    /// The first `upto` launched commands have completed.
    pub fn complete(&self, upto: u64) {
        if self.completed.fetch_max(upto, Ordering::AcqRel) < upto {
            self.overdraft.store(0, Ordering::Relaxed);
        }
    }

    /// Nothing completes, perhaps because the device waits for a thread that waits for room here: one
    /// more command than the limit allows may be in flight.
    pub fn overdraw(&self) {
        self.overdraft.fetch_add(1, Ordering::Relaxed);
    }

    /// Commands known to have completed.
    pub fn completed(&self) -> u64 {
        self.completed.load(Ordering::Acquire)
    }

    /// Commands launched and not known to have completed.
    pub fn in_flight(&self) -> u64 {
        self.in_flight_at(self.word())
    }

    fn in_flight_at(&self, word: Word) -> u64 {
        // `completed` is read after `word` and may be ahead of it.
        word.launched()
            .saturating_sub(self.completed.load(Ordering::Acquire))
    }

    /// Most commands in flight from here on; those in flight stay.
    pub fn set_limit(&self, limit: u32) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// See the fields.
    pub fn set_stopped_limits(&self, held: u32, suspended: u32) {
        self.held_limit.store(held, Ordering::Relaxed);
        self.suspended_limit.store(suspended, Ordering::Relaxed);
    }

    /// The limit in force.
    pub fn limit(&self) -> u32 {
        self.limit.load(Ordering::Relaxed)
    }

    /// Waits until the queue is neither suspended nor held, destroyed or failed, or until its stream is stopped
    /// by the device gate again, if callers were stopped in its place.
    pub fn wait_while_stopped(&self) {
        let at_host = self.word().has(Word::HOST_GATE);
        self.wait_until(|word| !word.stopped() || at_host && !word.has(Word::HOST_GATE));
    }

    /// Waits until a thread may enter again.
    pub fn wait_while_crowded(&self) {
        self.wait_until(|word| word.launching() < LAUNCHING_MAX);
    }

    /// Waits until no thread is between its admission and the return of its driver call. Together
    /// with SUSPENDED, set before, it means that nothing is launched any more.
    pub fn wait_quiescent(&self) {
        self.wait_until(|word| word.launching() == 0);
    }

    fn wait_until(&self, holds: impl Fn(Word) -> bool) {
        let mut parked = self.parked.lock();
        loop {
            // Announce and look in one step: whoever makes the condition true afterwards sees
            // WAITERS and must take `parked`, which is ours until `wait` releases it.
            let old = Word(self.word.fetch_or(Word::WAITERS, Ordering::AcqRel));
            if holds(old) {
                return;
            }
            parked = self.wake.wait(parked);
        }
    }

    #[cold]
    fn wake_parked(&self) {
        let _parked = self.parked.lock();
        self.word.fetch_and(!Word::WAITERS, Ordering::AcqRel);
        self.wake.notify_all();
    }
}
