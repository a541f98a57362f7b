//! What every exported function does first and last: refuse in a forked child, show an injected
//! fault, count the call, keep the thread's last error.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, Once};

use crate::config::{self, Fault};
use crate::error::{Code, Result};
use crate::runtime;
use crate::sync::lock;

/// Defines exported functions that return `hipError_t`. The pointer types of their arguments
/// (`crate::abi`) say what a C caller promises, so the bodies need no unsafe code.
macro_rules! exports {
    ($($name:ident($($argument:ident: $kind:ty),* $(,)?) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name($($argument: $kind),*) -> i32 {
            static ENTRY: $crate::call::Entry = $crate::call::Entry::new(stringify!($name));
            ENTRY.run(|| -> $crate::error::Result { $body })
        }
    )*};
}
pub(crate) use exports;

/// One exported function.
pub(crate) struct Entry {
    name: &'static str,
    calls: AtomicU64,
}

/// The functions called so far.
static ENTRIES: Mutex<BTreeMap<&'static str, &'static Entry>> = Mutex::new(BTreeMap::new());

/// Calls of functions that this runtime does not have.
static UNSUPPORTED: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// By function: what it returns, and after how many more calls.
static FAULTS: Mutex<BTreeMap<String, (Code, u32)>> = Mutex::new(BTreeMap::new());
/// Keeps the common case free of the lock.
static ANY_FAULT: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// For `hipGetLastError`: the last failure that was not "not ready".
    static LAST_ERROR: Cell<Code> = const { Cell::new(Code::SUCCESS) };
    /// For `hipExtGetLastError`: what the last call returned.
    static LAST_RESULT: Cell<Code> = const { Cell::new(Code::SUCCESS) };
}

impl Entry {
    pub(crate) const fn new(name: &'static str) -> Entry {
        Entry {
            name,
            calls: AtomicU64::new(0),
        }
    }

    pub(crate) fn run(&'static self, body: impl FnOnce() -> Result) -> i32 {
        if runtime::is_forked_child() {
            return remember(Code::CONTEXT_IS_DESTROYED);
        }
        if self.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            lock(&ENTRIES).insert(self.name, self);
            inject_configured_faults();
        }
        let result = take_fault(self.name).and_then(|()| body());
        remember(result.err().unwrap_or(Code::SUCCESS))
    }
}

fn remember(code: Code) -> i32 {
    // Fails in a thread that is ending, which asks for no errors any more.
    let _ = LAST_RESULT.try_with(|last| last.set(code));
    if code != Code::SUCCESS && code != Code::NOT_READY {
        let _ = LAST_ERROR.try_with(|last| last.set(code));
    }
    code.0
}

/// Fails if a fault is due for this function.
fn take_fault(name: &str) -> Result {
    if !ANY_FAULT.load(Ordering::Relaxed) {
        return Ok(());
    }
    match lock(&FAULTS).get_mut(name) {
        None => Ok(()),
        Some((_, after)) if *after > 0 => {
            *after -= 1;
            Ok(())
        }
        Some((code, _)) => Err(*code),
    }
}

pub(crate) fn set_fault(name: &str, code: Code, after: u32) {
    let mut faults = lock(&FAULTS);
    if code == Code::SUCCESS {
        faults.remove(name);
    } else {
        faults.insert(name.to_owned(), (code, after));
    }
    ANY_FAULT.store(!faults.is_empty(), Ordering::Relaxed);
}

/// Before the first call of any function.
fn inject_configured_faults() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for Fault {
            function,
            code,
            after,
        } in &config::get().faults
        {
            set_fault(function, Code(*code), *after);
        }
    });
}

/// A function without an implementation was called; it returns this.
pub(crate) fn unsupported(name: &str) -> i32 {
    inject_configured_faults();
    *lock(&UNSUPPORTED).entry(name.to_owned()).or_default() += 1;
    remember(take_fault(name).err().unwrap_or(Code::NOT_SUPPORTED))
}

pub(crate) fn count(name: &str) -> u64 {
    let implemented = lock(&ENTRIES)
        .get(name)
        .map(|entry| entry.calls.load(Ordering::Relaxed));
    implemented
        .or_else(|| lock(&UNSUPPORTED).get(name).copied())
        .unwrap_or(0)
}

pub(crate) fn take_last_error() -> Code {
    LAST_ERROR.replace(Code::SUCCESS)
}

pub(crate) fn last_error() -> Code {
    LAST_ERROR.get()
}

pub(crate) fn take_last_result() -> Code {
    LAST_RESULT.replace(Code::SUCCESS)
}
