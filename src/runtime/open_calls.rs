//! Driver calls that may turn out to wait for what a device gate holds, and that no queue knows of: programs make
//! hundreds of them for each run of a network, to ask for kernels' attributes. That one is going on, and that it was
//! made at all, costs one atomic exchange and a store, on a cache line that mostly nobody else writes.
//!
//! Begun and ended by the application's threads; looked at by the watchdog.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use crate::queue::CALL_NS;
use crate::sync::Mutex;

/// More calls than that at a time are not watched.
const SLOTS: usize = 64;

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
    slot: &'a AtomicU64,
    count: u64,
}

impl Drop for OpenCall<'_> {
    #[inline]
    fn drop(&mut self) {
        // Nobody else writes while it is odd.
        self.slot.store(self.count + 1, Ordering::Release);
    }
}

/// Where a thread looks for a free slot first: each has a stack of its own, so mostly another slot, and the same each
/// time.
#[inline]
fn first_slot() -> usize {
    /// A thread's calls come from about the same depth.
    const DEPTH_BITS: u32 = 16;
    let here = 0u8;
    let stack = std::ptr::from_ref(&here).addr() >> DEPTH_BITS;
    // Stacks often lie a power of two apart: 2^64 divided by the golden ratio spreads them.
    let spread = (stack as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(spread >> (u64::BITS - SLOTS.ilog2())).unwrap_or(0)
}

impl OpenCalls {
    /// A call begins; `None` if too many are going on.
    #[inline]
    pub(super) fn begin(&self) -> Option<OpenCall<'_>> {
        let first = first_slot();
        for at in 0..SLOTS {
            let slot = &*self.slots[(first + at) % SLOTS];
            let count = slot.load(Ordering::Relaxed);
            let free = count.is_multiple_of(2);
            let odd = count + 1;
            let begin = || slot.compare_exchange(count, odd, Ordering::AcqRel, Ordering::Relaxed);
            if free && begin().is_ok() {
                return Some(OpenCall { slot, count: odd });
            }
        }
        None
    }

    /// Calls that have begun so far.
    pub(super) fn count(&self) -> u64 {
        let begun = |slot: &CachePadded<AtomicU64>| slot.load(Ordering::Relaxed).div_ceil(2);
        self.slots.iter().map(begun).sum()
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
        assert!(calls.any() && calls.count() == 1);
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
        assert_eq!(calls.count(), 10);
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
    fn threads_seldom_share_a_slot() {
        let all_there = std::sync::Barrier::new(8);
        let slot = || {
            let slot = first_slot();
            all_there.wait();
            slot
        };
        let slots: std::collections::HashSet<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(slot)).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(slots.len() > 4, "{slots:?}");
    }

    #[test]
    fn more_calls_than_slots_go_on_unwatched() {
        let calls = OpenCalls::default();
        let open: Vec<_> = (0..SLOTS + 3).map(|_| calls.begin()).collect();
        assert_eq!(open.iter().filter(|call| call.is_none()).count(), 3);
        drop(open);
        assert!(!calls.any());
    }
}
