//! Streams: the null stream of each context, one per thread and context, and those that were
//! created; and how a launch finds its stream and its order with the null stream.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::capture::{self, Member};
use crate::config::{self, WaitValue};
use crate::context::Context;
use crate::error::Result;
use crate::front_end::{self, Action, QueueId};
use crate::op::Op;
use crate::profile::PROFILE;
use crate::sync::lock;
use crate::wait::Wait;

pub const NON_BLOCKING: u32 = 1;

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

static BLOCKED: AtomicU64 = AtomicU64::new(0);

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

/// How often a thread was blocked because a stream's backlog was full.
pub fn blocked() -> u64 {
    BLOCKED.load(Ordering::Relaxed)
}
