//! The calls that the adapter makes into the real HIP runtime, and how that runtime is found: whichever
//! `libamdhip64` the process has loaded, or the one `XSCHED_HIP_LIB` names.
//!
//! Found once and kept for the life of the process. While a call of ours is in the runtime, or a look-up
//! is under way, `in_own_call` is true, so that an interposer in this very library stays out of it.

use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::sys::{HipError, HipEvent, HipStream, SUCCESS};
use crate::error::{Error, Result};

/// Newest first: of two loaded ones the application most likely uses the newer.
const NAMES: [&str; 4] = [
    "libamdhip64.so.7",
    "libamdhip64.so.6",
    "libamdhip64.so.5",
    "libamdhip64.so",
];

/// glibc's `RTLD_NOLOAD`: only what is loaded already.
const RTLD_NOLOAD: i32 = libc::RTLD_NOLOAD;

thread_local! {
    static OWN_CALL: Cell<bool> = const { Cell::new(false) };
}

/// True while the calling thread is in a call that this library makes for itself.
#[inline]
pub fn in_own_call() -> bool {
    OWN_CALL.get()
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

/// The real runtime, if the process has it; with `load`, loads it if it has not.
pub fn library(named: Option<&Path>, load: bool) -> Option<&'static Library> {
    static FOUND: AtomicPtr<Library> = AtomicPtr::new(ptr::null_mut());
    let found = FOUND.load(Ordering::Acquire);
    // SAFETY: NULL or a leaked box, published below and never freed.
    if let Some(library) = unsafe { found.as_ref() } {
        return Some(library);
    }
    let _own = OwnCall::begin();
    let library = Box::into_raw(Box::new(open(named, load)?));
    // Not a lock: a child forked in the middle of this must be able to start anew.
    match FOUND.compare_exchange(found, library, Ordering::AcqRel, Ordering::Acquire) {
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

fn open(named: Option<&Path>, load: bool) -> Option<Library> {
    let open = |name: &Path, flags: i32| {
        // SAFETY: the runtime's initialisers run as they would for the application itself.
        unsafe { Library::open(Some(name), flags) }
    };
    if let Some(name) = named {
        return open(name, RTLD_NOW | RTLD_LOCAL)
            .inspect_err(|error| tracing::error!("XSCHED_HIP_LIB: {error}"))
            .ok();
    }
    let names = || NAMES.iter().map(Path::new);
    names()
        .find_map(|name| open(name, RTLD_NOW | RTLD_NOLOAD).ok())
        .or_else(|| {
            names()
                .filter(|_| load)
                .find_map(|name| open(name, RTLD_NOW | RTLD_LOCAL).ok())
        })
}

macro_rules! driver_calls {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*);)*) => {
        /// The runtime's functions, each called with its own arguments.
        #[allow(non_snake_case)]
        pub(super) struct Api {
            $($name: unsafe extern "C" fn($($type),*) -> HipError,)*
        }

        #[allow(non_snake_case)]
        impl Api {
            /// Looks every function up.
            pub(super) fn load(library: &Library) -> Result<Api> {
                let _own = OwnCall::begin();
                Ok(Api {
                    $($name: {
                        // SAFETY: HIP's own function of this name has this type in every release.
                        let found = unsafe { library.get(concat!(stringify!($name), "\0").as_bytes()) };
                        *found.map_err(|error| Error::NotSupported(format!("HIP: {error}")))?
                    },)*
                })
            }

            $($(#[$doc])*
            pub(super) fn $name(&self, $($arg: $type),*) -> Result<()> {
                let _own = OwnCall::begin();
                // SAFETY: pointers among the arguments come from this adapter and are valid for what
                // the function does with them; handles it does not know it refuses.
                let code = unsafe { (self.$name)($($arg),*) };
                check(stringify!($name), code)
            })*
        }
    };
}

fn check(call: &'static str, code: HipError) -> Result<()> {
    match code {
        SUCCESS => Ok(()),
        code => Err(Error::Hardware { call, code }),
    }
}

driver_calls! {
    /// The calling thread's device.
    hipGetDevice(device: *mut i32);
    /// Changes it.
    hipSetDevice(device: i32);
    /// Devices in the process.
    hipGetDeviceCount(count: *mut i32);
    /// Marketing name.
    hipDeviceGetName(name: *mut c_char, bytes: i32, device: i32);
    /// `domain:bus:device.function`.
    hipDeviceGetPCIBusId(id: *mut c_char, bytes: i32, device: i32);
    /// Makes a stream.
    hipStreamCreateWithFlags(stream: *mut HipStream, flags: u32);
    /// Destroys it after its last command.
    hipStreamDestroy(stream: HipStream);
    /// Blocking or not.
    hipStreamGetFlags(stream: HipStream, flags: *mut u32);
    /// Whether launches are recorded instead of executed.
    hipStreamIsCapturing(stream: HipStream, status: *mut i32);
    /// Waits.
    hipStreamSynchronize(stream: HipStream);
    /// Complete or `hipErrorNotReady`.
    hipStreamQuery(stream: HipStream);
    /// Makes an event.
    hipEventCreateWithFlags(event: *mut HipEvent, flags: u32);
    /// Records it.
    hipEventRecord(event: HipEvent, stream: HipStream);
    /// Complete or `hipErrorNotReady`.
    hipEventQuery(event: HipEvent);
    /// Waits.
    hipEventSynchronize(event: HipEvent);
    /// The stream stops until the word is at least `value`.
    hipStreamWaitValue32(stream: HipStream, word: *mut c_void, value: u32, flags: u32, mask: u32);
    /// Host memory that the device reads.
    hipHostMalloc(memory: *mut *mut c_void, bytes: usize, flags: u32);
    /// Its address on the device.
    hipHostGetDevicePointer(device: *mut *mut c_void, host: *mut c_void, flags: u32);
    /// Which calls this thread may make while another captures; swaps `mode` with the one before.
    hipThreadExchangeStreamCaptureMode(mode: *mut i32);
}

/// The device of a stream; `None` if the runtime does not know the stream.
pub(super) fn stream_device(library: &Library, stream: HipStream) -> Option<i32> {
    let _own = OwnCall::begin();
    type GetStreamDeviceId = unsafe extern "C" fn(HipStream) -> i32;
    // SAFETY: HIP's own function of this name has this type in every release.
    let found = unsafe { library.get::<GetStreamDeviceId>(b"hipGetStreamDeviceId\0") }.ok()?;
    // SAFETY: it checks the handle itself and returns -1 for one it does not know.
    let device = unsafe { found(stream) };
    (device >= 0).then_some(device)
}
