//! What is not HIP: for kernel bodies and test programs, see include/hipsim.h.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::time::Duration;

use crate::abi::{Address, Out, Text};
use crate::call;
use crate::config::{self, Time};
use crate::error::Code;
use crate::front_end;
use crate::memory::{self, Access, violation};

#[unsafe(no_mangle)]
extern "C" fn hipsim_occupy_us(us: u64) {
    let duration = Duration::from_micros(us);
    match config::get().time {
        Time::Both => xsched::device::host::occupy(duration),
        Time::Sleep => std::thread::sleep(duration),
        Time::Spin => {
            let start = std::time::Instant::now();
            while start.elapsed() < duration {
                std::hint::spin_loop();
            }
        }
    }
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
    thread_local! {
        static TEXT: RefCell<CString> = RefCell::default();
    }
    TEXT.with_borrow_mut(|text| {
        *text = CString::new(violation::last()).unwrap_or_default();
        text.as_ptr()
    })
}

#[unsafe(no_mangle)]
extern "C" fn hipsim_fault(function: Text, code: i32, after: u32) {
    if let Ok(function) = function.get() {
        call::set_fault(&function, Code(code), after);
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
    function.get().map_or(0, |function| call::count(&function))
}

/// For the generated stubs (`build.sh`); not exported.
#[unsafe(no_mangle)]
extern "C" fn hipsim_unsupported(function: Text) -> i32 {
    call::unsupported(&function.get().unwrap_or_default())
}
