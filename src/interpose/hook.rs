//! Hooks: exported functions of a driver's own names, all made from the driver's one list (`table.rs`).

use std::ffi::c_void;

use super::original::Original;
use crate::device::loaded::base_of;

/// One hook, as look-ups see it.
pub(super) struct Hook {
    pub(super) address: *const c_void,
    pub(super) original: &'static Original,
}

// SAFETY: the address is that of a function.
unsafe impl Sync for Hook {}

impl Hook {
    pub(super) fn name(&self) -> &'static [u8] {
        self.original.name()
    }

    /// True if this is an address in this library, as a look-up by name finds it.
    pub(super) fn is_beside(&self, address: *const c_void) -> bool {
        base_of(address) == base_of(self.address)
    }

    /// What a look-up that found `found` is answered with while hooks are out of use: the driver's own
    /// function, or NULL, in the place of a hook; `None` to let the dynamic linker answer.
    pub(super) fn bypassed(&self, found: *const c_void) -> Option<*const c_void> {
        (!found.is_null() && self.is_beside(found)).then(|| self.original.get())
    }
}

/// Defines, for each row of the list, the exported function and its original, and `HOOKS`, sorted by name.
/// A row without `->` returns the driver's code. Where it is used, `Driver` is the driver's type, and the
/// operations that the rows name are in scope.
macro_rules! define_hooks {
    ($(
        $($node:literal)? $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $returns:ty)?
            => $operation:ident($($operand:expr),*);
    )*) => {
        mod originals {
            use super::{Driver, Original};
            $(pub(super) static $name: Original =
                Original::of::<Driver>(concat!(stringify!($name), "\0"));)*
        }

        $(
            /// The driver's function of this name, behind the admission point.
            ///
            /// # Safety
            /// As for the driver's own.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name(
                $($arg: $type),*
            ) -> $crate::interpose::hook::returned!($($returns)?) {
                type Function = unsafe extern "C" fn(
                    $($type),*
                ) -> $crate::interpose::hook::returned!($($returns)?);
                $operation::<Driver, _>($($operand,)* || {
                    let original = originals::$name.get();
                    if original.is_null() {
                        return $crate::interpose::outcome::Returned::absent();
                    }
                    // SAFETY: the driver's function of this name has this type in every release.
                    let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
                    // SAFETY: the application's own arguments, for the function it called.
                    unsafe { original($($arg),*) }
                })
            }
        )*

        /// Every hook but the look-ups, sorted by name.
        pub(super) static HOOKS: &[Hook] = &[$(Hook {
            address: $name as *const c_void,
            original: &originals::$name,
        }),*];
    };
}

macro_rules! returned {
    () => {
        $crate::device::driver::Code
    };
    ($type:ty) => {
        $type
    };
}

pub(super) use {define_hooks, returned};
