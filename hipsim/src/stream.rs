//! Streams: the null stream of each device, one per thread and device, and those that were created;
//! and how a launch finds its stream and its order with the null stream.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::abi::Address;
use crate::capture::{self, Member};
use crate::config::{self, WaitValue};
use crate::device::Device;
use crate::error::{Code, Result};
use crate::front_end::{self, Action, QueueId};
use crate::handles::Handles;
use crate::op::Op;
use crate::runtime;
use crate::wait::Wait;

pub(crate) const NON_BLOCKING: u32 = 1;

/// `hipStreamLegacy` and `hipStreamPerThread`.
const LEGACY: Address = Address(1);
const PER_THREAD: Address = Address(2);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    PerThread,
    Created,
}

/// See the module.
pub(crate) struct Stream {
    pub(crate) id: u64,
    pub(crate) device: &'static Device,
    pub(crate) kind: Kind,
    pub(crate) flags: u32,
    pub(crate) priority: i32,
    pub(crate) cu_mask: Option<Vec<u32>>,
    /// For `hipStreamGetAttribute`; changes nothing.
    pub(crate) attributes: Mutex<BTreeMap<u32, [u64; 8]>>,
    /// Set while this stream takes part in a capture. Taken before the capture's own lock.
    pub(crate) capture: Mutex<Option<Member>>,
    /// Changed under the front end's lock.
    queue: AtomicU64,
    owns_queue: AtomicBool,
    launched: AtomicU64,
    /// Release on change, acquire on read: what a command did is visible to who sees it completed.
    completed: AtomicU64,
    /// Its thread ended.
    detached: AtomicBool,
}

static CREATED: Handles<Stream> = Handles::new();

thread_local! {
    static OF_THREAD: RefCell<ThreadStreams> = const { RefCell::new(ThreadStreams(Vec::new())) };
}

/// The calling thread's stream of each device where it has one.
struct ThreadStreams(Vec<Arc<Stream>>);

impl Drop for ThreadStreams {
    fn drop(&mut self) {
        for stream in &self.0 {
            stream.detached.store(true, Ordering::Relaxed);
        }
    }
}

impl Stream {
    pub(crate) fn new(
        device: &'static Device,
        kind: Kind,
        flags: u32,
        priority: i32,
        cu_mask: Option<Vec<u32>>,
        queue: QueueId,
    ) -> Stream {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Stream {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            device,
            kind,
            flags,
            priority,
            owns_queue: AtomicBool::new(cu_mask.is_some()),
            cu_mask,
            attributes: Mutex::default(),
            capture: Mutex::new(None),
            queue: AtomicU64::new(queue),
            launched: AtomicU64::new(0),
            completed: AtomicU64::new(0),
            detached: AtomicBool::new(false),
        }
    }

    /// True if it keeps order with the null stream.
    pub(crate) fn is_blocking(&self) -> bool {
        self.kind != Kind::Null && self.flags & NON_BLOCKING == 0
    }

    pub(crate) fn queue(&self) -> QueueId {
        self.queue.load(Ordering::Relaxed)
    }

    pub(crate) fn set_queue(&self, queue: QueueId) {
        self.queue.store(queue, Ordering::Relaxed);
    }

    pub(crate) fn launched(&self) -> u64 {
        self.launched.load(Ordering::Acquire)
    }

    pub(crate) fn add_launched(&self, count: u64) {
        self.launched.fetch_add(count, Ordering::Release);
    }

    pub(crate) fn completed(&self) -> u64 {
        self.completed.load(Ordering::Acquire)
    }

    pub(crate) fn add_completed(&self) {
        self.completed.fetch_add(1, Ordering::Release);
    }

    pub(crate) fn is_drained(&self) -> bool {
        self.completed() >= self.launched()
    }

    /// Its thread ended and nothing of it is left: the device need not know it any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.detached.load(Ordering::Relaxed) && self.is_drained()
    }

    /// Waits for everything launched so far.
    pub(crate) fn synchronize(&self) {
        let count = self.launched();
        front_end::get().wait_until(|| self.completed() >= count);
    }

    /// What a launch has to wait for on the device: the null stream and the blocking streams of a
    /// device are in order with each other.
    fn waits(&self) -> Vec<Action> {
        let unless_drained = |stream: &Arc<Stream>| {
            (!stream.is_drained())
                .then(|| Action::Wait(Wait::Stream(stream.clone(), stream.launched())))
        };
        if self.kind == Kind::Null {
            let streams = self.device.streams();
            streams
                .iter()
                .filter(|stream| stream.is_blocking())
                .filter_map(unless_drained)
                .collect()
        } else if self.is_blocking() {
            self.device
                .null_stream_in_use()
                .and_then(unless_drained)
                .into_iter()
                .collect()
        } else {
            Vec::new()
        }
    }
}

