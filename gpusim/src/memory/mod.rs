//! The memory that the runtime gave out or was told of, and what was done to it.
//!
//! Device memory is host memory that only commands may touch. Every access of a command is checked
//! when it is executed: inside one allocation, not freed, and not before a stream-ordered
//! allocation was reached. Freed memory is filled with a pattern and kept for a while, so that a
//! late access finds its own allocation and not somebody else's. Each allocation carries a stamp
//! for `stamp`.

mod block;
pub mod copy;
pub mod fill;
mod registry;
pub mod violation;

use crate::abi::Address;
use crate::error::{Code, Result};
use crate::sync::lock;

use self::block::State;

pub use self::block::Place;
pub use self::registry::{Registry, TOTAL_BYTES};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// Allocates memory that is usable at once.
pub fn allocate(bytes: usize, place: Place, flags: u32) -> Result<Address> {
    Registry::with(|registry| registry.allocate(bytes, place, flags, State::Live))
}

/// Allocates memory that is usable when a stream gets there, see `set_live`.
pub fn reserve(bytes: usize, device: usize) -> Result<Address> {
    Registry::with(|registry| registry.allocate(bytes, Place::Device(device), 0, State::Reserved))
}

/// A stream got to the allocation.
pub fn set_live(address: Address) {
    if Registry::with(|registry| registry.set_live(address)).is_err() {
        violation::report(format!("allocation of {address}, which is gone"));
    }
}

/// A stream got to the release.
pub fn release(address: Address, what: &str) {
    if Registry::with(|registry| registry.free(address)).is_err() {
        violation::report(format!("{what} of {address}, which is not an allocation"));
    }
}

/// Frees the allocation that starts here, at once.
pub fn free(address: Address) -> Result {
    Registry::with(|registry| registry.free(address))
}

/// What is known about the allocation that starts here.
pub fn allocation(address: Address) -> Option<Description> {
    Registry::with(|registry| registry.describe(address)).filter(|found| found.base == address)
}

/// What is known about the allocation that this address is in.
pub fn describe(address: Address) -> Option<Description> {
    Registry::with(|registry| registry.describe(address))
}

pub fn register(address: Address, bytes: usize, flags: u32) -> Result {
    if address.is_null() || bytes == 0 {
        return Err(Code::INVALID_VALUE);
    }
    Registry::with(|registry| registry.register(address, bytes, flags))
}

pub fn unregister(address: Address) -> Result {
    Registry::with(|registry| registry.unregister(address))
}

pub fn used_bytes(device: usize) -> usize {
    Registry::with(|registry| registry.used_bytes(device))
}

/// One allocation that is not freed.
#[derive(Clone, Copy)]
pub struct Description {
    pub base: Address,
    pub bytes: usize,
    pub place: Place,
    pub flags: u32,
    /// The context that it goes with, see `Context::id`.
    pub owner: u64,
}

/// True if these bytes are in memory that the runtime gave out or was told of.
pub fn is_known(address: Address, bytes: usize) -> bool {
    describe(address).is_some_and(|found| address.0 + bytes <= found.base.0 + found.bytes)
}

/// True if the runtime gave this address out or was told of it, even if it was freed since.
pub fn was_known(address: Address) -> bool {
    Registry::with(|registry| registry.look(address, 0)).is_some()
}

/// True if a command may touch these bytes; a violation otherwise. Memory that the runtime does not
/// know is an error too: a GPU has no mapping for it.
pub fn check(address: Address, bytes: usize, access: Access, what: &str) -> bool {
    check_known(address, bytes, access, what).unwrap_or_else(|| {
        let verb = verb(access);
        violation::report(format!(
            "{what} {verb} {address}, which is not the device's"
        ));
        false
    })
}

/// As `check`, for copies, which may have ordinary host memory at one end.
pub fn check_or_host(address: Address, bytes: usize, access: Access, what: &str) -> bool {
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

/// Replaces the stamp of the allocation; a violation unless it was `expected`.
pub fn stamp(address: Address, expected: u64, next: u64) {
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
