//! Whose turn it is on a device, and how much of the slice is left. See `ledger` for the whole.

use crate::sched::table::NONE;

/// Whose turn it is on a device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Position of the unit, or `NONE`.
    pub(super) holder: usize,
    /// Whose turn it was before.
    pub(super) before: usize,
    slice_ns: i64,
    /// What is left of the slice.
    left_ns: i64,
    /// How much longer it may last for commands of the unit before.
    drain_ns: i64,
    /// What the holder has reported in this turn.
    confirmed_ns: i64,
    /// The turn is over.
    over: bool,
    /// How many units have ready queues.
    pub(super) ready: usize,
    /// Somebody came or went, or a slice is over: choose again.
    pub(super) due: bool,
    /// Somebody woke since the last choice.
    pub(super) woke: bool,
}

impl Turn {
    /// Nobody has the device.
    pub(super) const NOBODY: Turn = Turn {
        holder: NONE,
        before: NONE,
        slice_ns: 0,
        left_ns: 0,
        drain_ns: 0,
        confirmed_ns: 0,
        over: false,
        ready: 0,
        due: false,
        woke: false,
    };

    /// The turn is over, and the holder's commands under way may go on for that long.
    pub(super) fn end(&mut self, drain_ns: i64) {
        self.before = self.holder;
        self.holder = NONE;
        self.drain_ns = drain_ns;
    }

    /// A new turn, or another slice for the same unit.
    pub(super) fn begin(&mut self, holder: usize, slice_ns: i64) {
        if holder != NONE && (self.holder == holder || self.before == holder) {
            // Nobody else had the device in between.
            self.drain_ns = 0;
        }
        self.holder = holder;
        self.slice_ns = slice_ns;
        self.left_ns = slice_ns;
        self.confirmed_ns = 0;
        self.over = false;
        self.due = false;
        self.woke = false;
    }

    /// Time passes.
    pub(super) fn pass(&mut self, ns: i64) {
        self.left_ns = self.left_ns.saturating_sub(ns);
    }

    /// The holder's commands have used that much.
    pub(super) fn confirm(&mut self, ns: i64) {
        self.confirmed_ns = self.confirmed_ns.saturating_add(ns);
    }

    /// Commands of the unit before have used that much of this turn.
    pub(super) fn give_back(&mut self, ns: i64) {
        self.left_ns = self.left_ns.saturating_add(ns);
        self.drain_ns -= ns;
    }

    /// What is left of the slice.
    pub(super) fn left_ns(&self) -> i64 {
        self.left_ns
    }

    /// True if whoever has the device has used up its slice.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// When the turn may be over, if nothing happens.
    pub(super) fn next_look_ns(&self) -> i64 {
        if self.left_ns > 0 {
            self.left_ns
        } else {
            self.left_ns.saturating_add(self.drain_ns)
        }
    }

    /// The slice is no longer than this.
    pub(super) fn shorten(&mut self, slice_ns: i64) {
        let by_ns = self.slice_ns - slice_ns;
        if by_ns > 0 {
            self.slice_ns -= by_ns;
            self.left_ns -= by_ns;
        }
    }

    /// Looks whether the turn of a holder that reports in steps of `grain_ns` is over.
    pub(super) fn look(&mut self, grain_ns: i64) {
        let seen = self.confirmed_ns.saturating_add(grain_ns) >= self.slice_ns;
        let drained = seen || self.left_ns.saturating_add(self.drain_ns) <= 0;
        self.over = self.left_ns <= 0 && drained;
        self.due |= self.over;
    }

    /// A unit is gone, and the last one has taken its place.
    pub(super) fn forget(&mut self, gone: usize, last: usize) {
        for kept in [&mut self.holder, &mut self.before] {
            if *kept == gone {
                *kept = NONE;
            } else if *kept == last {
                *kept = gone;
            }
        }
    }
}
