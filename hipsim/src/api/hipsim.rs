//! What is not HIP: for kernel bodies and test programs, see include/hipsim.h.

use std::ffi::c_char;
use std::time::Duration;

use gpusim::abi::{Address, Out, Text};
use gpusim::error::Code;
use gpusim::fault;
use gpusim::front_end;
use gpusim::kernel;
use gpusim::memory::{self, Access, violation};

use crate::call;

#[unsafe(no_mangle)]
extern "C" fn hipsim_occupy_us(us: u64) {
    kernel::occupy(Duration::from_micros(us));
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_access(address: Address, bytes: usize, write: i32) {
    let access = if write == 0 {
        Access::Read
    } else {
        Access::Write
    };
    memory::check(address, bytes, access, "a kernel");
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_stamp(address: Address, expected: u64, next: u64) {
    memory::stamp(address, expected, next);
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_violations() -> u64 {
    violation::count()
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_last_violation() -> *const c_char {
    violation::last_text()
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_fault(function: Text, code: i32, after: u32) {
    if let Ok(function) = function.get() {
        fault::FUNCTIONS.set(&function, Code(code), after);
    }
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_commands(launched: Out<u64>, completed: Out<u64>) {
    let (launched_count, completed_count) = front_end::get().counters();
    launched.put_optional(launched_count);
    completed.put_optional(completed_count);
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_calls(function: Text) -> u64 {
    function
        .get()
        .map_or(0, |function| gpusim::call::count(&function))
}

/// For the generated stubs (`build.sh`); not exported.
#[unsafe(no_mangle)]
extern "C" fn hipsim_unsupported(function: Text) -> i32 {
    call::unsupported(&function.get().unwrap_or_default())
}
