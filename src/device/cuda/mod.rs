//! NVIDIA GPUs through the CUDA driver API.
//!
//! Streams are the application's own. Markers are events from a pool per context. Where the start-up probe
//! (`device/probe.rs`) has shown that a stream can wait for a word in host memory, the gate is the device's.

pub mod api;
mod context;
mod gate;
mod marker;
mod stream;
pub mod sys;
mod wait_value;

use std::ffi::{CStr, c_char};
use std::path::Path;
use std::ptr;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use self::api::Api;
use self::context::CudaContext;
pub use self::stream::CudaStream;
use super::{Device, Place};
use crate::config::GateChoice;
use crate::error::{Error, Result};
use crate::sync::Mutex;

/// `kPlatformCUDA`
pub const PLATFORM: u32 = 2;

/// The CUDA driver of one process, its devices and contexts.
pub struct Cuda {
    driver: Arc<Driver>,
    gate: GateChoice,
    devices: Mutex<Vec<Arc<CudaDevice>>>,
    contexts: Mutex<Vec<Arc<CudaContext>>>,
}

/// The functions of the driver.
struct Driver {
    api: Api,
    /// `None` for a driver that does not have it.
    wait_value: Option<wait_value::Api>,
}

impl Driver {
    /// Makes calls that no capture of another thread forbids or is broken by.
    fn relaxed<T>(&self, calls: impl FnOnce(&Api) -> Result<T>) -> Result<T> {
        let mut mode = sys::CAPTURE_RELAXED;
        self.api.cuThreadExchangeStreamCaptureMode(&raw mut mode)?;
        let result = calls(&self.api);
        self.api.cuThreadExchangeStreamCaptureMode(&raw mut mode)?;
        result
    }
}

impl Cuda {
    /// The driver that the process has loaded, or the named one. Makes no call.
    pub fn open(named: Option<&Path>, gate: GateChoice) -> Result<Cuda> {
        let library = api::LIBRARY.require(named)?;
        let wait_value = wait_value::Api::load(library)
            .inspect_err(|error| tracing::info!("CUDA: no device gate ({error})"));
        Ok(Cuda {
            driver: Arc::new(Driver {
                api: Api::load(library)?,
                wait_value: wait_value.ok(),
            }),
            gate,
            devices: Mutex::default(),
            contexts: Mutex::default(),
        })
    }

    /// The calling thread's context.
    pub fn current_context(&self) -> Result<usize> {
        let mut context = ptr::null_mut();
        self.driver.api.cuCtxGetCurrent(&raw mut context)?;
        if context.is_null() {
            return Err(Error::NotAllowed(
                "the calling thread has no current CUDA context".into(),
            ));
        }
        Ok(context as usize)
    }

    /// The context of a stream that the driver knows.
    pub fn context_of(&self, stream: usize) -> Result<usize> {
        let mut context = ptr::null_mut();
        let stream = stream as sys::Stream;
        self.driver
            .relaxed(|api| api.cuStreamGetCtx(stream, &raw mut context))?;
        Ok(context as usize)
    }

    /// The primary context of a device, if it is in use.
    pub fn primary_context(&self, ordinal: i32) -> Option<Place> {
        let (mut flags, mut active) = (0, 0);
        let api = &self.driver.api;
        api.cuDevicePrimaryCtxGetState(ordinal, &raw mut flags, &raw mut active)
            .ok()?;
        if active == 0 {
            return None;
        }
        let mut context = ptr::null_mut();
        api.cuDevicePrimaryCtxRetain(&raw mut context, ordinal)
            .ok()?;
        api.cuDevicePrimaryCtxRelease(ordinal).ok()?;
        Some(Place::Context(context as usize))
    }

    /// The context is about to be destroyed: what this library has there goes with it.
    pub fn forget(&self, place: Place) {
        // Dropped without the lock: the last owner takes its memory along.
        let _ended: Vec<_> = {
            let mut contexts = self.contexts.lock();
            contexts
                .extract_if(.., |context| context.place() == place)
                .collect()
        };
    }

    /// The context at this address.
    pub fn context(&self, address: usize) -> Result<Arc<CudaContext>> {
        let known = |contexts: &[Arc<CudaContext>]| {
            let place = Place::Context(address);
            contexts.iter().find(|it| it.place() == place).cloned()
        };
        if let Some(context) = known(&self.contexts.lock()) {
            return Ok(context);
        }
        let device = self.device(self.ordinal_of(address)?);
        let mut contexts = self.contexts.lock();
        // Another thread may have been as quick.
        if let Some(context) = known(&contexts) {
            return Ok(context);
        }
        let handle = address as sys::Context;
        let context = Arc::new(CudaContext::new(self.driver.clone(), device, handle));
        contexts.push(context.clone());
        Ok(context)
    }

    fn ordinal_of(&self, context: usize) -> Result<i32> {
        let api = &self.driver.api;
        api.cuCtxPushCurrent(context as sys::Context)?;
        let mut ordinal = 0;
        let found = api.cuCtxGetDevice(&raw mut ordinal);
        let mut popped = ptr::null_mut();
        api.cuCtxPopCurrent(&raw mut popped).and(found)?;
        Ok(ordinal)
    }

    /// The device with this ordinal.
    pub fn device(&self, ordinal: i32) -> Arc<CudaDevice> {
        let mut devices = self.devices.lock();
        if let Some(known) = devices.iter().find(|device| device.ordinal == ordinal) {
            return known.clone();
        }
        let device = Arc::new(CudaDevice {
            driver: self.driver.clone(),
            ordinal,
            gate: self.gate,
            probed: OnceCell::new(),
        });
        devices.push(device.clone());
        device
    }
}

/// One device.
pub struct CudaDevice {
    driver: Arc<Driver>,
    ordinal: i32,
    gate: GateChoice,
    /// Whether the device gate works here; found out once, in the first context.
    probed: OnceCell<bool>,
}

impl CudaDevice {
    /// True if streams of this device may have a device gate.
    fn has_device_gate(&self, context: &Arc<CudaContext>) -> bool {
        self.driver.wait_value.is_some()
            && match self.gate {
                GateChoice::Host => false,
                GateChoice::Device => true,
                GateChoice::Auto => *self.probed.get_or_init(|| context.probe()),
            }
    }

    /// What one of the driver's calls writes as text.
    fn text(&self, call: impl FnOnce(&Api, *mut c_char, i32) -> Result<()>) -> String {
        let mut text: [c_char; 128] = [0; 128];
        match call(&self.driver.api, text.as_mut_ptr(), 127) {
            // SAFETY: the driver writes at most 127 bytes, so the last one is still the 0 that ends it.
            Ok(()) => unsafe { CStr::from_ptr(text.as_ptr()) }
                .to_string_lossy()
                .into_owned(),
            Err(_) => "unknown".into(),
        }
    }
}

impl Device for CudaDevice {
    fn name(&self) -> String {
        let name = self.text(|api, text, bytes| api.cuDeviceGetName(text, bytes, self.ordinal));
        let place =
            self.text(|api, text, bytes| api.cuDeviceGetPCIBusId(text, bytes, self.ordinal));
        format!("CUDA device {} ({name}, {place})", self.ordinal)
    }
}
