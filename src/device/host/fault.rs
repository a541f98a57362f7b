//! The fault switch: makes device calls fail on purpose, so that error handling can be tested.

use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use crate::error::{Error, Result};

/// Code of every fault the switch shows, recognisable in error messages.
const FAULT_CODE: i32 = 719;

/// Which calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// None.
    None = 0,
    /// Launches.
    Launch = 1,
    /// Recording a marker.
    Marker = 2,
    /// Placing a gate.
    Gate = 3,
    /// Launches panic: a bug of this library, not of the device.
    Panic = 4,
    /// Everything.
    DeviceLost = 5,
}

/// Off unless set; one relaxed load per call then.
#[derive(Default)]
pub(super) struct FaultSwitch {
    fault: AtomicU8,
    calls_left: AtomicI64,
}

impl FaultSwitch {
    pub(super) fn set(&self, fault: Fault, after: u64) {
        self.calls_left
            .store(i64::try_from(after).unwrap_or(i64::MAX), Ordering::Relaxed);
        self.fault.store(fault as u8, Ordering::Release);
    }

    /// Fails if a call of `kind` is to fail.
    pub(super) fn check(&self, kind: Fault, call: &'static str) -> Result<()> {
        let fault = self.fault.load(Ordering::Acquire);
        if fault == Fault::None as u8 {
            return Ok(());
        }
        let panics = fault == Fault::Panic as u8 && kind == Fault::Launch;
        if !panics && fault != kind as u8 && fault != Fault::DeviceLost as u8 {
            return Ok(());
        }
        if self.calls_left.fetch_sub(1, Ordering::Relaxed) > 0 {
            return Ok(());
        }
        #[allow(clippy::panic)] // The whole point of `Fault::Panic`.
        if panics {
            panic!("fault switch: panic in {call}");
        }
        Err(Error::Hardware {
            call,
            code: FAULT_CODE,
        })
    }
}
