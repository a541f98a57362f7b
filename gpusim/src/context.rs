//! Contexts: the streams that are in order with one null stream, and the error that they share.

use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::device::Device;
use crate::error::Code;
use crate::event::{Event, EventHandle};
use crate::front_end::{self, Action};
use crate::op::Op;
use crate::profile::PROFILE;
use crate::runtime;
use crate::stream::{Kind, NON_BLOCKING, Stream};
use crate::sync::lock;
use crate::wait::Wait;

pub struct Context {
    /// Not used again; memory and events are known by it.
    pub id: u64,
    pub device: &'static Device,
    /// All streams but those that were destroyed, or whose thread ended, and that are drained. The
    /// front end asks for these two, so who has one locked must not go there.
    streams: Mutex<Vec<Arc<Stream>>>,
    null_stream: Mutex<Option<Arc<Stream>>>,
    /// Held by who creates the null stream.
    creation: Mutex<()>,
    /// A kernel failed on the device; 0 if none did.
    failure: AtomicI32,
}

impl Context {
    pub fn new(device: &'static Device) -> Arc<Context> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Context {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            device,
            streams: Mutex::default(),
            null_stream: Mutex::default(),
            creation: Mutex::default(),
            failure: AtomicI32::new(0),
        })
    }

    /// The stream of the value 0. It takes its turn among the hardware queues when first used.
    pub fn null_stream(self: &Arc<Self>) -> Arc<Stream> {
        let _one_at_a_time = lock(&self.creation);
        self.null_stream_in_use().unwrap_or_else(|| {
            let stream = self.create_stream(Kind::Null, 0, 0, None);
            *lock(&self.null_stream) = Some(stream.clone());
            stream
        })
    }

    /// The null stream if it was ever used.
    pub fn null_stream_in_use(&self) -> Option<Arc<Stream>> {
        lock(&self.null_stream).clone()
    }

    pub fn create_stream(
        self: &Arc<Self>,
        kind: Kind,
        flags: u32,
        priority: i32,
        cu_mask: Option<Vec<u32>>,
    ) -> Arc<Stream> {
        let stream = Arc::new(Stream::new(self.clone(), kind, flags, priority, cu_mask));
        let mut streams = lock(&self.streams);
        let (gone, kept) = streams.drain(..).partition(|stream| stream.is_gone());
        *streams = kept;
        streams.push(stream.clone());
        drop(streams);
        Vec::into_iter(gone).for_each(|stream| stream.remove_own_queue());
        stream
    }

    pub fn streams(&self) -> Vec<Arc<Stream>> {
        lock(&self.streams).clone()
    }

    /// The stream is drained and gone.
    pub fn forget_stream(&self, stream: &Arc<Stream>) {
        lock(&self.streams).retain(|other| !Arc::ptr_eq(other, stream));
        lock(&self.null_stream).take_if(|null_stream| Arc::ptr_eq(null_stream, stream));
        stream.remove_own_queue();
    }

    /// Records an event behind what all streams were given so far, in a stream of its own.
    pub fn record_all(self: &Arc<Self>, event: Arc<Event>, handle: EventHandle) {
        let streams = self.streams();
        let recorder = self.create_stream(Kind::Created, NON_BLOCKING, 0, None);
        front_end::get().launch(&recorder, |actions| {
            for stream in streams {
                actions.push(Action::Wait(Wait::Stream(
                    stream.clone(),
                    stream.launched(),
                )));
            }
            Op::Record(event, handle).act(&recorder, actions);
        });
        recorder.detach();
    }

    /// Waits for everything launched in this context so far.
    pub fn synchronize(&self) {
        for stream in self.streams() {
            stream.synchronize();
        }
    }

    /// Nothing uses it any more.
    pub fn end(&self) {
        self.fail(Code::CONTEXT_IS_DESTROYED);
        for stream in self.streams() {
            self.forget_stream(&stream);
        }
    }

    /// From now on nothing runs here any more: what is in the streams passes without effect.
    pub fn fail(&self, code: Code) {
        self.failure.store(code.0, Ordering::Relaxed);
    }

    pub fn failure(&self) -> Option<Code> {
        match self.failure.load(Ordering::Relaxed) {
            0 => None,
            code => Some(Code(code)),
        }
    }
}

/// Of the context that is current; 0 if none is. Modules are registered, with memory, before anybody
/// uses a device.
pub(crate) fn current_id() -> u64 {
    if !runtime::is_used() {
        return 0;
    }
    (PROFILE.current)().map_or(0, |context| context.id)
}
