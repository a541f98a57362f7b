//! The driver adapter behind a trait: the contract that every device keeps.
//!
//! A stream runs its commands one after the other in launch order. Any thread may call any method;
//! calls on one stream take effect in the order in which they return. No method but `synchronize` and
//! `Marker::wait` waits for the device. Errors are the driver's own codes (`Error::Hardware`).
//! The trait has room for a third level (`interrupt`, `restore`), which no device offers yet.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock;
use crate::error::{Error, Result};

pub mod cuda;
pub mod driver;
mod event_marker;
mod gate_words;
pub mod hip;
pub mod host;
pub mod loaded;
mod probe;
mod stopwatch;
mod word_gate;

/// Work of one command; returns 0 or the command's failure code.
pub type Work = Box<dyn FnOnce() -> i32 + Send>;

/// How far a device can go in stopping a queue: the `XPreemptLevel` of the C API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Commands that have not started do not start.
    Block = 1,
    /// The device itself holds the stream in front of its next command.
    Deactivate = 2,
    /// The running command is interrupted.
    Interrupt = 3,
}

impl Level {
    /// The level with this number in the C API.
    pub fn from_number(level: i64) -> Option<Level> {
        match level {
            1 => Some(Level::Block),
            2 => Some(Level::Deactivate),
            3 => Some(Level::Interrupt),
            _ => None,
        }
    }
}

/// What a stream belongs to in its driver, and ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The device with this ordinal.
    Device(i32),
    /// The context at this address.
    Context(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Device(ordinal) => write!(f, "device {ordinal}"),
            Place::Context(address) => write!(f, "context {address:#x}"),
        }
    }
}

/// One device: what all its streams share.
pub trait Device: Send + Sync {
    /// For log lines, for example "software device (1 unit)".
    fn name(&self) -> String;
}

/// One stream of a device.
pub trait Stream: Send + Sync {
    /// The largest level it can do.
    fn max_level(&self) -> Level;
    /// What ends it by ending; `None` for one that only its own destruction ends.
    fn place(&self) -> Option<Place> {
        None
    }
    /// Appends one command. The software device runs `work` on an execution unit; a GPU adapter runs
    /// it at once on the calling thread, and what it enqueues is the command.
    fn launch(&self, work: Work) -> Result<()>;
    /// Waits until everything launched has completed; returns the first failure since the last call.
    fn synchronize(&self) -> Result<()>;
    /// True if everything launched has completed.
    fn is_drained(&self) -> Result<bool>;
    /// True while launches are captured into a graph instead of executed.
    fn is_capturing(&self) -> bool;
    /// True for a stream that only one thread can reach: nobody else can record a marker there.
    fn is_private(&self) -> bool {
        false
    }
    /// True if it is private and the calling thread is not the one.
    fn is_out_of_reach(&self) -> bool {
        false
    }
    /// Records a completion point behind everything launched so far.
    fn marker(&self) -> Result<Arc<dyn Marker>>;
    /// Makes a device gate for this stream, open.
    fn gate(&self) -> Result<Box<dyn Gate>>;
    /// Makes a stopwatch for this stream, if its markers do not tell times anyway.
    fn stopwatch(&self) -> Result<Option<Box<dyn Stopwatch>>> {
        Ok(None)
    }
}

/// Between two looks at what may be complete at any moment, and has been looked at for so long: at first none, as a
/// driver does that waits for room, then an eighth of that time.
pub(crate) fn pause(looked_ns: u64) {
    match pause_ns(looked_ns) {
        Some(ns) => std::thread::sleep(Duration::from_nanos(ns)),
        None => std::thread::yield_now(),
    }
}

fn pause_ns(looked_ns: u64) -> Option<u64> {
    /// The shortest sleep takes 60 us, in which a device may run out of work.
    const WITHOUT_PAUSE_NS: u64 = 300_000;
    const PART: u64 = 8;
    const LONGEST_NS: u64 = 1_000_000;
    (looked_ns > WITHOUT_PAUSE_NS).then(|| (looked_ns / PART).min(LONGEST_NS))
}

