//! Driver calls that may turn out to wait for what a device gate holds, and that no queue knows of: programs make
//! a thousand of them for each run of a network, to ask for a kernel's attributes, so that they are going on
//! costs two writes to tell.
//!
//! Begun and ended by the application's threads; looked at by the watchdog.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::queue::CALL_NS;
use crate::sync::Mutex;

/// More calls than that at a time are not watched.
const SLOTS: usize = 64;

thread_local! {
    /// Where this thread last found a free slot.
    static SLOT: Cell<usize> = const { Cell::new(0) };
}

/// What the watchdog last saw in a slot, and since when.
#[derive(Clone, Copy, Default)]
struct Seen {
    count: u64,
    since_ns: u64,
}

/// See the module.
pub(super) struct OpenCalls {
    /// Each counts up when a call begins and when it ends: odd while one is going on.
    slots: [CachePadded<AtomicU64>; SLOTS],
    seen: Mutex<[Seen; SLOTS]>,
}

impl Default for OpenCalls {
    fn default() -> OpenCalls {
        OpenCalls {
            slots: [const { CachePadded::new(AtomicU64::new(0)) }; SLOTS],
            seen: Mutex::new([Seen::default(); SLOTS]),
        }
    }
}

/// A call that is going on, until this is dropped.
pub(super) struct OpenCall<'a> {
    slot: Option<&'a AtomicU64>,
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            slot.fetch_add(1, Ordering::Release);
        }
    }
}

impl OpenCalls {
    /// A call begins.
    #[inline]
    pub(super) fn begin(&self) -> OpenCall<'_> {
        let first = SLOT.get();
        for at in 0..SLOTS {
            let at = (first + at) % SLOTS;
            let slot = &*self.slots[at];
            let count = slot.load(Ordering::Relaxed);
            let begin = |count: u64| {
                slot.compare_exchange(count, count + 1, Ordering::AcqRel, Ordering::Relaxed)
            };
            if count.is_multiple_of(2) && begin(count).is_ok() {
                SLOT.set(at);
                return OpenCall { slot: Some(slot) };
            }
        }
        OpenCall { slot: None }
    }

    /// A call is going on.
    pub(super) fn any(&self) -> bool {
        let is_odd =
            |slot: &CachePadded<AtomicU64>| !slot.load(Ordering::Acquire).is_multiple_of(2);
        self.slots.iter().any(is_odd)
    }

    /// One look. True if a call has been going on since a look `CALL_NS` ago.
    pub(super) fn look(&self, now_ns: u64) -> bool {
        let mut seen = self.seen.lock();
        let mut stuck = false;
        for (slot, seen) in self.slots.iter().zip(seen.iter_mut()) {
            let count = slot.load(Ordering::Acquire);
            if count != seen.count {
                *seen = Seen {
                    count,
                    since_ns: now_ns,
                };
            }
            stuck |= !count.is_multiple_of(2) && now_ns.saturating_sub(seen.since_ns) >= CALL_NS;
        }
        stuck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_stuck_once_looks_far_enough_apart_saw_it() {
        let calls = OpenCalls::default();
        let call = calls.begin();
        assert!(calls.any());
        assert!(!calls.look(0), "it may have begun just now");
        assert!(!calls.look(CALL_NS - 1));
        assert!(calls.look(CALL_NS));
        drop(call);
        assert!(!calls.any() && !calls.look(CALL_NS + 1));
    }

    #[test]
    fn many_short_calls_are_not_one_long_one() {
        let calls = OpenCalls::default();
        for look in 0..10 {
            let _call = calls.begin();
            assert!(!calls.look(look * CALL_NS));
        }
    }

    #[test]
    fn calls_at_the_same_time_are_told_apart() {
        let calls = OpenCalls::default();
        let _stuck = calls.begin();
        calls.look(0);
        for look in 1..10 {
            let _other = calls.begin();
            let expected = look * CALL_NS >= CALL_NS;
            assert_eq!(calls.look(look * CALL_NS), expected);
        }
    }

    #[test]
    fn more_calls_than_slots_go_on_unwatched() {
        let calls = OpenCalls::default();
        let open: Vec<_> = (0..SLOTS + 3).map(|_| calls.begin()).collect();
        assert_eq!(open.iter().filter(|call| call.slot.is_none()).count(), 3);
        drop(open);
        assert!(!calls.any());
    }
}
