//! Policies: which of the ready queues may run. One file each; `rank`, `ledger` with `turn`, and `fair`
//! with `service` are what several of them share.

mod awf;
mod cfs;
mod chpf;
mod fair;
mod hhpf;
mod hpf;
mod kedf;
mod kind;
mod lax;
mod ledger;
mod mlfq;
mod pup;
mod rank;
mod service;
mod spup;
mod turn;
mod up;

pub use self::kind::PolicyKind;

use super::table::Table;

/// What has happened to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It is new and idle.
    Came,
    /// It is about to be forgotten, and is idle. The last row of the table will take its place.
    Goes,
    /// It has work.
    Ready,
    /// It has none any more.
    Idle,
    /// Its hints or attributes are different.
    Advised,
    /// Its commands have used that many nanoseconds of device time.
    UsedNs(u64),
}

/// Chooses. Must not depend on anything but its arguments and its own state.
pub(super) trait Policy: Send {
    /// Learns what has happened to the queue in row `at`. Device time that was used calls for a new
    /// decision if this returns true; everything else does anyway.
    fn observe(&mut self, _now_us: u64, _table: &mut Table, _at: usize, _change: Change) -> bool {
        false
    }

    /// Learns that the hints to the policy as a whole have changed.
    fn readvised(&mut self) {}

    /// Writes into `run` of each queue whether it may run.
    fn select(&mut self, now_us: u64, table: &mut Table);

    /// When `select` must be called again at the latest, if nothing happens.
    fn next_tick_us(&self) -> Option<u64> {
        None
    }

    /// What a user should know.
    fn note(&self, _table: &Table) -> Option<&'static str> {
        None
    }

    /// Writes into `may` which queues some event or the time could suspend. If none, nobody competes
    /// and the runtime stops tracking.
    fn preemptible(&self, table: &Table, may: &mut [bool]);
}
