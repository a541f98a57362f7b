//! The real function behind a hook.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::os::unix::Library;

use crate::device::driver::OwnCall;
use crate::process::{Driver, process};

/// Found at the first call, or when a client looks the function up itself; never changes then.
pub(super) struct Original {
    /// With the NUL that ends it.
    name: &'static str,
    library: fn() -> Option<&'static Library>,
    address: AtomicPtr<c_void>,
}

impl Original {
    /// The function of this name of the driver `D`. The name ends with its NUL.
    pub(super) const fn of<D: Driver>(name: &'static str) -> Original {
        Original {
            name,
            library: loaded::<D>,
            address: AtomicPtr::new(ptr::null_mut()),
        }
    }

    pub(super) fn name(&self) -> &'static [u8] {
        self.name.trim_end_matches('\0').as_bytes()
    }

    /// NULL if the loaded driver does not have it, or none is loaded.
    #[inline]
    pub(super) fn get(&self) -> *const c_void {
        // Relaxed: code, which was there before its address was.
        let known = self.address.load(Ordering::Relaxed);
        if known.is_null() { self.find() } else { known }
    }

    #[cold]
    fn find(&self) -> *const c_void {
        let Some(library) = (self.library)() else {
            return ptr::null();
        };
        let _own = OwnCall::begin();
        // SAFETY: only the address is used; whoever calls it knows its type.
        let found = unsafe { library.get::<*const c_void>(self.name.as_bytes()) };
        let found = found.map_or(ptr::null(), |symbol| *symbol);
        self.set(found);
        found
    }

    /// A client has found it.
    pub(super) fn set(&self, address: *const c_void) {
        self.address.store(address.cast_mut(), Ordering::Relaxed);
    }
}

/// The real driver, if the process has it.
fn loaded<D: Driver>() -> Option<&'static Library> {
    let config = process().runtime.config();
    D::library().get(D::library_named(config), false)
}
