//! What the adapters of vendors' drivers share: how the real driver is found, and how it is called.
//!
//! Found once and kept for the life of the process. While a call of ours is in the driver, or a look-up
//! is under way, `in_own_call` is true, so that an interposer in this very library stays out of it.

use std::cell::Cell;
use std::ffi::c_void;
use std::ops::RangeInclusive;
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use crate::error::{Error, Result};

/// What a driver's functions return: 0, or the driver's own code.
pub type Code = i32;

/// Success, of HIP and of CUDA.
pub const SUCCESS: Code = 0;
/// `hipErrorNotReady`, `CUDA_ERROR_NOT_READY`
pub const NOT_READY: Code = 600;
/// `hipErrorNotSupported`, `CUDA_ERROR_NOT_SUPPORTED`
pub const NOT_SUPPORTED: Code = 801;

/// `hipErrorStreamCaptureUnsupported`, `CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED`
pub const CAPTURE_UNSUPPORTED: Code = 900;

/// `hipErrorStreamCapture...`, `CUDA_ERROR_STREAM_CAPTURE_...`, and `..._CAPTURED_EVENT` among them
const CAPTURE_ERRORS: RangeInclusive<Code> = 900..=908;
/// `hipStreamCaptureStatusNone`, `CU_STREAM_CAPTURE_STATUS_NONE`
pub(super) const CAPTURE_NONE: i32 = 0;

/// The null stream of the current device (HIP) or context (CUDA), which blocking streams synchronise with.
pub const STREAM_NULL: usize = 0;
/// `hipStreamLegacy`, `CU_STREAM_LEGACY`: the same.
pub const STREAM_LEGACY: usize = 1;
/// `hipStreamPerThread`, `CU_STREAM_PER_THREAD`: the calling thread's own default stream there.
pub const STREAM_PER_THREAD: usize = 2;

thread_local! {
    static OWN_CALL: Cell<bool> = const { Cell::new(false) };
}

/// True while the calling thread is in a call that this library makes for itself.
#[inline]
pub fn in_own_call() -> bool {
    OWN_CALL.get()
}

/// A driver's handle: may be used from any thread, as the driver locks inside.
#[derive(Clone, Copy)]
pub(super) struct Handle(pub(super) *mut c_void);

// SAFETY: see the type.
unsafe impl Send for Handle {}
// SAFETY: see the type.
unsafe impl Sync for Handle {}

/// The calling thread, as per-thread streams are told apart.
pub fn thread_id() -> u64 {
    u64::try_from(rustix::thread::gettid().as_raw_nonzero().get()).unwrap_or(0)
}

/// Marks the calling thread's calls as this library's own while it lives.
pub struct OwnCall(bool);

impl OwnCall {
    /// Begins. May be nested.
    #[inline]
    pub fn begin() -> OwnCall {
        OwnCall(OWN_CALL.replace(true))
    }

    /// Begins, unless the thread is in such a call already.
    #[inline]
    pub fn begin_outermost() -> Option<OwnCall> {
        // Not `then_some`: the call that goes on would be ended.
        (!OWN_CALL.replace(true)).then(|| OwnCall(false))
    }
}

impl Drop for OwnCall {
    #[inline]
    fn drop(&mut self) {
        OWN_CALL.set(self.0);
    }
}

/// One vendor's driver library.
pub struct DriverLibrary {
    /// Its file names, the preferred one first.
    names: &'static [&'static str],
    /// The environment variable that names another.
    variable: &'static str,
    found: AtomicPtr<Library>,
}

