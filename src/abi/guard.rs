//! The boundary itself: no panic crosses it, every failure leaves a message for this thread.

use std::cell::RefCell;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::abi::types::{RawResult, XResult};
use crate::error::{Error, Result};

thread_local! {
    /// Only this thread reads or writes it; `XSchedLastErrorMessage` hands out a pointer into it.
    static LAST_ERROR: RefCell<CString> = RefCell::new(CString::default());
}

impl From<&Error> for RawResult {
    // No wildcard arm: a new kind of error must be given its C value here.
    fn from(error: &Error) -> RawResult {
        match error {
            Error::Hardware { .. } => XResult::kXSchedErrorHardware as RawResult,
            Error::InvalidValue { .. } => XResult::kXSchedErrorInvalidValue as RawResult,
            Error::NotFound { .. } => XResult::kXSchedErrorNotFound as RawResult,
            Error::NotAllowed(_) => XResult::kXSchedErrorNotAllowed as RawResult,
            Error::NotSupported(_) => XResult::kXSchedErrorNotSupported as RawResult,
            Error::Command { code } => *code,
            Error::Internal(_) => XResult::kXSchedErrorUnknown as RawResult,
        }
    }
}

/// Runs `body`; turns its error, or its panic, into a result code and this thread's message.
pub(super) fn guard(function: &'static str, body: impl FnOnce() -> Result<()>) -> RawResult {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => XResult::kXSchedSuccess as RawResult,
        Ok(Err(error)) => {
            set_last_error(format!("{function}: {error}"));
            RawResult::from(&error)
        }
        Err(_) => {
            let text = format!("{function}: internal fault (panic) caught at the C boundary");
            tracing::error!("{text}");
            set_last_error(text);
            XResult::kXSchedErrorUnknown as RawResult
        }
    }
}

fn set_last_error(text: String) {
    // Messages are ours and hold no NUL but what a caller's string put there.
    let text = CString::new(text.replace('\0', "?")).unwrap_or_default();
    // A thread that is being torn down has no message left to keep.
    let _ = LAST_ERROR.try_with(|last| *last.borrow_mut() = text);
}

/// Pointer to this thread's last message; valid until its next failing call.
pub(super) fn last_error() -> *const std::os::raw::c_char {
    LAST_ERROR
        .try_with(|last| last.borrow().as_ptr())
        .unwrap_or(c"".as_ptr())
}

/// Writes an output. Called last, so outputs are written on success only.
pub(super) fn write_out<T>(argument: &'static str, out: *mut T, value: T) -> Result<()> {
    check_out(argument, out)?;
    // SAFETY: not NULL (checked above); that it points to writable memory for a `T` is the C
    // contract of every output argument, which only the caller can keep.
    unsafe { out.write(value) };
    Ok(())
}

/// Refuses a NULL output before anything has been done.
pub(super) fn check_out<T>(argument: &'static str, out: *mut T) -> Result<()> {
    if out.is_null() {
        Err(Error::null(argument))
    } else {
        Ok(())
    }
}
