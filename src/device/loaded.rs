//! Where this library's own code was loaded.

use std::ffi::c_void;
use std::mem::MaybeUninit;

/// True if this code is part of the main executable, false if it is in a shared library.
pub(crate) fn in_executable() -> bool {
    // SAFETY: only reads the auxiliary vector.
    let headers = unsafe { libc::getauxval(libc::AT_PHDR) };
    let headers = headers as *const c_void;
    match (base_of(in_executable as *const c_void), base_of(headers)) {
        (Some(ours), Some(executable)) => ours == executable,
        // A static executable has no dynamic linker to ask.
        _ => true,
    }
}

/// Where the object that contains this address begins.
pub(crate) fn base_of(address: *const c_void) -> Option<usize> {
    let mut info = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: any address may be asked for; `info` is writable.
    let found = unsafe { libc::dladdr(address, info.as_mut_ptr()) };
    if found == 0 {
        return None;
    }
    // SAFETY: all zeroes is a valid value of this plain struct, and `dladdr` has written it.
    let info = unsafe { info.assume_init() };
    Some(info.dli_fbase as usize)
}
