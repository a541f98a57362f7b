//! The start-up probe of the device gate.
//!
//! On AMD several streams share a hardware queue, and a stream that waits for a value may hold all of
//! them. So before any stream of the application gets a device gate, one private stream is made to wait
//! behind a closed one: it must wait, every other private stream must pass meanwhile, and after opening
//! it must go on, each within a deadline. Otherwise, and whenever a call fails, the host gate is used.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::info;

use super::HipDevice;
use super::gate::HipGate;
use super::marker::{EventPool, HipMarker};
use super::sys::{self, STREAM_NON_BLOCKING};
use crate::device::{Gate, Marker};
use crate::error::Result;

/// More than the hardware queues a runtime spreads its streams over (4 by default), so that one of them
/// shares the held one's if streams share at all.
const OTHERS: usize = 8;

/// What takes a working runtime some ten microseconds; the longest that start-up is delayed, up to
/// four times.
const DEADLINE: Duration = Duration::from_millis(20);

/// True if a gate holds its own stream, only that, and only while it is closed.
pub(super) fn device_gate_works(device: &Arc<HipDevice>) -> bool {
    let verdict = match probe(device) {
        // A host that was busy elsewhere for longer than the deadline looks the same.
        Ok(Verdict::HoldsOthers) => probe(device),
        first => first,
    };
    let verdict = match verdict {
        Ok(Verdict::Works) => {
            info!(
                "HIP device {}: the device gate works; non-blocking streams have it",
                device.ordinal
            );
            return true;
        }
        Ok(Verdict::HoldsNothing) => "a closed gate did not hold its stream".to_owned(),
        Ok(Verdict::HoldsOthers) => {
            "a held stream holds others that share its hardware queue".to_owned()
        }
        Ok(Verdict::StaysHeld) => "a held stream did not go on when its gate was opened".to_owned(),
        Err(error) => error.to_string(),
    };
    info!(
        "HIP device {}: no device gate ({verdict}); the host gate is used",
        device.ordinal
    );
    false
}

enum Verdict {
    Works,
    HoldsNothing,
    HoldsOthers,
    StaysHeld,
}

fn probe(device: &Arc<HipDevice>) -> Result<Verdict> {
    let held = Private::create(device)?;
    let others = (0..OTHERS)
        .map(|_| Private::create(device))
        .collect::<Result<Vec<_>>>()?;
    let gate = HipGate::new(device.clone(), held.stream)?;
    gate.close();
    gate.place()?;
    // From here on whatever happens must open the gate, which dropping it does.
    let behind = EventPool::record(device, held.stream)?;
    let passing = others
        .iter()
        .map(|other| EventPool::record(device, other.stream))
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

fn all_complete(markers: &[HipMarker]) -> Result<bool> {
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

/// A stream of our own.
struct Private<'a> {
    device: &'a HipDevice,
    stream: sys::HipStream,
}

impl Private<'_> {
    fn create(device: &HipDevice) -> Result<Private<'_>> {
        let mut stream = std::ptr::null_mut();
        device.with(|api| api.hipStreamCreateWithFlags(&raw mut stream, STREAM_NON_BLOCKING))?;
        Ok(Private { device, stream })
    }
}

impl Drop for Private<'_> {
    fn drop(&mut self) {
        let destroyed = self.device.with(|api| api.hipStreamDestroy(self.stream));
        if let Err(error) = destroyed {
            tracing::warn!("a stream of the probe stays: {error}");
        }
    }
}
