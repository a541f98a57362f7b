//! Streams: the null stream of each context, one per thread and context, and those that were
//! created; and how a launch finds its stream and its order with the null stream.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::abi::Address;
use crate::capture::{self, Member};
use crate::config::{self, WaitValue};
use crate::context::Context;
use crate::error::{Code, Result};
use crate::front_end::{self, Action, QueueId};
use crate::handles::Handles;
use crate::op::Op;
use crate::profile::PROFILE;
use crate::sync::lock;
use crate::wait::Wait;

pub const NON_BLOCKING: u32 = 1;

/// The values that stand for streams and are no handles.
pub const LEGACY: Address = Address(1);
pub const PER_THREAD: Address = Address(2);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    PerThread,
    Created,
}

/// See the module.
pub struct Stream {
    pub id: u64,
    pub context: Arc<Context>,
    pub kind: Kind,
    pub flags: u32,
    pub priority: i32,
    pub cu_mask: Option<Vec<u32>>,
    /// What the application set; changes nothing.
    pub attributes: Mutex<BTreeMap<u32, [u64; 8]>>,
    /// Set while this stream takes part in a capture. Taken before the capture's own lock.
    pub capture: Mutex<Option<Member>>,
    /// Changed under the front end's lock.
    queue: AtomicU64,
    owns_queue: AtomicBool,
    launched: AtomicU64,
    /// Release on change, acquire on read: what a command did is visible to who sees it completed.
    completed: AtomicU64,
    /// Calls whose commands have not all completed, see `enter`.
    entries: AtomicUsize,
    /// Held by the one thread that is inside the runtime with this stream.
    turn: Mutex<()>,
    /// Its thread ended, or it was released.
    detached: AtomicBool,
}

static CREATED: Handles<Stream> = Handles::new();
static BLOCKED: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static OF_THREAD: RefCell<ThreadStreams> = const { RefCell::new(ThreadStreams(Vec::new())) };
}

/// The calling thread's stream of each context where it has one.
struct ThreadStreams(Vec<Arc<Stream>>);

impl Drop for ThreadStreams {
    fn drop(&mut self) {
        for stream in &self.0 {
            stream.detach();
        }
    }
}

impl Stream {
    pub fn new(
        context: Arc<Context>,
        kind: Kind,
        flags: u32,
        priority: i32,
        cu_mask: Option<Vec<u32>>,
    ) -> Stream {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let priority = priority.clamp(PROFILE.greatest_priority, PROFILE.least_priority);
        // A queue cannot have two masks, so a masked stream shares none.
        let shares = PROFILE.wait_value == WaitValue::Shared
            || config::get().wait_value == WaitValue::Shared;
        let owns_queue = cu_mask.is_some() || !shares;
        let queue = if owns_queue {
            context.device.new_queue(priority)
        } else {
            context.device.next_shared_queue(priority)
        };
        Stream {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            context,
            kind,
            flags,
            priority,
            owns_queue: AtomicBool::new(owns_queue),
            cu_mask,
            attributes: Mutex::default(),
            capture: Mutex::new(None),
            queue: AtomicU64::new(queue),
            launched: AtomicU64::new(0),
            completed: AtomicU64::new(0),
            entries: AtomicUsize::new(0),
            turn: Mutex::new(()),
            detached: AtomicBool::new(false),
        }
    }

    /// True if it keeps order with the null stream.
    pub fn is_blocking(&self) -> bool {
        self.kind != Kind::Null && self.flags & NON_BLOCKING == 0
    }

    pub fn queue(&self) -> QueueId {
        self.queue.load(Ordering::Relaxed)
    }

    pub fn set_queue(&self, queue: QueueId) {
        self.queue.store(queue, Ordering::Relaxed);
    }

    pub fn launched(&self) -> u64 {
        self.launched.load(Ordering::Acquire)
    }

    pub fn add_launched(&self, count: u64) {
        self.launched.fetch_add(count, Ordering::Release);
    }

    pub fn completed(&self) -> u64 {
        self.completed.load(Ordering::Acquire)
    }

    pub fn add_completed(&self) {
        self.completed.fetch_add(1, Ordering::Release);
    }

    pub fn is_drained(&self) -> bool {
        self.completed() >= self.launched()
    }

    pub fn add_entry(&self) {
        self.entries.fetch_add(1, Ordering::Relaxed);
    }

    pub fn end_entry(&self) {
        self.entries.fetch_sub(1, Ordering::Relaxed);
    }

    /// Before something is put into the stream, or asked about it: one thread at a time is inside
    /// the runtime with a stream, and stays there while the stream takes no more.
    fn enter(&self) -> MutexGuard<'_, ()> {
        lock(&self.turn)
    }

    /// Blocks while the stream's backlog is full, as `enter` says.
    fn wait_for_room(&self, _turn: &MutexGuard<'_, ()>) {
        let Some(limit) = config::get().backlog else {
            return;
        };
        let has_room = || self.entries.load(Ordering::Relaxed) < limit;
        if !has_room() {
            BLOCKED.fetch_add(1, Ordering::Relaxed);
            front_end::get().wait_until(has_room);
        }
    }

    /// Nobody can name it any more; its context forgets it once it is drained.
    pub fn detach(&self) {
        self.detached.store(true, Ordering::Relaxed);
    }

    /// Once the stream is drained and gone.
    pub fn remove_own_queue(&self) {
        if self.owns_queue.load(Ordering::Relaxed) {
            front_end::get().remove_queue(self.queue());
        }
    }

    /// Nobody can name it any more and nothing of it is left: its context need not know it.
    pub fn is_gone(&self) -> bool {
        self.detached.load(Ordering::Relaxed) && self.is_drained()
    }

    /// Waits for everything launched so far.
    pub fn synchronize(&self) {
        let count = self.launched();
        front_end::get().wait_until(|| self.completed() >= count);
    }

    /// What a launch has to wait for on the device: the null stream and the blocking streams of a
    /// context are in order with each other.
    fn waits(&self) -> Vec<Action> {
        let unless_drained = |stream: &Arc<Stream>| {
            (!stream.is_drained())
                .then(|| Action::Wait(Wait::Stream(stream.clone(), stream.launched())))
        };
        if self.kind == Kind::Null {
            let streams = self.context.streams();
            streams
                .iter()
                .filter(|stream| stream.is_blocking())
                .filter_map(unless_drained)
                .collect()
        } else if self.is_blocking() {
            self.context
                .null_stream_in_use()
                .as_ref()
                .and_then(unless_drained)
                .into_iter()
                .collect()
        } else {
            Vec::new()
        }
    }
}

