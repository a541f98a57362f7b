//! Injected faults: functions that return an error, kernels that fail on the device.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once};

use crate::config;
use crate::error::Code;
use crate::sync::lock;

/// See the module.
pub struct Faults {
    /// By name: the code, and after how many more calls.
    due: Mutex<BTreeMap<String, (Code, u32)>>,
    /// Keeps the common case free of the lock.
    any: AtomicBool,
}

/// Of functions, see `CUDASIM_FAULT`.
pub static FUNCTIONS: Faults = Faults::new();
/// Of kernels, see `CUDASIM_TRAP`.
pub static KERNELS: Faults = Faults::new();

impl Faults {
    const fn new() -> Faults {
        Faults {
            due: Mutex::new(BTreeMap::new()),
            any: AtomicBool::new(false),
        }
    }

    /// `SUCCESS` takes the fault back.
    pub fn set(&self, name: &str, code: Code, after: u32) {
        let mut due = lock(&self.due);
        if code == Code::SUCCESS {
            due.remove(name);
        } else {
            due.insert(name.to_owned(), (code, after));
        }
        self.any.store(!due.is_empty(), Ordering::Relaxed);
    }

    /// As `look`, but the fault is shown once.
    pub fn take(&self, name: &str) -> Option<Code> {
        let code = self.look(name)?;
        self.set(name, Code::SUCCESS, 0);
        Some(code)
    }

    /// Counts a call of this name; the code if its fault is due.
    pub fn look(&self, name: &str) -> Option<Code> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let mut due = lock(&self.due);
        let (code, after) = due.get_mut(name)?;
        if *after > 0 {
            *after -= 1;
            return None;
        }
        Some(*code)
    }
}

/// What the environment says, before the first call of any function.
pub(crate) fn inject_configured() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let config = config::get();
        for (faults, wanted) in [(&FUNCTIONS, &config.faults), (&KERNELS, &config.traps)] {
            for fault in wanted {
                faults.set(&fault.name, Code(fault.code), fault.after);
            }
        }
    });
}
