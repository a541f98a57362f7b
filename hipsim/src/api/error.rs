//! Error state, names, versions, and looking up entry points.

use std::ffi::{CString, c_char, c_void};

use gpusim::abi::{Address, Out, Text};
use gpusim::error::{Code, Result};

use crate::call::{self, exports};
use crate::error;
use crate::plt;

/// These three report what happened before, so they are no calls themselves.
#[unsafe(no_mangle)]
extern "C" fn hipGetLastError() -> i32 {
    call::take_last_error().0
}

#[unsafe(no_mangle)]
extern "C" fn hipPeekAtLastError() -> i32 {
    call::last_error().0
}

#[unsafe(no_mangle)]
extern "C" fn hipExtGetLastError() -> i32 {
    call::take_last_result().0
}

#[unsafe(no_mangle)]
extern "C" fn hipGetErrorName(code: i32) -> *const c_char {
    error::describe(Code(code)).0.as_ptr()
}

#[unsafe(no_mangle)]
extern "C" fn hipGetErrorString(code: i32) -> *const c_char {
    error::describe(Code(code)).1.as_ptr()
}

exports! {
    hipDrvGetErrorName(code: i32, name: Out<*const c_char>) {
        name.put(error::describe(Code(code)).0.as_ptr())
    }

    hipDrvGetErrorString(code: i32, text: Out<*const c_char>) {
        text.put(error::describe(Code(code)).1.as_ptr())
    }

    hipInit(flags: u32) {
        if flags == 0 { Ok(()) } else { Err(Code::INVALID_VALUE) }
    }

    hipDriverGetVersion(version: Out<i32>) { version.put(number()) }

    hipRuntimeGetVersion(version: Out<i32>) { version.put(number()) }

    hipGetProcAddress(
        name: Text, function: Out<Address>, version: i32, _flags: u64, status: Out<i32>,
    ) {
        let mut name = name.get()?;
        // The plain names are the layouts of before 6.0.
        if version >= 600 && matches!(&*name, "hipGetDeviceProperties" | "hipChooseDevice") {
            name.push_str("R0600");
        }
        entry_point(&name, function, status)
    }

    hipGetDriverEntryPoint(name: Text, function: Out<Address>, _flags: u64, status: Out<i32>) {
        entry_point(&name.get()?, function, status)
    }

    hipGetDriverEntryPoint_spt(name: Text, function: Out<Address>, _flags: u64, status: Out<i32>) {
        let name = name.get()?;
        entry_point(&format!("{name}_spt"), function, status)
            .or_else(|_| entry_point(&name, function, status))
    }
}

/// `HIP_VERSION` of the release, as 7.2.0 is 70200000.
fn number() -> i32 {
    let release = plt::release();
    (release / 100) * 10_000_000 + (release % 100) * 100_000
}

/// As AMD's library does it: through a handle of the library, so that no interposer is found.
fn entry_point(name: &str, function: Out<Address>, status: Out<i32>) -> Result {
    const FOUND: i32 = 0;
    const NOT_FOUND: i32 = 1;
    function.require()?;
    let name = CString::new(name).map_err(|_| Code::INVALID_VALUE)?;
    let library = own_handle().ok_or(Code::INVALID_VALUE)?;
    // SAFETY: the handle is this library's, which is never unloaded, and the name ends with 0.
    let address = unsafe { libc::dlsym(library.as_ptr(), name.as_ptr()) };
    let address = Address(address.expose_provenance());
    status.put_optional(if address.is_null() { NOT_FOUND } else { FOUND });
    if address.is_null() {
        return Err(Code::INVALID_VALUE);
    }
    function.put(address)
}

fn own_handle() -> Option<Address> {
    // SAFETY: an all-zero Dl_info is a valid one to be written to.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    // A private function: the address of an exported one may be an interposer's.
    let inside: *const c_void = (own_handle as fn() -> Option<Address>) as *const c_void;
    // SAFETY: `info` is valid for a write.
    if unsafe { libc::dladdr(inside, &raw mut info) } == 0 {
        return None;
    }
    // SAFETY: `dladdr` gave a string that lives as long as this library.
    let handle = unsafe { libc::dlopen(info.dli_fname, libc::RTLD_NOLOAD | libc::RTLD_LAZY) };
    (!handle.is_null()).then(|| Address(handle.expose_provenance()))
}