/// Puts one operation into a stream: into its graph while it captures.
pub fn submit(stream: &Arc<Stream>, op: Op) -> Result {
    submit_all(stream, vec![op])
}

/// Puts operations into a stream, with nothing of another thread between them.
pub fn submit_all(stream: &Arc<Stream>, mut ops: Vec<Op>) -> Result {
    if capture::takes(stream, &ops)? {
        return Ok(());
    }
    let turn = stream.enter();
    stream.wait_for_room(&turn);
    for op in &mut ops {
        if let Op::Copy(copy) = op {
            copy.stage();
        }
    }
    let wants_own_queue = config::get().wait_value == WaitValue::Own
        && ops.iter().any(|op| matches!(op, Op::WaitValue(_)))
        && !stream.owns_queue.swap(true, Ordering::Relaxed);
    if wants_own_queue {
        front_end::get().move_stream(stream, stream.context.device.new_queue(stream.priority));
    }
    front_end::get().launch(stream, |actions| {
        actions.extend(stream.waits());
        ops.into_iter().for_each(|op| op.act(stream, actions));
    });
    Ok(())
}

/// Blocks until the stream has done everything; for the null stream, the blocking streams too.
pub fn finish(stream: &Arc<Stream>) -> Result {
    drop(stream.enter());
    if stream.kind == Kind::Null {
        front_end::get().follow(stream, |actions| actions.extend(stream.waits()));
    }
    stream.synchronize();
    Ok(())
}

/// True if `finish` would not block.
pub fn is_finished(stream: &Stream) -> bool {
    drop(stream.enter());
    stream.is_drained() && (stream.kind != Kind::Null || stream.waits().is_empty())
}

pub fn create(flags: u32, priority: i32, cu_mask: Option<Vec<u32>>) -> Result<Address> {
    if flags & !NON_BLOCKING != 0 {
        return Err(Code::INVALID_VALUE);
    }
    let context = (PROFILE.current)()?;
    Ok(CREATED.add(context.create_stream(Kind::Created, flags, priority, cu_mask)))
}

/// Waits for the stream's last command and forgets it.
pub fn destroy(handle: Address) -> Result {
    let stream = take(handle)?;
    stream.synchronize();
    stream.context.forget_stream(&stream);
    Ok(())
}

/// Forgets the stream at once; what it was given still runs.
pub fn release(handle: Address) -> Result {
    let stream = take(handle)?;
    stream.detach();
    Ok(())
}

fn take(handle: Address) -> Result<Arc<Stream>> {
    if matches!(handle, Address(0) | LEGACY | PER_THREAD) {
        return Err(Code::INVALID_HANDLE);
    }
    let stream = CREATED.remove(handle).ok_or(PROFILE.stale_handle)?;
    capture::abandon(&stream);
    Ok(stream)
}

/// Destroys what was created in the context.
pub fn destroy_all(context: &Context) {
    for stream in context.streams() {
        stream.synchronize();
        if stream.kind == Kind::Created
            && CREATED.remove(crate::handles::handle_of(&stream)).is_some()
        {
            context.forget_stream(&stream);
        }
    }
}

/// How often a thread was blocked because a stream's backlog was full.
pub fn blocked() -> u64 {
    BLOCKED.load(Ordering::Relaxed)
}

/// A stream argument of an API call.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct StreamHandle(pub Address);

impl StreamHandle {
    pub const NULL: StreamHandle = StreamHandle(Address(0));

    /// The stream that this means in the plain entry points.
    pub fn get(self) -> Result<Arc<Stream>> {
        match self.0 {
            Address(0) | LEGACY => Ok((PROFILE.current)()?.null_stream()),
            PER_THREAD => of_thread(),
            handle => CREATED.get(handle).ok_or(PROFILE.stale_handle),
        }
    }

    /// The stream that this means in the `_spt` entry points.
    pub fn get_per_thread(self) -> Result<Arc<Stream>> {
        match self.0 {
            Address(0) | LEGACY => of_thread(),
            _ => self.get(),
        }
    }
}

/// The calling thread's stream of its context.
pub fn of_thread() -> Result<Arc<Stream>> {
    let context = (PROFILE.current)()?;
    OF_THREAD
        .try_with(|streams| {
            let streams = &mut streams.borrow_mut().0;
            let known = streams
                .iter()
                .find(|stream| Arc::ptr_eq(&stream.context, &context));
            known.cloned().unwrap_or_else(|| {
                let stream = context.create_stream(Kind::PerThread, 0, 0, None);
                streams.push(stream.clone());
                stream
            })
        })
        .map_err(|_| Code::CONTEXT_IS_DESTROYED)
}
