//! Where code was loaded from, as the dynamic linker knows it.

use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;

/// True if this code is part of the main executable, false if it is in a shared library.
pub fn in_executable() -> bool {
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
pub fn base_of(address: *const c_void) -> Option<usize> {
    object_of(address).map(|object| object.dli_fbase as usize)
}

/// The file that this address was loaded from; empty if there is none.
pub fn path_of(address: *const c_void) -> String {
    match object_of(address) {
        // SAFETY: the dynamic linker's names are NUL-terminated strings, and stay with their object.
        Some(object) if !object.dli_fname.is_null() => unsafe { CStr::from_ptr(object.dli_fname) }
            .to_string_lossy()
            .into_owned(),
        _ => String::new(),
    }
}

fn object_of(address: *const c_void) -> Option<libc::Dl_info> {
    let mut info = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: any address may be asked for; `info` is writable.
    let found = unsafe { libc::dladdr(address, info.as_mut_ptr()) };
    // SAFETY: all zeroes is a valid value of this plain struct.
    let info = unsafe { info.assume_init() };
    (found != 0).then_some(info)
}
