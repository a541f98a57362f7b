//! The synchronisation primitives of the protocols that loom checks: parking_lot's in the product,
//! loom's under `--cfg loom`, behind one interface.

#[cfg(not(loom))]
pub(crate) use parking_lot::{Condvar, Mutex};
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
pub(crate) use self::model::{Condvar, Mutex};
#[cfg(loom)]
pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
mod model {
    //! loom's primitives with parking_lot's signatures; a poisoned lock is a failed model anyway.

    use loom::sync::{Condvar as LoomCondvar, Mutex as LoomMutex, MutexGuard as LoomGuard};

    pub(crate) struct Mutex<T>(LoomMutex<T>);

    /// The guard sits in an `Option` because loom's wait consumes and returns it.
    pub(crate) struct MutexGuard<'a, T>(Option<LoomGuard<'a, T>>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Mutex(LoomMutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            MutexGuard(Some(
                self.0
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner()),
            ))
        }
    }

    pub(crate) struct Condvar(LoomCondvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Condvar(LoomCondvar::new())
        }

        pub(crate) fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
            if let Some(inner) = guard.0.take() {
                guard.0 = Some(
                    self.0
                        .wait(inner)
                        .unwrap_or_else(|poisoned| poisoned.into_inner()),
                );
            }
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}
