//! Execution units: the threads that run commands.

use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::HostDevice;
use super::front_end::{FrontEnd, Taken};
use crate::device::InCommand;
use crate::thread;

/// A command whose Rust closure panicked; C callbacks cannot.
const PANICKED: i32 = 999;

/// Starts the units on the first command.
pub(super) fn start(device: &HostDevice, front_end: &mut FrontEnd) {
    if front_end.units_started {
        return;
    }
    front_end.units_started = true;
    for number in 0..device.shared.units {
        let device = device.clone();
        let name = CString::new(format!("xsched-unit-{number}")).unwrap_or_default();
        if let Err(error) = thread::start_detached(&name, move || run(&device)) {
            tracing::error!("software device: unit {number}: {error}");
            // The next launch tries again if this was the only one.
            front_end.units_started = number > 0;
            return;
        }
    }
}

/// Runs commands for as long as the process lives; parked while there are none.
fn run(device: &HostDevice) {
    let mut front_end = device.shared.front_end.lock();
    loop {
        let Some(Taken { stream, work }) = front_end.take() else {
            front_end = device.shared.work.wait(front_end);
            continue;
        };
        drop(front_end);
        let code = {
            let _in_command = InCommand::enter();
            catch_unwind(AssertUnwindSafe(work)).unwrap_or(PANICKED)
        };
        front_end = device.shared.front_end.lock();
        front_end.finish(stream, code);
        device.announce(&mut front_end);
    }
}

/// Occupies the calling unit for `duration`: sleeps while far from the end, then spins, because a
/// sleep alone overshoots by more than a short command lasts.
pub fn occupy(duration: Duration) {
    const SPIN: Duration = Duration::from_micros(200);
    let end = Instant::now() + duration;
    if duration > SPIN {
        std::thread::sleep(duration - SPIN);
    }
    while Instant::now() < end {
        std::hint::spin_loop();
    }
}
