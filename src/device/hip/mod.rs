//! AMD GPUs through the HIP runtime.
//!
//! Streams are the application's own. Markers are events from a pool per device. The gate is the host's
//! unless the start-up probe has shown that the device gate works here (`probe.rs`). No AMD GPU was at
//! hand when this was written: it was tested against a stand-in runtime with the real ABI.

pub mod api;
mod gate;
mod marker;
mod stream;
pub mod sys;

use std::ffi::{CStr, c_char};
use std::path::Path;
use std::sync::Arc;

use libloading::os::unix::Library;
use once_cell::sync::OnceCell;

use self::api::Api;
pub use self::stream::HipStream;
use super::Device;
use super::driver::Handle;
use super::event_marker::UnusedEvents;
use super::gate_words::GateWords;
use super::probe::{Private, device_gate_works};
use crate::config::GateChoice;
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// `kPlatformHIP`
pub const PLATFORM: u32 = 4;

/// The HIP runtime of one process and its devices.
pub struct Hip {
    driver: Arc<Driver>,
    gate: GateChoice,
    device_count: i32,
    devices: Mutex<Vec<Arc<HipDevice>>>,
}

/// The functions of the runtime.
struct Driver {
    api: Api,
    library: &'static Library,
}

impl Driver {
    /// Makes calls that no capture of another thread forbids or is broken by.
    fn relaxed<T>(&self, calls: impl FnOnce(&Api) -> Result<T>) -> Result<T> {
        let mut mode = sys::CAPTURE_RELAXED;
        self.api.hipThreadExchangeStreamCaptureMode(&raw mut mode)?;
        let result = calls(&self.api);
        self.api.hipThreadExchangeStreamCaptureMode(&raw mut mode)?;
        result
    }
}

impl Hip {
    /// The runtime that the process has loaded, or the named one. Makes no call but counting devices.
    pub fn open(named: Option<&Path>, gate: GateChoice) -> Result<Hip> {
        let library = api::LIBRARY.require(named)?;
        let driver = Arc::new(Driver {
            api: Api::load(library)?,
            library,
        });
        let mut device_count = 0;
        driver.api.hipGetDeviceCount(&raw mut device_count)?;
        Ok(Hip {
            driver,
            gate,
            device_count,
            devices: Mutex::default(),
        })
    }

    /// The calling thread's device.
    pub fn current_ordinal(&self) -> Result<i32> {
        if self.device_count == 1 {
            return Ok(0);
        }
        let mut device = 0;
        self.driver.api.hipGetDevice(&raw mut device)?;
        Ok(device)
    }

    /// The device of a stream that the driver knows.
    pub fn ordinal_of(&self, stream: usize) -> Result<i32> {
        api::stream_device(self.driver.library, stream as sys::HipStream).ok_or_else(|| {
            Error::invalid(
                "stream",
                format!("{stream:#x} is no stream of this process"),
            )
        })
    }

    /// The device was reset: what this library had there is gone.
    pub fn forget(&self, ordinal: i32) {
        self.devices
            .lock()
            .retain(|device| device.ordinal != ordinal);
    }

    /// The device with this ordinal.
    pub fn device(&self, ordinal: i32) -> Arc<HipDevice> {
        let mut devices = self.devices.lock();
        if let Some(known) = devices.iter().find(|device| device.ordinal == ordinal) {
            return known.clone();
        }
        let device = Arc::new(HipDevice::new(
            self.driver.clone(),
            ordinal,
            self.gate,
            self.device_count,
        ));
        devices.push(device.clone());
        device
    }
}

/// One device.
pub struct HipDevice {
    driver: Arc<Driver>,
    ordinal: i32,
    /// There is no other: no call needs to change the thread's device.
    single: bool,
    gate: GateChoice,
    /// Unused events, see `Events`.
    events: UnusedEvents,
    words: GateWords,
    /// Whether the device gate works here; found out once.
    probed: OnceCell<bool>,
    /// Where markers of the null stream are recorded: a blocking stream of our own.
    beside_null: OnceCell<Handle>,
}

impl HipDevice {
    fn new(driver: Arc<Driver>, ordinal: i32, gate: GateChoice, count: i32) -> HipDevice {
        HipDevice {
            events: UnusedEvents::default(),
            words: GateWords::default(),
            driver,
            ordinal,
            single: count == 1,
            gate,
            probed: OnceCell::new(),
            beside_null: OnceCell::new(),
        }
    }

    fn api(&self) -> &Api {
        &self.driver.api
    }

    /// A stream that waits for the null stream, and that no other stream of the application waits for. A
    /// marker in the null stream itself would wait for all blocking streams, and all of them for it:
    /// an order that the application did not ask for, and that may be the opposite of its own.
    fn beside_null(&self) -> Result<sys::HipStream> {
        let made = self.beside_null.get_or_try_init(|| {
            let mut stream = std::ptr::null_mut();
            self.with(|api| api.hipStreamCreateWithFlags(&raw mut stream, sys::STREAM_DEFAULT))?;
            Ok(Handle(stream))
        });
        made.map(|stream| stream.0)
    }

    /// True if streams of this device may have a device gate.
    fn has_device_gate(self: &Arc<Self>) -> bool {
        match self.gate {
            GateChoice::Host => false,
            GateChoice::Device => true,
            GateChoice::Auto => *self.probed.get_or_init(|| self.probe()),
        }
    }

    fn probe(self: &Arc<Self>) -> bool {
        device_gate_works(&format!("HIP device {}", self.ordinal), &|| {
            let mut made = std::ptr::null_mut();
            self.with(|api| api.hipStreamCreateWithFlags(&raw mut made, sys::STREAM_NON_BLOCKING))?;
            let (device, made) = (self.clone(), Handle(made));
            Ok(Private {
                stream: Arc::new(HipStream::adopt(self.clone(), made.0 as usize)?),
                destroy: Box::new(move || device.with(|api| api.hipStreamDestroy(made.0))),
            })
        })
    }

    /// As `Driver::relaxed`, on the calling thread as if this were its device.
    fn with<T>(&self, calls: impl FnOnce(&Api) -> Result<T>) -> Result<T> {
        self.driver.relaxed(|api| {
            let mut current = self.ordinal;
            if !self.single {
                api.hipGetDevice(&raw mut current)?;
            }
            if current == self.ordinal {
                return calls(api);
            }
            api.hipSetDevice(self.ordinal)?;
            let result = calls(api);
            api.hipSetDevice(current).and(result)
        })
    }

    /// What one of the driver's calls writes as text.
    fn text(&self, call: impl FnOnce(&Api, *mut c_char, i32) -> Result<()>) -> String {
        let mut text: [c_char; 128] = [0; 128];
        match call(self.api(), text.as_mut_ptr(), 127) {
            // SAFETY: the driver writes at most 127 bytes, so the last one is still the 0 that ends it.
            Ok(()) => unsafe { CStr::from_ptr(text.as_ptr()) }
                .to_string_lossy()
                .into_owned(),
            Err(_) => "unknown".into(),
        }
    }
}

impl Device for HipDevice {
    fn name(&self) -> String {
        let name = self.text(|api, text, bytes| api.hipDeviceGetName(text, bytes, self.ordinal));
        let place =
            self.text(|api, text, bytes| api.hipDeviceGetPCIBusId(text, bytes, self.ordinal));
        format!("HIP device {} ({name}, {place})", self.ordinal)
    }
}
