//! What every exported function does first: refuse in a forked child, count the call, show an
//! injected fault.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Code, Result};
use crate::fault;
use crate::profile::PROFILE;
use crate::runtime;
use crate::sync::lock;

/// One exported function.
pub struct Entry {
    name: &'static str,
    calls: AtomicU64,
}

/// The functions called so far.
static ENTRIES: Mutex<BTreeMap<&'static str, &'static Entry>> = Mutex::new(BTreeMap::new());

/// Calls of functions that this runtime does not have.
static UNSUPPORTED: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

impl Entry {
    pub const fn new(name: &'static str) -> Entry {
        Entry {
            name,
            calls: AtomicU64::new(0),
        }
    }

    /// See the module.
    pub fn begin(&'static self) -> Result {
        if runtime::is_forked_child() {
            return Err(PROFILE.forked);
        }
        if self.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            lock(&ENTRIES).insert(self.name, self);
            fault::inject_configured();
        }
        fault::FUNCTIONS.look(self.name).map_or(Ok(()), Err)
    }
}

/// A function without an implementation was called; it returns this.
pub fn unsupported(name: &str) -> Code {
    fault::inject_configured();
    *lock(&UNSUPPORTED).entry(name.to_owned()).or_default() += 1;
    fault::FUNCTIONS.look(name).unwrap_or(Code::NOT_SUPPORTED)
}

pub fn count(name: &str) -> u64 {
    let implemented = lock(&ENTRIES)
        .get(name)
        .map(|entry| entry.calls.load(Ordering::Relaxed));
    implemented
        .or_else(|| lock(&UNSUPPORTED).get(name).copied())
        .unwrap_or(0)
}
