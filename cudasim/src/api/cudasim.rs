//! What is not CUDA: for kernel bodies and test programs, see include/cudasim.h.

use std::ffi::c_char;
use std::time::Duration;

use gpusim::abi::{Address, Out, Text};
use gpusim::error::Code;
use gpusim::memory::{self, Access, violation};
use gpusim::{call, fault, front_end, kernel, stream};

#[unsafe(no_mangle)]
extern "C" fn cudasim_occupy_ns(ns: u64) {
    kernel::occupy(Duration::from_nanos(ns));
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_access(address: Address, bytes: usize, write: i32) {
    let access = if write == 0 {
        Access::Read
    } else {
        Access::Write
    };
    memory::check(address, bytes, access, "a kernel");
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_stamp(address: Address, expected: u64, next: u64) {
    memory::stamp(address, expected, next);
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_violations() -> u64 {
    violation::count()
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_last_violation() -> *const c_char {
    violation::last_text()
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_fault(function: Text, code: i32, after: u32) {
    if let Ok(function) = function.get() {
        fault::FUNCTIONS.set(&function, Code(code), after);
    }
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_trap(kernel: Text, code: i32, after: u32) {
    if let Ok(kernel) = kernel.get() {
        fault::KERNELS.set(&kernel, Code(code), after);
    }
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_commands(launched: Out<u64>, completed: Out<u64>) {
    let (launched_count, completed_count) = front_end::get().counters();
    launched.put_optional(launched_count);
    completed.put_optional(completed_count);
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_calls(function: Text) -> u64 {
    function.get().map_or(0, |function| call::count(&function))
}

#[unsafe(no_mangle)]
extern "C" fn cudasim_blocked() -> u64 {
    stream::blocked()
}

/// For the generated stubs (`build.sh`); not exported.
#[unsafe(no_mangle)]
extern "C" fn cudasim_unsupported(function: Text) -> i32 {
    call::unsupported(&function.get().unwrap_or_default()).0
}
