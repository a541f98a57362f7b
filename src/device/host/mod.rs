//! The software device: a real device on the CPU, the embedded default.
//!
//! Streams with a priority, one or more execution units, markers, events (a marker another stream
//! waits for), wait-value and write-value on words in memory, errors from commands, a fault switch.
//! The front end works as a GPU's: a stream's head is a candidate; a free unit takes the candidate of
//! the largest stream priority, and among equals the one that became a candidate first. Work runs on
//! the device's own threads, everything else on the calling thread. Units sleep while there is no work.

mod fault;
mod front_end;
mod stream;
mod unit;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::sync::{Condvar, Mutex};

pub use self::fault::Fault;
pub use self::stream::{HostMarker, HostStream};
pub use self::unit::occupy;

use self::fault::FaultSwitch;
use self::front_end::FrontEnd;
use super::Device;

/// A word in memory that streams can wait for and write to, as a GPU's stream memory operations do.
pub type Word = Arc<AtomicU32>;

/// See the module. Cheap to clone. Its units live as long as the process, parked while idle.
#[derive(Clone)]
pub struct HostDevice {
    shared: Arc<Shared>,
}

struct Shared {
    units: usize,
    front_end: Mutex<FrontEnd>,
    /// Units wait here for a candidate.
    work: Condvar,
    /// Callers wait here for markers.
    reached: Condvar,
    fault: FaultSwitch,
    next_stream: AtomicU64,
}

impl HostDevice {
    /// A device with this many execution units, at least one. Starts no thread yet.
    pub fn new(units: usize) -> HostDevice {
        HostDevice {
            shared: Arc::new(Shared {
                units: units.max(1),
                front_end: Mutex::new(FrontEnd::default()),
                work: Condvar::new(),
                reached: Condvar::new(),
                fault: FaultSwitch::default(),
                next_stream: AtomicU64::new(1),
            }),
        }
    }

    /// Creates a stream; a larger `priority` is served first.
    pub fn create_stream(&self, priority: i32) -> Arc<HostStream> {
        let id = self.shared.next_stream.fetch_add(1, Ordering::Relaxed);
        self.shared.front_end.lock().add_stream(id, priority);
        Arc::new(HostStream::new(self.clone(), id))
    }

    /// Shows `fault` after `after` more calls that it concerns.
    pub fn set_fault(&self, fault: Fault, after: u64) {
        self.shared.fault.set(fault, after);
    }

    /// Opens or writes a word and lets waiting streams look at it again.
    pub fn write_word(&self, word: &AtomicU32, value: u32) {
        word.store(value, Ordering::Release);
        let mut front_end = self.shared.front_end.lock();
        front_end.advance_blocked();
        self.announce(&mut front_end);
    }

    /// Wakes whoever the last change of the front end concerns.
    fn announce(&self, front_end: &mut FrontEnd) {
        let candidates = front_end.take_new_candidates();
        if candidates > 0 {
            unit::start(self, front_end);
            for _ in 0..candidates.min(self.shared.units) {
                self.shared.work.notify_one();
            }
        }
        if front_end.take_reached() {
            self.shared.reached.notify_all();
        }
    }
}

impl Device for HostDevice {
    fn name(&self) -> String {
        let units = self.shared.units;
        format!(
            "software device ({units} unit{})",
            if units == 1 { "" } else { "s" }
        )
    }
}
