//! What every exported function does last: keep the thread's last error.

use std::cell::Cell;

use gpusim::call::Entry;
use gpusim::error::{Code, Result};

/// Defines exported functions that return `hipError_t`. The pointer types of their arguments
/// (`gpusim::abi`) say what a C caller promises, so the bodies need no unsafe code.
macro_rules! exports {
    ($($name:ident($($argument:ident: $kind:ty),* $(,)?) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name($($argument: $kind),*) -> i32 {
            static ENTRY: gpusim::call::Entry = gpusim::call::Entry::new(stringify!($name));
            $crate::call::run(&ENTRY, || -> gpusim::error::Result { $body })
        }
    )*};
}
pub(crate) use exports;

thread_local! {
    /// For `hipGetLastError`: the last failure that was not "not ready".
    static LAST_ERROR: Cell<Code> = const { Cell::new(Code::SUCCESS) };
    /// For `hipExtGetLastError`: what the last call returned.
    static LAST_RESULT: Cell<Code> = const { Cell::new(Code::SUCCESS) };
}

pub(crate) fn run(entry: &'static Entry, body: impl FnOnce() -> Result) -> i32 {
    let result = entry.begin().and_then(|()| body());
    remember(result.err().unwrap_or(Code::SUCCESS))
}

fn remember(code: Code) -> i32 {
    // Fails in a thread that is ending, which asks for no errors any more.
    let _ = LAST_RESULT.try_with(|last| last.set(code));
    if code != Code::SUCCESS && code != Code::NOT_READY {
        let _ = LAST_ERROR.try_with(|last| last.set(code));
    }
    code.0
}

/// A function without an implementation was called; it returns this.
pub(crate) fn unsupported(name: &str) -> i32 {
    remember(gpusim::call::unsupported(name))
}

pub(crate) fn take_last_error() -> Code {
    LAST_ERROR.replace(Code::SUCCESS)
}

pub(crate) fn last_error() -> Code {
    LAST_ERROR.get()
}

pub(crate) fn take_last_result() -> Code {
    LAST_RESULT.replace(Code::SUCCESS)
}
