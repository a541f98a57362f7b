//! From a name, or from the address of a real function, to the hook.

use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use super::hooks::{HOOKS, Hook, LOOKUPS};
use super::original::Original;
use crate::device::driver::OwnCall;
use crate::device::driver::{Code, SUCCESS};
use crate::device::loaded::{base_of, path_of};
use crate::interpose::other::{in_charge, is_silent_interposer};
use crate::interpose::outcome::Returned;
use crate::observe::hooks::{HOOKS as SEEN, Passage};

/// The hook of this name. Thousands of look-ups happen while a framework starts: most end at the prefix.
pub(in crate::interpose) fn hook_named(name: &CStr) -> Option<&'static Hook> {
    let name = name.to_bytes();
    if ![&b"hip"[..], b"__hip", b"_Z"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    {
        return None;
    }
    [HOOKS, LOOKUPS].into_iter().find_map(|hooks| {
        let at = hooks
            .binary_search_by(|hook| hook.name.as_bytes().cmp(name))
            .ok()?;
        hooks.get(at)
    })
}

/// What a look-up that found `found` is answered with; `None` to let the dynamic linker answer. NULL if
/// only this library has such a function.
pub(in crate::interpose) fn answer(hook: &Hook, found: *const c_void) -> Option<*const c_void> {
    if found.is_null() {
        return None;
    }
    if base_of(found) == base_of(hook.address) || is_silent_interposer(found) {
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
    if original.is_null() && is_hip_runtime(found) {
        hook.original.set(found);
        return Some(hook.address);
    }
    // Somebody else's function of this name.
    None
}

fn is_hip_runtime(address: *const c_void) -> bool {
    let path = path_of(address);
    let file = path.rsplit('/').next().unwrap_or_default();
    file.starts_with("libamdhip64")
}

/// Makes the runtime's own look-up, and puts the hook in the place of what it found.
pub(super) fn replaced(
    original: &Original,
    found: *mut *const c_void,
    call: impl FnOnce(*const c_void) -> Code,
) -> Code {
    let address = original.get();
    if address.is_null() {
        return Code::absent();
    }
    SEEN.count(Passage::Wait);
    let code = {
        // The runtime looks its own functions up, and must find them.
        let _own = OwnCall::begin();
        call(address)
    };
    if code == SUCCESS && !found.is_null() {
        let replace = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: not NULL, and the runtime has just written there.
            let real = unsafe { found.read() };
            let known = in_charge().then(|| hook_of(real)).flatten()?;
            // SAFETY: as above.
            unsafe { found.write(known.address) };
            Some(())
        }));
        if replace.is_err() {
            tracing::error!("internal fault (panic) in a look-up; it passes");
        }
    }
    code
}

/// The hook of this real function.
fn hook_of(real: *const c_void) -> Option<&'static Hook> {
    if real.is_null() {
        return None;
    }
    let mut hooks = HOOKS.iter().chain(LOOKUPS);
    hooks.find(|hook| hook.original.get() == real)
}