/// Puts one operation into a stream: into its graph while it captures.
pub(crate) fn submit(stream: &Arc<Stream>, op: Op) -> Result {
    submit_all(stream, vec![op])
}

/// Puts operations into a stream, with nothing of another thread between them.
pub(crate) fn submit_all(stream: &Arc<Stream>, mut ops: Vec<Op>) -> Result {
    if capture::takes(stream, &ops)? {
        return Ok(());
    }
    for op in &mut ops {
        if let Op::Copy(copy) = op {
            copy.stage();
        }
    }
    let wants_own_queue = config::get().wait_value == WaitValue::Own
        && ops.iter().any(|op| matches!(op, Op::WaitValue(_)))
        && !stream.owns_queue.swap(true, Ordering::Relaxed);
    if wants_own_queue {
        front_end::get().move_stream(stream, stream.device.new_queue(stream.priority));
    }
    front_end::get().launch(stream, |actions| {
        actions.extend(stream.waits());
        ops.into_iter().for_each(|op| op.act(stream, actions));
    });
    Ok(())
}

/// Blocks until the stream has done everything; for the null stream, the blocking streams too.
pub(crate) fn finish(stream: &Arc<Stream>) -> Result {
    if stream.kind == Kind::Null {
        front_end::get().launch(stream, |actions| actions.extend(stream.waits()));
    }
    stream.synchronize();
    Ok(())
}

/// True if `finish` would not block.
pub(crate) fn is_finished(stream: &Stream) -> bool {
    stream.is_drained() && (stream.kind != Kind::Null || stream.waits().is_empty())
}

pub(crate) fn create(flags: u32, priority: i32, cu_mask: Option<Vec<u32>>) -> Result<Address> {
    if flags & !NON_BLOCKING != 0 {
        return Err(Code::INVALID_VALUE);
    }
    let device = runtime::current_device()?;
    Ok(CREATED.add(device.create_stream(Kind::Created, flags, priority, cu_mask)))
}

/// Waits for the stream's last command and forgets it.
pub(crate) fn destroy(handle: Address) -> Result {
    if matches!(handle, Address(0) | LEGACY | PER_THREAD) {
        return Err(Code::INVALID_HANDLE);
    }
    let stream = CREATED.remove(handle).ok_or(Code::CONTEXT_IS_DESTROYED)?;
    capture::abandon(&stream);
    stream.synchronize();
    discard(&stream);
    Ok(())
}

/// For `hipDeviceReset`: destroys what was created on the device.
pub(crate) fn destroy_all(device: &'static Device) {
    for stream in device.streams() {
        stream.synchronize();
        if stream.kind == Kind::Created
            && CREATED.remove(crate::handles::handle_of(&stream)).is_some()
        {
            discard(&stream);
        }
    }
}

fn discard(stream: &Arc<Stream>) {
    stream.device.forget_stream(stream);
    if stream.owns_queue.load(Ordering::Relaxed) {
        front_end::get().remove_queue(stream.queue());
    }
}

/// A stream argument of an API call.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct StreamHandle(pub(crate) Address);

impl StreamHandle {
    pub(crate) const NULL: StreamHandle = StreamHandle(Address(0));

    /// The stream that this means in the plain entry points.
    pub(crate) fn get(self) -> Result<Arc<Stream>> {
        match self.0 {
            Address(0) | LEGACY => Ok(runtime::current_device()?.null_stream().clone()),
            PER_THREAD => of_thread(),
            handle => CREATED.get(handle).ok_or(Code::CONTEXT_IS_DESTROYED),
        }
    }

    /// The stream that this means in the `_spt` entry points.
    pub(crate) fn get_per_thread(self) -> Result<Arc<Stream>> {
        match self.0 {
            Address(0) | LEGACY => of_thread(),
            _ => self.get(),
        }
    }
}

/// The calling thread's stream of the current device.
pub(crate) fn of_thread() -> Result<Arc<Stream>> {
    let device = runtime::current_device()?;
    OF_THREAD
        .try_with(|streams| {
            let streams = &mut streams.borrow_mut().0;
            let known = streams
                .iter()
                .find(|stream| stream.device.ordinal == device.ordinal);
            known.cloned().unwrap_or_else(|| {
                let stream = device.create_stream(Kind::PerThread, 0, 0, None);
                streams.push(stream.clone());
                stream
            })
        })
        .map_err(|_| Code::CONTEXT_IS_DESTROYED)
}
