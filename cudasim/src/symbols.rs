//! The table of exported functions, which `build.sh` makes for each release, and how
//! `cuGetProcAddress` answers from it: as NVIDIA's drivers 535 to 580 do.

use std::ffi::{CStr, c_char, c_void};

use gpusim::abi::Address;
use gpusim::error::{Code, Result};

/// `cudasim_symbol` of the table.
#[repr(C)]
struct Symbol {
    /// Without the suffixes of versions and of default streams.
    base: *const c_char,
    /// The first release that had it.
    version: i32,
    /// 0 or 1: the default stream is the calling thread's.
    per_thread: i32,
    /// The exported function.
    address: *const c_void,
    /// Code that goes on to it, at an address of its own.
    other: *const c_void,
}

// SAFETY: constants.
unsafe impl Sync for Symbol {}

unsafe extern "C" {
    safe static cudasim_version: i32;
    safe static cudasim_symbol_count: usize;
    static cudasim_symbols: Symbol;
}

/// 12080 or 13000
pub(crate) fn driver_version() -> i32 {
    cudasim_version
}

pub(crate) enum Answer {
    Found(Address),
    Missing(Missing),
}

/// `CUdriverProcAddressQueryResult`
#[derive(Clone, Copy)]
pub(crate) enum Missing {
    Symbol = 1,
    Version = 2,
}

/// The variant of this function that came last until `version`.
pub(crate) fn find(name: &str, version: i32, flags: u64) -> Result<Answer> {
    const PER_THREAD: u64 = 2;
    const ALL_FLAGS: u64 = 3;
    // Drivers before 13 take any version.
    let from_the_future = driver_version() >= 13000 && version > driver_version();
    if flags > ALL_FLAGS || from_the_future {
        return Err(Code::INVALID_VALUE);
    }
    let same_base = || table().iter().filter(|symbol| symbol.base() == name);
    let per_thread = flags & PER_THREAD != 0 && same_base().any(|symbol| symbol.per_thread != 0);
    let found = same_base()
        .filter(|symbol| (symbol.per_thread != 0) == per_thread && symbol.version <= version)
        .max_by_key(|symbol| symbol.version);
    Ok(match found {
        Some(symbol) => Answer::Found(symbol.answer()),
        None if same_base().next().is_some() => Answer::Missing(Missing::Version),
        None => Answer::Missing(Missing::Symbol),
    })
}

fn table() -> &'static [Symbol] {
    // SAFETY: the generated table has this many entries.
    unsafe { std::slice::from_raw_parts(&raw const cudasim_symbols, cudasim_symbol_count) }
}

impl Symbol {
    fn base(&self) -> &str {
        // SAFETY: the generated names end with 0.
        let base = unsafe { CStr::from_ptr(self.base) };
        base.to_str().unwrap_or_default()
    }

    fn answer(&self) -> Address {
        let address = if answers_with_others() {
            self.other
        } else {
            self.address
        };
        Address(address.expose_provenance())
    }
}

/// `CUDASIM_PROC_ADDRESS=other`
fn answers_with_others() -> bool {
    static ANSWER: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *ANSWER.get_or_init(|| {
        let choices = [("exported", false), ("other", true)];
        gpusim::config::choice("PROC_ADDRESS", false, &choices)
    })
}