/// Looks again and again, until then. Whoever waits has suspended a queue, or is about to use what it computed, and a
/// driver's own wait may hold its locks, or take 10 us longer (H200).
fn look_until(deadline_ns: u64, mut look: impl FnMut() -> Result<bool>) -> Result<bool> {
    /// So short a wait is not worth a system call.
    const AWAKE_NS: u64 = 20_000;
    /// For this long looking without a pause is worth its while, as the shortest sleep takes 60 us.
    const WITHOUT_PAUSE_NS: u64 = 1_000_000;
    /// Then it sleeps for this part of the time waited so far.
    const PAUSE_PART: u64 = 32;
    let begin_ns = clock::now_ns();
    while !look()? {
        let now_ns = clock::now_ns();
        let Some(left_ns) = deadline_ns.checked_sub(now_ns).filter(|&ns| ns > 0) else {
            return Ok(false);
        };
        let waited_ns = now_ns.saturating_sub(begin_ns);
        if waited_ns < AWAKE_NS {
            std::hint::spin_loop();
        } else if waited_ns < WITHOUT_PAUSE_NS {
            // Costs nothing on an idle core, and leaves a busy one to whoever has something to do.
            std::thread::yield_now();
        } else {
            let pause_ns = (waited_ns / PAUSE_PART).min(left_ns);
            std::thread::sleep(Duration::from_nanos(pause_ns));
        }
    }
    Ok(true)
}

/// A completion point.
pub trait Marker: Send + Sync {
    /// True once the device has reached it.
    fn is_complete(&self) -> Result<bool>;
    /// Waits for it.
    fn wait(&self) -> Result<()> {
        self.wait_until(u64::MAX).map(|_| ())
    }
    /// Waits for it until then, in `clock::now_ns` time; true if it is complete.
    fn wait_until(&self, deadline_ns: u64) -> Result<bool>;
    /// The device tells when it reached it, and wakes whoever waits for it.
    fn is_timed(&self) -> bool {
        false
    }
    /// When the device reached it, in `clock::now_ns` time, if the device can tell.
    fn completed_at_ns(&self) -> Option<u64>;
}

/// Tells what a part of a stream takes by the device's clock: all that is launched between `begin` and `end`.
pub trait Stopwatch: Send {
    /// From here on.
    fn begin(&self) -> Result<()>;
    /// The device has come there.
    fn has_begun(&self) -> Result<bool>;
    /// Up to here.
    fn end(&self) -> Result<()>;
    /// Nanoseconds; `None` while the device has not come to the end.
    fn elapsed_ns(&self) -> Result<Option<u64>>;
}

/// A wait for a gate, and how far the stream has come there.
pub struct Placed {
    /// Complete when everything in front of the wait is.
    pub reached: Arc<dyn Marker>,
    /// Complete when the stream has passed the wait.
    pub passed: Arc<dyn Marker>,
}

/// A gate word that the device front end reads, and the way to put a wait for it into the stream.
pub trait Gate: Send + Sync {
    /// Appends a wait: the stream stops there while the gate is closed.
    fn append_wait(&self) -> Result<()>;
    /// Appends a wait between two markers. `stream` is the gate's own.
    fn place(&self, stream: &dyn Stream) -> Result<Placed> {
        let reached = stream.marker()?;
        self.append_wait()?;
        let passed = stream.marker()?;
        Ok(Placed { reached, passed })
    }
    /// As `place`. Where a device can, it counts itself how far the stream has come, in memory that is looked at
    /// without the driver: that is known at once, and takes more of the stream's time.
    fn place_counted(&self, stream: &dyn Stream) -> Result<Placed> {
        self.place(stream)
    }
    /// An open gate costs the stream no time.
    fn is_free(&self) -> bool {
        false
    }
    /// Closes it. One store; safe at any time.
    fn close(&self);
    /// How long after `close` a stream that found the gate open may still be about to show that it has
    /// passed: the marker in front of the gate is complete by then, the one behind it is not.
    fn settle(&self) -> Duration {
        Duration::ZERO
    }
    /// Opens it and lets the stream go on.
    fn open(&self);
}

thread_local! {
    static IN_COMMAND: Cell<bool> = const { Cell::new(false) };
}

/// Marks the calling thread as running a command's callback while it lives.
pub(crate) struct InCommand(bool);

impl InCommand {
    pub(crate) fn enter() -> InCommand {
        InCommand(IN_COMMAND.replace(true))
    }
}

impl Drop for InCommand {
    fn drop(&mut self) {
        IN_COMMAND.set(self.0);
    }
}

/// Refuses a call that may wait for a device when made from inside a command: the command would wait
/// for the very unit, or launching thread, that it occupies.
pub(crate) fn forbid_in_command(call: &str) -> Result<()> {
    if IN_COMMAND.get() {
        return Err(Error::NotAllowed(format!(
            "{call} may wait for the device and was called from inside a command"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_come_late_and_stay_short() {
        const US: u64 = 1_000;
        assert_eq!(pause_ns(300 * US), None);
        assert_eq!(pause_ns(400 * US), Some(50 * US));
        assert_eq!(pause_ns(400_000 * US), Some(1_000 * US));
    }
}
