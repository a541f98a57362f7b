//! What a hook does with the application's call: it is made exactly once, whatever happens around it.
//!
//! An operation that fails before the call, or panics, becomes a bypass: the call is made without it and
//! counted. One that fails afterwards changes nothing: the application gets the driver's own code.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::device::driver::{Code, NOT_SUPPORTED, SUCCESS};
use crate::error::{Error, Result};
use crate::observe::hooks::{HOOKS, Passage};

/// What a driver's function returns.
pub(super) trait Returned: Copy {
    /// The driver's code; functions without one succeed.
    fn code(self) -> Code;
    /// The answer of a function that the loaded driver does not have, or of any without a driver: a code
    /// that drivers give for what a system cannot do, so that programs take the way around it that they
    /// have. "No device" would end some that can do without the function.
    fn absent() -> Self;
}

impl Returned for Code {
    fn code(self) -> Code {
        self
    }
    fn absent() -> Code {
        NOT_SUPPORTED
    }
}

impl Returned for () {
    fn code(self) -> Code {
        SUCCESS
    }
    fn absent() {}
}

/// The application's call, to be made once.
pub(super) struct Call<'a, F, R> {
    call: &'a Cell<Option<F>>,
    returned: &'a Cell<Option<R>>,
}

impl<F: FnOnce() -> R, R: Returned> Call<'_, F, R> {
    /// Makes it. An error is the driver's own code.
    #[inline]
    pub(super) fn make(self) -> Result<()> {
        let Some(call) = self.call.take() else {
            return Err(Error::Internal("a call was made twice".into()));
        };
        let returned = call();
        self.returned.set(Some(returned));
        match returned.code() {
            SUCCESS => Ok(()),
            code => Err(Error::Hardware {
                call: "intercepted",
                code,
            }),
        }
    }
}

/// Makes `call` inside `operation`.
#[inline]
pub(super) fn through<F, R>(call: F, operation: impl FnOnce(Call<'_, F, R>) -> Result<()>) -> R
where
    F: FnOnce() -> R,
    R: Returned,
{
    let call = Cell::new(Some(call));
    let returned = Cell::new(None);
    let made = Call {
        call: &call,
        returned: &returned,
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| operation(made)));
    match returned.get() {
        Some(returned) => returned,
        None => bypass(outcome, call.take()),
    }
}

#[cold]
fn bypass<F, R>(outcome: std::thread::Result<Result<()>>, call: Option<F>) -> R
where
    F: FnOnce() -> R,
    R: Returned,
{
    HOOKS.count(Passage::Other);
    match outcome {
        Ok(Ok(())) => tracing::error!("a hook forgot its call"),
        Ok(Err(error)) => tracing::debug!("a call passes: {error}"),
        Err(_) => tracing::error!("internal fault (panic) in a hook; its call passes"),
    }
    // The panic of the call itself cannot come here: it is a C function.
    call.map_or_else(R::absent, |call| call())
}
