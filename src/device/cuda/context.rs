//! One context of the application: what its streams share.

use std::ptr;
use std::sync::Arc;

use once_cell::sync::OnceCell;

use super::api::Api;
use super::gate::Page;
use super::stream::CudaStream;
use super::{CudaDevice, Driver, sys};
use crate::device::Place;
use crate::device::driver::Handle;
use crate::device::event_marker::UnusedEvents;
use crate::device::gate_words::GateWords;
use crate::device::probe::{Private, device_gate_works};
use crate::error::Result;
use crate::sync::Mutex;

/// See the module.
pub struct CudaContext {
    pub(super) driver: Arc<Driver>,
    pub(super) device: Arc<CudaDevice>,
    handle: Handle,
    /// Unused gate words, see `GateDriver`.
    pub(super) words: GateWords,
    /// Where they lie.
    pub(super) pages: Mutex<Vec<Page>>,
    /// Unused events, see `Events`.
    pub(super) events: UnusedEvents,
    /// An event that says whether the context has failed; recorded with the first counted gate.
    pub(super) health: OnceCell<Handle>,
    /// Where markers of the null stream are recorded: a blocking stream of our own.
    beside_null: OnceCell<Handle>,
}

impl CudaContext {
    pub(super) fn new(
        driver: Arc<Driver>,
        device: Arc<CudaDevice>,
        handle: sys::Context,
    ) -> CudaContext {
        CudaContext {
            driver,
            device,
            handle: Handle(handle),
            words: GateWords::default(),
            pages: Mutex::default(),
            events: UnusedEvents::default(),
            health: OnceCell::new(),
            beside_null: OnceCell::new(),
        }
    }

    /// Its device.
    pub fn device(&self) -> Arc<CudaDevice> {
        self.device.clone()
    }

    /// By what the runtime knows it.
    pub(super) fn place(&self) -> Place {
        Place::Context(self.handle.0 as usize)
    }

    /// Makes calls on the calling thread as if this were its context.
    pub(super) fn within<T>(&self, calls: impl FnOnce(&Api) -> Result<T>) -> Result<T> {
        let api = &self.driver.api;
        let mut current = ptr::null_mut();
        api.cuCtxGetCurrent(&raw mut current)?;
        if current == self.handle.0 {
            return calls(api);
        }
        api.cuCtxPushCurrent(self.handle.0)?;
        let result = calls(api);
        api.cuCtxPopCurrent(&raw mut current).and(result)
    }

    /// As `within`, calls that no capture of another thread forbids or is broken by.
    pub(super) fn relaxed<T>(&self, calls: impl FnOnce(&Api) -> Result<T>) -> Result<T> {
        self.driver.relaxed(|_| self.within(calls))
    }

    /// A stream that waits for the null stream, and that no other stream of the application waits for. A
    /// marker in the null stream itself would wait for all blocking streams, and all of them for it:
    /// an order that the application did not ask for, and that may be the opposite of its own.
    pub(super) fn beside_null(&self) -> Result<Handle> {
        self.beside_null
            .get_or_try_init(|| self.create_stream(sys::STREAM_DEFAULT))
            .copied()
    }

    fn create_stream(&self, flags: u32) -> Result<Handle> {
        let mut stream = ptr::null_mut();
        self.relaxed(|api| api.cuStreamCreate(&raw mut stream, flags))?;
        Ok(Handle(stream))
    }

    /// Whether a gate of this context holds its own stream, only that, and only while it is closed.
    pub(super) fn probe(self: &Arc<Self>) -> bool {
        device_gate_works(&format!("CUDA device {}", self.device.ordinal), &|| {
            let made = self.create_stream(sys::STREAM_NON_BLOCKING)?;
            let context = self.clone();
            Ok(Private {
                stream: Arc::new(CudaStream::non_blocking(self.clone(), made)),
                destroy: Box::new(move || context.relaxed(|api| api.cuStreamDestroy(made.0))),
            })
        })
    }
}
