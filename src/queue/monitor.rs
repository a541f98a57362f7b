//! The monitor thread: looks after queues that nobody synchronises, while somebody is held.
//!
//! One per process, started by the first `wake`. It holds no lock while it polls and parks without a
//! timeout whenever there is nothing to watch, so an idle runtime wakes no thread.

use std::sync::Arc;
use std::time::Duration;

use crate::sync::{Condvar, Mutex};

/// What one poll saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Nothing is held: park.
    Nothing,
    /// Something is held and nothing has changed: look less often.
    Unchanged,
    /// Something is held and moves.
    Moving,
}

#[derive(Default)]
struct State {
    started: bool,
    wanted: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

/// See the module.
#[derive(Clone, Default)]
pub struct Monitor {
    shared: Arc<Shared>,
}

impl Monitor {
    /// Something is held now: starts the thread or wakes it. `poll` is used by the first call only.
    /// Returns false if the thread could not be started; nothing must be held then.
    pub fn wake(&self, period: Duration, poll: impl Fn() -> Activity + Send + 'static) -> bool {
        let mut state = self.shared.state.lock();
        state.wanted = true;
        if state.started {
            self.shared.wake.notify_one();
            return true;
        }
        let shared = self.shared.clone();
        let spawned = std::thread::Builder::new()
            .name("xsched-monitor".into())
            .spawn(move || run(&shared, period, &poll));
        state.started = spawned.is_ok();
        if let Err(error) = spawned {
            tracing::error!("the monitor thread did not start: {error}");
        }
        state.started
    }
}

fn run(shared: &Shared, period: Duration, poll: &dyn Fn() -> Activity) {
    // Nothing moves for long in the middle of a long command; looking 8 times less often keeps the
    // cost of a long request low and delays the next queue by less than such a command lasts.
    const SLOWEST: u32 = 8;
    let mut factor = 1;
    loop {
        {
            let mut state = shared.state.lock();
            while !state.wanted {
                state = shared.wake.wait(state);
                factor = 1;
            }
            state.wanted = false;
        }
        loop {
            match poll() {
                Activity::Nothing => break,
                Activity::Moving => factor = 1,
                Activity::Unchanged => factor = (factor * 2).min(SLOWEST),
            }
            std::thread::sleep(period * factor);
        }
    }
}
