//! One context of the application: what its streams share.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use once_cell::sync::OnceCell;

use super::api::Api;
use super::progress::Progress;
use super::stream::CudaStream;
use super::words::Words;
use super::{CudaDevice, Driver, sys};
use crate::clock;
use crate::device::Place;
use crate::device::driver::Handle;
use crate::device::event_marker::Events;
use crate::device::probe::{Private, device_gate_works};
use crate::error::Result;
use crate::sync::Mutex;

/// How often somebody who waits for a word asks whether the context still works.
const ASK_NS: u64 = 1_000_000;

/// See the module.
pub struct CudaContext {
    pub(super) driver: Arc<Driver>,
    pub(super) device: Arc<CudaDevice>,
    handle: Handle,
    pub(super) words: Words,
    /// Unused events, see `Events`.
    events: Mutex<Vec<Handle>>,
    /// Never recorded, so its query says nothing but whether the context works.
    idle_event: OnceCell<Handle>,
    asked_ns: AtomicU64,
    /// Where markers of the null stream are recorded: a blocking stream of our own.
    beside_null: OnceCell<Handle>,
    /// Its progress; taken out when the context ends, as it keeps the context.
    null_progress: Mutex<Option<Arc<Progress>>>,
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
            words: Words::default(),
            events: Mutex::default(),
            idle_event: OnceCell::new(),
            asked_ns: AtomicU64::new(0),
            beside_null: OnceCell::new(),
            null_progress: Mutex::default(),
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

    /// The context ends: it keeps itself no longer.
    pub(super) fn end(&self) {
        drop(self.null_progress.lock().take());
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

    /// How far the null stream has come, as the stream beside it counts.
    pub(super) fn null_progress(self: &Arc<Self>) -> Result<Arc<Progress>> {
        let mut kept = self.null_progress.lock();
        if let Some(progress) = &*kept {
            return Ok(progress.clone());
        }
        let progress = Progress::new(self.clone(), self.beside_null()?)?;
        Ok(kept.insert(Arc::new(progress)).clone())
    }

    fn create_stream(&self, flags: u32) -> Result<Handle> {
        let mut stream = ptr::null_mut();
        self.relaxed(|api| api.cuStreamCreate(&raw mut stream, flags))?;
        Ok(Handle(stream))
    }

    /// Success while the context works; its error from the first failure on. Asks the driver at most once a
    /// millisecond.
    pub(super) fn works(&self) -> Result<()> {
        let now_ns = clock::now_ns();
        let asked_ns = self.asked_ns.load(Ordering::Relaxed);
        if now_ns < asked_ns + ASK_NS {
            return Ok(());
        }
        self.asked_ns.store(now_ns, Ordering::Relaxed);
        let event = *self.idle_event.get_or_try_init(|| self.create())?;
        self.query(event)
            // Of the threads that wait, each is to hear of it.
            .inspect_err(|_| self.asked_ns.store(0, Ordering::Relaxed))
    }

    /// Whether a gate of this context holds its own stream, only that, and only while it is closed.
    pub(super) fn probe(self: &Arc<Self>) -> bool {
        device_gate_works(&format!("CUDA device {}", self.device.ordinal), &|| {
            let made = self.create_stream(sys::STREAM_NON_BLOCKING)?;
            let context = self.clone();
            Ok(Private {
                stream: Arc::new(CudaStream::counted(self.clone(), made)?),
                destroy: Box::new(move || context.relaxed(|api| api.cuStreamDestroy(made.0))),
            })
        })
    }
}

impl Events for CudaContext {
    fn unused(&self) -> &Mutex<Vec<Handle>> {
        &self.events
    }

    fn create(&self) -> Result<Handle> {
        let mut event = ptr::null_mut();
        self.relaxed(|api| api.cuEventCreate(&raw mut event, sys::EVENT_DISABLE_TIMING))?;
        Ok(Handle(event))
    }

    fn record(&self, event: Handle, stream: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventRecord(event.0, stream.0))
    }

    fn query(&self, event: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventQuery(event.0))
    }

    fn wait(&self, event: Handle) -> Result<()> {
        self.relaxed(|api| api.cuEventSynchronize(event.0))
    }
}
