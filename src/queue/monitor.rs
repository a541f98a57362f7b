//! A thread that looks after queues now and then: the monitor, which finds out what nobody tells while
//! somebody is held, and the watchdog, which looks for stalls.
//!
//! One of each per process, started by the first `prepare` or `wake`. It holds no lock while it looks, and parks without
//! a timeout when there has been nothing to look for for a fifth of a second, so an idle runtime wakes no thread. Until
//! then it wakes by itself: to wake it takes the caller 3 us, who may be suspending a queue for a command as short.

use std::ffi::CStr;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{self, nanoseconds};
use crate::sync::{Condvar, Mutex, MutexGuard};
use crate::thread;

/// Parked: nothing to look for.
const NEVER: u64 = u64::MAX;

/// Where there is nothing to look for it looks again so often, which is soon enough for whoever wants the watchdog, and
/// then so many times before it parks.
const LINGER: Duration = Duration::from_millis(2);
const LINGERS: u32 = 100;

#[derive(Default)]
struct State {
    started: bool,
    looking: bool,
    stopped: bool,
    /// When the next look is due, in `clock::now_ns` time.
    due_ns: u64,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

/// See the module.
#[derive(Clone)]
pub struct Monitor {
    name: &'static CStr,
    shared: Arc<Shared>,
}

impl Monitor {
    /// One whose thread will have this name.
    pub fn new(name: &'static CStr) -> Monitor {
        Monitor {
            name,
            shared: Arc::default(),
        }
    }

    /// No look begins from here on; waits for one that is going on, though not for long.
    pub fn stop(&self) {
        const MOST: Duration = Duration::from_millis(50);
        let end_ns = clock::now_ns() + nanoseconds(MOST);
        // The thread that ends the process may have interrupted one that holds the lock.
        loop {
            if let Some(mut state) = self.shared.state.try_lock() {
                state.stopped = true;
                state.due_ns = NEVER;
                if !state.looking {
                    return;
                }
            }
            if clock::now_ns() > end_ns {
                return;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// A look may be wanted soon: starts the thread, if nobody has. It parks. Arguments as for `wake`.
    pub fn prepare(&self, look: impl Fn() -> Option<Duration> + Send + 'static) {
        drop(self.started(look));
    }

    /// A look is wanted `within` this time. Starts the thread if nobody has; `look` is taken then, and
    /// says each time within what the next look is wanted. Does nothing if one is due sooner.
    pub fn wake(&self, within: Duration, look: impl Fn() -> Option<Duration> + Send + 'static) {
        let due_ns = clock::now_ns().saturating_add(nanoseconds(within));
        if let Some(mut state) = self.started(look)
            && due_ns < state.due_ns
        {
            state.due_ns = due_ns;
            self.shared.wake.notify_one();
        }
    }

    /// With the thread started, unless it must not be.
    fn started(
        &self,
        look: impl Fn() -> Option<Duration> + Send + 'static,
    ) -> Option<MutexGuard<'_, State>> {
        let mut state = self.shared.state.lock();
        if state.stopped {
            return None;
        }
        if !state.started {
            state.due_ns = NEVER;
            let shared = self.shared.clone();
            let started = thread::start_detached(self.name, move || run(&shared, &look));
            state.started = started.is_ok();
            if let Err(error) = started {
                tracing::error!("{}: {error}", self.name.to_string_lossy());
            }
        }
        Some(state)
    }
}

fn run(shared: &Shared, look: &dyn Fn() -> Option<Duration>) {
    let mut lingers = 0;
    let mut state = shared.state.lock();
    loop {
        let now_ns = clock::now_ns();
        if state.due_ns > now_ns {
            let timeout = match state.due_ns {
                NEVER => {
                    lingers = 0;
                    None
                }
                due_ns => Some(Duration::from_nanos(due_ns - now_ns)),
            };
            state = shared.wake.wait_for(state, timeout);
            continue;
        }
        // Whoever wants a look from here on, wants it after this one.
        state.due_ns = NEVER;
        state.looking = true;
        drop(state);
        let wanted = look();
        lingers = wanted.map_or(lingers + 1, |_| 0);
        let next = wanted.or_else(|| (lingers <= LINGERS).then_some(LINGER));
        state = shared.state.lock();
        state.looking = false;
        if let Some(within) = next
            && !state.stopped
        {
            let due_ns = clock::now_ns().saturating_add(nanoseconds(within));
            state.due_ns = state.due_ns.min(due_ns);
        }
    }
}
