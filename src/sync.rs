//! The locks of this library: std's in the product, loom's under `--cfg loom`, behind one interface.
//!
//! Not parking_lot's, because a program may fork: parking_lot keeps its waiting threads in one table
//! per process, linked through their thread-local memory. In a forked child that table still names the
//! parent's threads, and the first contended lock there hangs or crashes (tests/programs/fork.c).
//! std's locks are a word in the object itself, and a child makes new objects. Poisoning is ignored:
//! what a panic may leave behind is handled where it can happen, see `queue::launch`.

#[cfg(loom)]
use loom::sync as primitive;
#[cfg(not(loom))]
use std::sync as primitive;

#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

pub(crate) use primitive::MutexGuard;

/// A mutex without poisoning.
#[cfg_attr(not(loom), derive(Default))]
pub(crate) struct Mutex<T>(primitive::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Mutex(primitive::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    #[cfg(not(loom))]
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(guard),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }
}

/// A condition variable for `Mutex`.
#[cfg_attr(not(loom), derive(Default))]
pub(crate) struct Condvar(primitive::Condvar);

impl Condvar {
    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Condvar(primitive::Condvar::new())
    }

    #[cfg(not(loom))]
    pub(crate) fn new() -> Self {
        Condvar::default()
    }

    pub(crate) fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.0
            .wait(guard)
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// As `wait`, but at most this long; `None` is without a limit.
    #[cfg(not(loom))]
    pub(crate) fn wait_for<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Option<std::time::Duration>,
    ) -> MutexGuard<'a, T> {
        match timeout {
            None => self.wait(guard),
            Some(timeout) => match self.0.wait_timeout(guard, timeout) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            },
        }
    }

    #[cfg(not(loom))]
    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// A readers-writer lock without poisoning.
#[cfg(not(loom))]
#[derive(Default)]
pub(crate) struct RwLock<T>(std::sync::RwLock<T>);

#[cfg(not(loom))]
impl<T> RwLock<T> {
    pub(crate) fn read(&self) -> std::sync::RwLockReadGuard<'_, T> {
        self.0
            .read()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub(crate) fn write(&self) -> std::sync::RwLockWriteGuard<'_, T> {
        self.0
            .write()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
