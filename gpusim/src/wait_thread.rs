//! The thread that looks at values which streams wait for: a host stores to them without telling
//! anybody. It polls while a wait stands and is parked otherwise. Started by the first wait.

use std::sync::{Condvar, Mutex, OnceLock};
use std::time::Duration;

use crate::config::{self, WaitValue};
use crate::front_end;
use crate::profile::PROFILE;
use crate::sync::lock;

/// How late a stream may notice a store.
const PERIOD: Duration = Duration::from_micros(20);

#[derive(Default)]
struct Sleeper {
    wanted: Mutex<bool>,
    wake: Condvar,
}

static SLEEPER: OnceLock<Sleeper> = OnceLock::new();

/// Some stream waits for a value.
pub(crate) fn wake() {
    if config::get().wait_value == WaitValue::Never {
        return;
    }
    let sleeper = SLEEPER.get_or_init(|| {
        let started = std::thread::Builder::new()
            .name(format!("{}-wait", PROFILE.name))
            .spawn(run);
        if let Err(error) = started {
            let name = PROFILE.name;
            eprintln!("{name}: no thread for waits, plain stores release nobody: {error}");
        }
        Sleeper::default()
    });
    let mut wanted = lock(&sleeper.wanted);
    if !*wanted {
        *wanted = true;
        sleeper.wake.notify_one();
    }
}

fn run() {
    // SAFETY: concerns only how precisely this thread's sleeps end. The default, 50 us, is more
    // than the period itself.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1_000_u64) };
    let sleeper = SLEEPER.wait();
    loop {
        let mut wanted = lock(&sleeper.wanted);
        while !*wanted {
            wanted = sleeper
                .wake
                .wait(wanted)
                .unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        // Cleared before looking: a wait that comes while we look sets it again.
        *wanted = false;
        drop(wanted);
        while front_end::get().poll() {
            std::thread::sleep(PERIOD);
        }
    }
}
