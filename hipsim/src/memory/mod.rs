//! The memory that the runtime gave out or was told of, and what was done to it.
//!
//! Device memory is host memory that only commands may touch. Every access of a command is checked
//! when it is executed: inside one allocation, not freed, and not before a stream-ordered
//! allocation was reached. Freed memory is filled with a pattern and kept for a while, so that a
//! late access finds its own allocation and not somebody else's. Each allocation carries a stamp
//! for `hipsim_stamp`.

mod block;
pub(crate) mod copy;
pub(crate) mod fill;
mod registry;
pub(crate) mod violation;

use crate::abi::Address;
use crate::error::{Code, Result};
use crate::sync::lock;

use self::block::State;

pub(crate) use self::block::Place;
pub(crate) use self::registry::{Registry, TOTAL_BYTES};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Allocates memory that is usable at once.
pub(crate) fn allocate(bytes: usize, place: Place, flags: u32) -> Result<Address> {
    Registry::with(|registry| registry.allocate(bytes, place, flags, State::Live))
}

/// Allocates memory that is usable when a stream gets there, see `set_live`.
pub(crate) fn reserve(bytes: usize, device: usize) -> Result<Address> {
    Registry::with(|registry| registry.allocate(bytes, Place::Device(device), 0, State::Reserved))
}

/// A stream got to the allocation.
pub(crate) fn set_live(address: Address) {
    if Registry::with(|registry| registry.set_live(address)).is_err() {
        violation::report(format!("allocation of {address}, which is gone"));
    }
}

/// A stream got to the release.
pub(crate) fn release(address: Address, what: &str) {
    if Registry::with(|registry| registry.free(address)).is_err() {
        violation::report(format!("{what} of {address}, which is not an allocation"));
    }
}

/// Frees the allocation that starts here, at once.
pub(crate) fn free(address: Address) -> Result {
    Registry::with(|registry| registry.free(address))
}

/// What is known about the allocation that starts here.
pub(crate) fn allocation(address: Address) -> Option<Description> {
    Registry::with(|registry| registry.describe(address)).filter(|found| found.base == address)
}

/// What is known about the allocation that this address is in.
pub(crate) fn describe(address: Address) -> Option<Description> {
    Registry::with(|registry| registry.describe(address))
}

pub(crate) fn register(address: Address, bytes: usize, flags: u32) -> Result {
    if address.is_null() || bytes == 0 {
        return Err(Code::INVALID_VALUE);
    }
    Registry::with(|registry| registry.register(address, bytes, flags))
}

pub(crate) fn unregister(address: Address) -> Result {
    Registry::with(|registry| registry.unregister(address))
}

pub(crate) fn used_bytes(device: usize) -> usize {
    Registry::with(|registry| registry.used_bytes(device))
}

/// One allocation that is not freed.
#[derive(Clone, Copy)]
pub(crate) struct Description {
    pub(crate) base: Address,
    pub(crate) bytes: usize,
    pub(crate) place: Place,
    pub(crate) flags: u32,
}

/// True if these bytes are in memory that the runtime gave out or was told of.
pub(crate) fn is_known(address: Address, bytes: usize) -> bool {
    describe(address).is_some_and(|found| address.0 + bytes <= found.base.0 + found.bytes)
}

/// True if the runtime gave this address out or was told of it, even if it was freed since.
pub(crate) fn was_known(address: Address) -> bool {
    Registry::with(|registry| registry.look(address, 0)).is_some()
}

/// True if a command may touch these bytes; a violation otherwise. Memory that the runtime does not
/// know is an error too: a GPU has no mapping for it.
pub(crate) fn check(address: Address, bytes: usize, access: Access, what: &str) -> bool {
    check_known(address, bytes, access, what).unwrap_or_else(|| {
        let verb = verb(access);
        violation::report(format!(
            "{what} {verb} {address}, which is not the device's"
        ));
        false
    })
}

/// As `check`, for copies, which may have ordinary host memory at one end.
pub(crate) fn check_or_host(address: Address, bytes: usize, access: Access, what: &str) -> bool {
    check_known(address, bytes, access, what).unwrap_or(true)
}

/// `None` if the runtime does not know the address.
fn check_known(address: Address, bytes: usize, access: Access, what: &str) -> Option<bool> {
    let found = Registry::with(|registry| registry.look(address, bytes))?;
    if let Err(reason) = found {
        let verb = verb(access);
        violation::report(format!(
            "{what} {verb} {bytes} bytes at {address}, {reason}"
        ));
    }
    Some(found.is_ok())
}

fn verb(access: Access) -> &'static str {
    match access {
        Access::Read => "reads",
        Access::Write => "writes",
    }
}

/// See `hipsim_stamp`.
pub(crate) fn stamp(address: Address, expected: u64, next: u64) {
    match Registry::with(|registry| registry.exchange_stamp(address, next)) {
        Some(found) if found == expected => {}
        Some(found) => violation::report(format!(
            "stamp {found} where {expected} was expected, before {next}: commands were reordered, \
             dropped or doubled"
        )),
        None => violation::report(format!(
            "stamp {next} on {address}, which is no live allocation"
        )),
    }
}

impl Registry {
    fn with<R>(body: impl FnOnce(&mut Registry) -> R) -> R {
        body(&mut lock(registry::get()))
    }
}
