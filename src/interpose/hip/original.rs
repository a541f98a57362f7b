//! The real function behind a hook.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::device::driver::OwnCall;
use crate::device::hip::api;
use crate::process::process;

/// Found at the first call, or when a client looks the function up itself; never changes then.
pub(super) struct Original {
    /// With the NUL that ends it.
    name: &'static str,
    address: AtomicPtr<c_void>,
}

impl Original {
    pub(super) const fn new(name: &'static str) -> Original {
        Original {
            name,
            address: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// NULL if the loaded runtime does not have it, or none is loaded.
    #[inline]
    pub(super) fn get(&self) -> *const c_void {
        // Relaxed: code, which was there before its address was.
        let known = self.address.load(Ordering::Relaxed);
        if known.is_null() { self.find() } else { known }
    }

    #[cold]
    fn find(&self) -> *const c_void {
        let named = process().runtime.config().hip_lib.as_deref();
        let Some(library) = api::LIBRARY.get(named, false) else {
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
