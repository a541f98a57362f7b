//! Handles: numbers that are never reused, looked up in one table per kind of object.
//!
//! A handle is the kind in its upper 16 bits and a count below, so a handle of another kind, an old one
//! and an invented one are all told apart from a live one without touching memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::RwLock;

use crate::error::{Error, Result};

const KIND_SHIFT: u32 = 48;

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    /// `XQueueHandle`
    Queue = 0x5851,
    /// `HwQueueHandle`
    HwQueue = 0x4851,
    /// `HwCommandHandle`
    Command = 0x4843,
    /// `HostEventHandle`
    Event = 0x4845,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Queue, Kind::HwQueue, Kind::Command, Kind::Event];

    fn of(handle: u64) -> Option<Kind> {
        Kind::ALL
            .into_iter()
            .find(|&kind| handle >> KIND_SHIFT == kind as u64)
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Queue => "an XQueue",
            Kind::HwQueue => "an HwQueue",
            Kind::Command => "an HwCommand",
            Kind::Event => "a host event",
        }
    }
}

/// The live objects of one kind.
pub struct Table<T> {
    kind: Kind,
    /// The argument's usual name in the header, for messages.
    argument: &'static str,
    next: AtomicU64,
    live: RwLock<HashMap<u64, Arc<T>>>,
}

impl<T> Table<T> {
    /// An empty table. Counts start at `first`: a forked child goes on where its parent was, so that
    /// a handle inherited from the parent never means an object of the child.
    pub fn new(kind: Kind, argument: &'static str, first: u64) -> Table<T> {
        Table {
            kind,
            argument,
            next: AtomicU64::new(first),
            live: RwLock::default(),
        }
    }

    /// The count the next handle will have.
    pub fn next_count(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    /// A new handle. Looks up as unknown until `insert`.
    pub fn reserve(&self) -> u64 {
        (self.kind as u64) << KIND_SHIFT | self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Makes the object known under its handle.
    pub fn insert(&self, handle: u64, object: Arc<T>) {
        self.live.write().insert(handle, object);
    }

    /// Finds a live object.
    pub fn get(&self, handle: u64) -> Result<Arc<T>> {
        self.live
            .read()
            .get(&handle)
            .cloned()
            .ok_or_else(|| self.unknown(handle))
    }

    /// Takes an object out; of two threads that do so, one gets it.
    pub fn remove(&self, handle: u64) -> Result<Arc<T>> {
        self.live
            .write()
            .remove(&handle)
            .ok_or_else(|| self.unknown(handle))
    }

    /// All live objects.
    pub fn all(&self) -> Vec<Arc<T>> {
        self.live.read().values().cloned().collect()
    }

    fn unknown(&self, handle: u64) -> Error {
        let count = handle & ((1 << KIND_SHIFT) - 1);
        let reason = match Kind::of(handle) {
            Some(kind) if kind != self.kind => {
                format!(
                    "{handle:#x} is the handle of {}, not of {}",
                    kind.name(),
                    self.kind.name()
                )
            }
            Some(_) if count < self.next_count() => {
                format!(
                    "{handle:#x} was {}, and is destroyed or belongs to the parent process",
                    self.kind.name()
                )
            }
            _ => format!("{handle:#x} is not the handle of {}", self.kind.name()),
        };
        Error::NotFound {
            argument: self.argument,
            reason,
        }
    }
}
