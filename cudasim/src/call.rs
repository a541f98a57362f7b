//! What every exported function does first.

use std::sync::atomic::{AtomicBool, Ordering};

use gpusim::call::Entry;
use gpusim::error::{Code, Result};
use gpusim::host_thread;

use crate::{context, error};

/// Defines exported functions that return `CUresult`. The pointer types of their arguments
/// (`gpusim::abi`) say what a C caller promises, so the bodies need no unsafe code. The first word
/// says what the calling thread must have: `nothing`, the `driver` initialised, or a `context`.
///
/// With two lists of names in front, the first means the legacy default stream, the second the
/// calling thread's; the body has the one it is called for.
macro_rules! exports {
    ($needs:ident: $($name:ident $arguments:tt $body:block)*) => {$(
        $crate::call::export! { $name $arguments $needs {} $body }
    )*};
    ($needs:ident; $default:ident: $(
        [$($legacy:ident)*] [$($per_thread:ident)*] $arguments:tt $body:block
    )*) => {$(
        $($crate::call::export! { $legacy $arguments $needs {
            let $default = $crate::default_stream::Default::Legacy;
        } $body })*
        $($crate::call::export! { $per_thread $arguments $needs {
            let $default = $crate::default_stream::Default::PerThread;
        } $body })*
    )*};
}
pub(crate) use exports;

/// One function of `exports`.
macro_rules! export {
    ($name:ident ($($argument:ident: $kind:ty),* $(,)?) $needs:ident {$($first:stmt;)*}
     $body:block) => {
        #[unsafe(no_mangle)]
        extern "C" fn $name($($argument: $kind),*) -> i32 {
            static ENTRY: gpusim::call::Entry = gpusim::call::Entry::new(stringify!($name));
            $crate::call::run(&ENTRY, $crate::call::$needs, || -> gpusim::error::Result {
                $($first)*
                $body
            })
        }
    };
}
pub(crate) use export;

static INITIALIZED: AtomicBool = AtomicBool::new(false);

pub(crate) fn set_initialized() {
    INITIALIZED.store(true, Ordering::Release);
}

pub(crate) fn run(
    entry: &'static Entry,
    needs: fn() -> Result,
    body: impl FnOnce() -> Result,
) -> i32 {
    let result = entry.begin().and_then(|()| needs()).and_then(|()| body());
    result.err().unwrap_or(Code::SUCCESS).0
}

#[allow(clippy::unnecessary_wraps, reason = "the other two may fail")]
pub(crate) fn nothing() -> Result {
    Ok(())
}

/// Functions that a stream calls must not call the driver.
pub(crate) fn driver() -> Result {
    if !INITIALIZED.load(Ordering::Acquire) {
        return Err(Code::NOT_INITIALIZED);
    }
    if host_thread::is_this() {
        return Err(error::NOT_PERMITTED);
    }
    Ok(())
}

/// After an error on the device every call in its context returns it.
pub(crate) fn context() -> Result {
    driver()?;
    context::current()?.failure().map_or(Ok(()), Err)
}