impl DriverLibrary {
    /// Not looked for yet.
    pub(super) const fn new(
        names: &'static [&'static str],
        variable: &'static str,
    ) -> DriverLibrary {
        DriverLibrary {
            names,
            variable,
            found: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// The real driver, if the process has it: the named one, or whichever is loaded; with `load`, loads
    /// it if it is not.
    pub fn get(&self, named: Option<&Path>, load: bool) -> Option<&'static Library> {
        let found = self.found.load(Ordering::Acquire);
        // SAFETY: NULL or a leaked box, published below and never freed.
        if let Some(library) = unsafe { found.as_ref() } {
            return Some(library);
        }
        let _own = OwnCall::begin();
        let library = Box::into_raw(Box::new(self.open(named, load)?));
        let published = self.found.compare_exchange(
            ptr::null_mut(),
            library,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        // Not a lock: a child forked in the middle of this must be able to start anew.
        match published {
            // SAFETY: just leaked, and never freed from here on.
            Ok(_) => unsafe { library.as_ref() },
            Err(other) => {
                // SAFETY: came from `into_raw` above and was not published.
                drop(unsafe { Box::from_raw(library) });
                // SAFETY: published by another thread, never freed.
                unsafe { other.as_ref() }
            }
        }
    }

    /// As `get` with `load`, and says what could be done where there is none.
    pub(super) fn require(&self, named: Option<&Path>) -> Result<&'static Library> {
        self.get(named, true).ok_or_else(|| {
            let name = self.names.last().copied().unwrap_or_default();
            Error::NotSupported(format!(
                "no {name} is loaded or installed; {} names one",
                self.variable
            ))
        })
    }

    fn open(&self, named: Option<&Path>, load: bool) -> Option<Library> {
        let open = |name: &Path, flags: i32| {
            // SAFETY: the driver's initialisers run as they would for the application itself.
            unsafe { Library::open(Some(name), flags) }
        };
        if let Some(name) = named {
            return open(name, RTLD_NOW | RTLD_LOCAL)
                .inspect_err(|error| tracing::error!("{}: {error}", self.variable))
                .ok();
        }
        let names = || self.names.iter().map(Path::new);
        names()
            .find_map(|name| open(name, RTLD_NOW | libc::RTLD_NOLOAD).ok())
            .or_else(|| {
                names()
                    .filter(|_| load)
                    .find_map(|name| open(name, RTLD_NOW | RTLD_LOCAL).ok())
            })
    }
}

/// The function of this name; an error that says which one the driver does not have.
pub(super) fn function<T: Copy>(library: &Library, name: &'static str) -> Result<T> {
    let _own = OwnCall::begin();
    // SAFETY: only the address is used here; the caller knows the function's type.
    let found = unsafe { library.get::<T>(name.as_bytes()) };
    found
        .map(|symbol| *symbol)
        .map_err(|error| Error::NotSupported(error.to_string()))
}

/// A driver's code as a result.
pub(super) fn check(call: &'static str, code: Code) -> Result<()> {
    match code {
        SUCCESS => Ok(()),
        code => Err(Error::Hardware { call, code }),
    }
}

/// Some capture has begun in this process.
static HAS_CAPTURED: AtomicBool = AtomicBool::new(false);

/// The application is about to begin a capture; other streams may come into it by waiting for its events.
pub fn note_capture() {
    HAS_CAPTURED.store(true, Ordering::Relaxed);
}

/// False where launches need not ask, as nobody was seen to begin a capture: the driver's answer takes 80 ns of each
/// beside a competitor (H200). Whoever puts something of ours into a stream asks nevertheless. Relaxed: a thread that
/// launches into a capture of another one's has synchronised with that.
pub(crate) fn has_captured() -> bool {
    HAS_CAPTURED.load(Ordering::Relaxed)
}

/// What a driver's question for a stream's capture state says. A stream that cannot be asked because of a
/// capture, as the null stream while a blocking one captures, is to be left alone like a captured one; any
/// other error will be met again.
pub(super) fn is_captured(asked: Result<()>, status: i32) -> bool {
    match asked {
        Ok(()) => status != CAPTURE_NONE,
        Err(Error::Hardware { code, .. }) => CAPTURE_ERRORS.contains(&code),
        Err(_) => false,
    }
}

/// Defines the table of the functions that an adapter calls: for each row a method of that name with those
/// arguments. `name = symbol` where the driver exports it under another name.
macro_rules! driver_calls {
    ($($(#[$doc:meta])* $name:ident $(= $symbol:literal)? ($($arg:ident: $type:ty),* $(,)?);)*) => {
        /// The driver's functions, each called with its own arguments.
        #[allow(non_snake_case)]
        pub(super) struct Api {
            $($name: unsafe extern "C" fn($($type),*) -> $crate::device::driver::Code,)*
        }

        #[allow(non_snake_case)]
        impl Api {
            /// Looks every function up.
            pub(super) fn load(library: &libloading::os::unix::Library) -> $crate::error::Result<Api> {
                Ok(Api {
                    $($name: $crate::device::driver::function(
                        library,
                        $crate::device::driver::symbol!($name $($symbol)?),
                    )?,)*
                })
            }

            $($(#[$doc])*
            pub(super) fn $name(&self, $($arg: $type),*) -> $crate::error::Result<()> {
                let _own = $crate::device::driver::OwnCall::begin();
                // SAFETY: the driver's function of this name has this type in every release. Pointers
                // among the arguments come from the adapter and are valid for what the function does
                // with them; handles it does not know it refuses.
                let code = unsafe { (self.$name)($($arg),*) };
                $crate::device::driver::check(stringify!($name), code)
            })*
        }
    };
}

macro_rules! symbol {
    ($name:ident) => {
        concat!(stringify!($name), "\0")
    };
    ($name:ident $symbol:literal) => {
        concat!($symbol, "\0")
    };
}

pub(super) use {driver_calls, symbol};
