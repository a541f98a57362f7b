//! The start-up probe of the device gate.
//!
//! Several streams may share a hardware queue (on AMD they do), and a stream that waits for a value may
//! hold all of them. So before any stream of the application gets a device gate, one private stream is made to wait
//! behind a closed one: it must wait, every other private stream must pass meanwhile, and after opening
//! it must go on, each within a deadline. Otherwise, and whenever a call fails, the host gate is used.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::info;

use super::{Marker, Stream};
use crate::error::Result;

/// More than the hardware queues that HIP spreads its streams over (4 by default), and as many as CUDA
/// does (8 by default), so that one of them shares the held one's if streams share at all.
const OTHERS: usize = 8;

/// What takes a working runtime some ten microseconds; the longest that start-up is delayed, up to
/// four times.
const DEADLINE: Duration = Duration::from_millis(20);

/// A stream made for the probe, non-blocking, and how to destroy it.
pub(super) struct Private {
    pub(super) stream: Arc<dyn Stream>,
    pub(super) destroy: Box<dyn Fn() -> Result<()>>,
}

/// True if a gate holds its own stream, only that, and only while it is closed. `create` makes streams of
/// the device that the log calls `name`.
pub(super) fn device_gate_works(name: &str, create: &dyn Fn() -> Result<Private>) -> bool {
    let verdict = match probe(create) {
        // A host that was busy elsewhere for longer than the deadline looks the same.
        Ok(Verdict::HoldsOthers) => probe(create),
        first => first,
    };
    let verdict = match verdict {
        Ok(Verdict::Works) => {
            info!("{name}: the device gate works; non-blocking streams have it");
            return true;
        }
        Ok(Verdict::HoldsNothing) => "a closed gate did not hold its stream".to_owned(),
        Ok(Verdict::HoldsOthers) => {
            "a held stream holds others that share its hardware queue".to_owned()
        }
        Ok(Verdict::StaysHeld) => "a held stream did not go on when its gate was opened".to_owned(),
        Err(error) => error.to_string(),
    };
    info!("{name}: no device gate ({verdict}); the host gate is used");
    false
}

enum Verdict {
    Works,
    HoldsNothing,
    HoldsOthers,
    StaysHeld,
}

fn probe(create: &dyn Fn() -> Result<Private>) -> Result<Verdict> {
    let held = create()?;
    let others = (0..OTHERS).map(|_| create()).collect::<Result<Vec<_>>>()?;
    let gate = held.stream.gate()?;
    gate.close();
    // From here on whatever happens must open the gate, which dropping it does.
    let behind = gate.place(held.stream.as_ref())?.passed;
    let passing = others
        .iter()
        .map(|other| other.stream.marker())
        .collect::<Result<Vec<_>>>()?;
    let passed = all_complete(&passing)?;
    let holds = !behind.is_complete()?;
    gate.open();
    let went_on = all_complete(std::slice::from_ref(&behind))?;
    let verdict = match (holds, passed, went_on) {
        (_, _, false) => Verdict::StaysHeld,
        (false, ..) => Verdict::HoldsNothing,
        (_, false, _) => Verdict::HoldsOthers,
        (true, true, true) => Verdict::Works,
    };
    if !went_on {
        // Destroying a stuck stream would wait for ever.
        std::mem::forget((held, others));
    }
    Ok(verdict)
}

fn all_complete(markers: &[Arc<dyn Marker>]) -> Result<bool> {
    let begin = Instant::now();
    for marker in markers {
        while !marker.is_complete()? {
            if begin.elapsed() > DEADLINE {
                return Ok(false);
            }
            std::thread::sleep(Duration::from_micros(50));
        }
    }
    Ok(true)
}

impl Drop for Private {
    fn drop(&mut self) {
        if let Err(error) = (self.destroy)() {
            tracing::warn!("a stream of the probe stays: {error}");
        }
    }
}
