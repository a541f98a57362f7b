//! From a name, or from what a driver's own look-up has found, to the hook.

use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use super::hook::Hook;
use super::original::Original;
use super::other::{in_charge, is_silent_interposer};
use super::outcome::Returned;
use crate::device::driver::{Code, OwnCall, SUCCESS};
use crate::device::loaded::path_of;
use crate::observe::hooks::{HOOKS as SEEN, Passage};

/// The hooks in front of one driver.
pub(super) struct Hooks {
    /// Sorted by name.
    pub(super) functions: &'static [Hook],
    /// The driver's own look-ups, sorted by name.
    pub(super) lookups: &'static [Hook],
    /// How names of hooks begin. Thousands of look-ups happen while a framework starts: most end here.
    pub(super) prefixes: &'static [&'static str],
    /// How the names of a function's variants end. The first is the plain name, which is hooked if any is.
    pub(super) variants: &'static [&'static str],
    /// How the file name of the driver's library begins.
    pub(super) library: &'static str,
}

impl Hooks {
    /// The hook of this name.
    pub(super) fn named(&self, name: &[u8]) -> Option<&'static Hook> {
        let may_be_hooked = |prefix: &&str| name.starts_with(prefix.as_bytes());
        if !self.prefixes.iter().any(may_be_hooked) {
            return None;
        }
        self.variant(name, "")
    }

    /// The hook of the name of which this is the beginning and the end.
    fn variant(&self, name: &[u8], ending: &str) -> Option<&'static Hook> {
        let wanted = || name.iter().chain(ending.as_bytes());
        [self.functions, self.lookups]
            .into_iter()
            .find_map(|hooks| {
                let at = hooks
                    .binary_search_by(|hook| hook.name().iter().cmp(wanted()))
                    .ok()?;
                hooks.get(at)
            })
    }

    /// The hook of the real function at this address, one of the variants of the named one: which, the
    /// driver has decided by the version and the flags it was asked with.
    fn hook_of(&self, name: &CStr, real: *const c_void) -> Option<&'static Hook> {
        let variants = self.variants.iter();
        variants
            .filter_map(|ending| self.variant(name.to_bytes(), ending))
            .find(|hook| hook.original.get() == real)
    }

    /// What a look-up in the dynamic linker that found `found` is answered with; `None` to let the dynamic
    /// linker answer. NULL if only this library has such a function.
    pub(super) fn answer(&self, hook: &Hook, found: *const c_void) -> Option<*const c_void> {
        if found.is_null() {
            return None;
        }
        if hook.is_beside(found) || is_silent_interposer(found) {
            // A hook, by name: to be seen only if there is something behind it.
            return Some(if hook.original.get().is_null() {
                ptr::null()
            } else {
                hook.address
            });
        }
        let original = hook.original.get();
        if found == original {
            return Some(hook.address);
        }
        if original.is_null() && self.is_driver(found) {
            hook.original.set(found);
            return Some(hook.address);
        }
        // Somebody else's function of this name.
        None
    }

    fn is_driver(&self, address: *const c_void) -> bool {
        let path = path_of(address);
        let file = path.rsplit('/').next().unwrap_or_default();
        file.starts_with(self.library)
    }

    /// Makes the driver's own look-up of `name`, and puts the hook in the place of what it found. `choose`
    /// says which hook that is if the address does not.
    pub(super) fn replaced(
        &self,
        original: &Original,
        name: *const c_char,
        found: *mut *const c_void,
        choose: impl FnOnce(&CStr) -> Option<&'static Hook>,
        call: impl FnOnce(*const c_void) -> Code,
    ) -> Code {
        let address = original.get();
        if address.is_null() {
            return Code::absent();
        }
        let code = {
            // The driver looks its own functions up, and must find them.
            let _own = OwnCall::begin();
            call(address)
        };
        let passage = match code {
            SUCCESS => catch_unwind(AssertUnwindSafe(|| self.replace(name, found, choose))),
            _ => Ok(Passage::Wait),
        };
        SEEN.count(passage.unwrap_or_else(|_| {
            tracing::error!("internal fault (panic) in a look-up; it passes");
            Passage::Other
        }));
        code
    }

    /// The driver has found the named function, if it has written one there.
    fn replace(
        &self,
        name: *const c_char,
        found: *mut *const c_void,
        choose: impl FnOnce(&CStr) -> Option<&'static Hook>,
    ) -> Passage {
        if name.is_null() || found.is_null() || !in_charge() {
            return Passage::Wait;
        }
        // SAFETY: not NULL; a NUL-terminated string by the contract of the look-up.
        let name = unsafe { CStr::from_ptr(name) };
        // SAFETY: not NULL, and the driver has just written there.
        let real = unsafe { found.read() };
        if real.is_null() || self.named(name.to_bytes()).is_none() {
            return Passage::Wait;
        }
        let Some(hook) = self.hook_of(name, real).or_else(|| choose(name)) else {
            let name = name.to_string_lossy();
            tracing::warn!("this version does not know the driver's {name}: it is not scheduled");
            return Passage::Other;
        };
        // SAFETY: as above.
        unsafe { found.write(hook.address) };
        Passage::Wait
    }
}
