//! Stream capture: what goes into a capturing stream becomes a graph; other streams join by waiting
//! for an event of it; what a program must not do meanwhile is refused and ends the capture.
//!
//! Where the real runtime only returns an error for a forbidden call, this one also invalidates the
//! capture, as the API's description says, so that nobody can touch a capturing stream unnoticed.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use crate::error::{Code, Result};
use crate::event::Point;
use crate::graph::{Graph, Node};
use crate::op::Op;
use crate::stream::{Kind, Stream};
use crate::sync::lock;

/// How much a capture forbids.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Global = 0,
    ThreadLocal = 1,
    Relaxed = 2,
}

impl Mode {
    pub fn new(number: u32) -> Result<Mode> {
        match number {
            0 => Ok(Mode::Global),
            1 => Ok(Mode::ThreadLocal),
            2 => Ok(Mode::Relaxed),
            _ => Err(Code::INVALID_VALUE),
        }
    }
}

/// One capture, from its begin to its end.
pub struct Capture {
    pub id: u64,
    pub graph: Arc<Graph>,
    mode: Mode,
    thread: ThreadId,
    origin: u64,
    valid: AtomicBool,
    members: Mutex<Vec<Arc<Stream>>>,
}

/// A stream's part in a capture.
pub struct Member {
    pub capture: Arc<Capture>,
    /// What the next node comes after.
    pub last: Vec<Arc<Node>>,
}

/// Where in a capture an event was recorded.
#[derive(Clone)]
pub struct Origin {
    pub capture: Arc<Capture>,
    nodes: Vec<Arc<Node>>,
}

static ACTIVE: Mutex<Vec<Arc<Capture>>> = Mutex::new(Vec::new());
/// Keeps the common case, no capture anywhere, free of locks.
static ACTIVE_COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Global) };
}

/// The calling thread's mode.
pub fn exchange_mode(mode: Mode) -> Mode {
    MODE.replace(mode)
}

impl Capture {
    pub fn is_valid(&self) -> bool {
        self.valid.load(Ordering::Relaxed)
    }

    pub fn invalidate(&self) {
        self.valid.store(false, Ordering::Relaxed);
    }

    fn has_blocking_member(&self) -> bool {
        lock(&self.members)
            .iter()
            .any(|stream| stream.is_blocking())
    }

    /// Takes all its streams out, and the capture off the list.
    fn end(self: &Arc<Self>) {
        for stream in lock(&self.members).drain(..) {
            *lock(&stream.capture) = None;
        }
        let mut active = lock(&ACTIVE);
        active.retain(|other| !Arc::ptr_eq(other, self));
        ACTIVE_COUNT.store(active.len(), Ordering::Relaxed);
    }
}

fn active() -> Vec<Arc<Capture>> {
    if ACTIVE_COUNT.load(Ordering::Relaxed) == 0 {
        Vec::new()
    } else {
        lock(&ACTIVE).clone()
    }
}

pub fn begin(stream: &Arc<Stream>, mode: Mode, graph: Arc<Graph>, last: Vec<Arc<Node>>) -> Result {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    if stream.kind == Kind::Null {
        return Err(Code::CAPTURE_UNSUPPORTED);
    }
    let mut member = lock(&stream.capture);
    if member.is_some() {
        return Err(Code::ILLEGAL_STATE);
    }
    let capture = Arc::new(Capture {
        id: NEXT.fetch_add(1, Ordering::Relaxed),
        graph,
        mode,
        thread: std::thread::current().id(),
        origin: stream.id,
        valid: AtomicBool::new(true),
        members: Mutex::new(vec![stream.clone()]),
    });
    *member = Some(Member {
        capture: capture.clone(),
        last,
    });
    let mut active = lock(&ACTIVE);
    active.push(capture);
    ACTIVE_COUNT.store(active.len(), Ordering::Relaxed);
    Ok(())
}

/// Ends the capture that began in this stream.
pub fn end(stream: &Arc<Stream>) -> Result<Arc<Graph>> {
    let (capture, last) = match &*lock(&stream.capture) {
        None => return Err(Code::ILLEGAL_STATE),
        Some(member) => (member.capture.clone(), member.last.clone()),
    };
    if capture.origin != stream.id {
        return Err(Code::CAPTURE_UNMATCHED);
    }
    if capture.mode != Mode::Relaxed && capture.thread != std::thread::current().id() {
        return Err(Code::CAPTURE_WRONG_THREAD);
    }
    let others = lock(&capture.members).clone();
    let is_joined = |other: &Arc<Stream>| {
        let member = lock(&other.capture);
        let nodes = member.iter().flat_map(|member| member.last.iter());
        nodes
            .into_iter()
            .all(|node| capture.graph.leads_to(node, &last))
    };
    let joined = others
        .iter()
        .filter(|other| other.id != stream.id)
        .all(is_joined);
    capture.end();
    match (capture.is_valid(), joined) {
        (false, _) => Err(Code::CAPTURE_INVALIDATED),
        (true, false) => Err(Code::CAPTURE_UNJOINED),
        (true, true) => Ok(capture.graph.clone()),
    }
}

/// The stream is being destroyed.
pub fn abandon(stream: &Arc<Stream>) {
    let capture = lock(&stream.capture)
        .as_ref()
        .map(|member| member.capture.clone());
    if let Some(capture) = capture {
        capture.invalidate();
        capture.end();
    }
}

/// Offers operations to the capture that the stream takes part in; false if there is none.
pub fn takes(stream: &Arc<Stream>, ops: &[Op]) -> Result<bool> {
    if ACTIVE_COUNT.load(Ordering::Relaxed) == 0 {
        return Ok(false);
    }
    if stream.kind == Kind::Null {
        return refuse_null_stream().map(|()| false);
    }
    let mut member = lock(&stream.capture);
    if member.is_none() {
        *member = joined(stream, ops);
    }
    let Some(member) = &mut *member else {
        return Ok(false);
    };
    if !member.capture.is_valid() {
        return Err(Code::CAPTURE_INVALIDATED);
    }
    for op in ops {
        if let Err(code) = member.add(op) {
            member.capture.invalidate();
            return Err(code);
        }
    }
    Ok(true)
}

/// A stream joins a capture by waiting for an event that was recorded in it.
fn joined(stream: &Arc<Stream>, ops: &[Op]) -> Option<Member> {
    ops.iter().find_map(|op| match op {
        Op::WaitEvent(event, _) => match event.point() {
            Point::Captured(origin) if is_active(&origin.capture) => {
                lock(&origin.capture.members).push(stream.clone());
                Some(Member {
                    capture: origin.capture,
                    last: Vec::new(),
                })
            }
            _ => None,
        },
        _ => None,
    })
}

fn is_active(capture: &Arc<Capture>) -> bool {
    active().iter().any(|other| Arc::ptr_eq(other, capture))
}

impl Member {
    fn add(&mut self, op: &Op) -> Result {
        match op {
            Op::Nothing => {}
            Op::Record(event, _) => {
                let (capture, nodes) = (self.capture.clone(), self.last.clone());
                event.set_point(Point::Captured(Origin { capture, nodes }));
            }
            Op::WaitEvent(event, _) => match event.point() {
                Point::None => {}
                Point::Captured(origin) if Arc::ptr_eq(&origin.capture, &self.capture) => {
                    for node in origin.nodes {
                        if !self.last.iter().any(|known| Arc::ptr_eq(known, &node)) {
                            self.last.push(node);
                        }
                    }
                }
                Point::Captured(_) | Point::Recorded(_) => return Err(Code::CAPTURE_ISOLATION),
            },
            Op::Callback(..) => return Err(Code::CAPTURE_UNSUPPORTED),
            op => self.last = vec![self.capture.graph.add(op.clone(), &self.last)],
        }
        Ok(())
    }
}

/// True if the null stream has to do with a capture that it must not take part in.
pub fn is_implicit(stream: &Stream) -> bool {
    stream.kind == Kind::Null && active().iter().any(|capture| capture.has_blocking_member())
}

/// What the null stream is asked to do while a blocking stream captures would have to wait for it.
fn refuse_null_stream() -> Result {
    let concerned = active()
        .into_iter()
        .filter(|capture| capture.has_blocking_member());
    let concerned: Vec<_> = concerned.collect();
    concerned.iter().for_each(|capture| capture.invalidate());
    if concerned.is_empty() {
        Ok(())
    } else {
        Err(Code::CAPTURE_IMPLICIT)
    }
}

/// For calls that wait for the stream or ask how far it is.
pub fn refuse_wait(stream: &Arc<Stream>) -> Result {
    if ACTIVE_COUNT.load(Ordering::Relaxed) == 0 {
        return Ok(());
    }
    if stream.kind == Kind::Null {
        return refuse_null_stream();
    }
    match &*lock(&stream.capture) {
        None => Ok(()),
        Some(member) => {
            member.capture.invalidate();
            Err(Code::CAPTURE_UNSUPPORTED)
        }
    }
}

/// For calls that wait for the whole device.
pub fn refuse_device_wait() -> Result {
    let active = active();
    active.iter().for_each(|capture| capture.invalidate());
    if active.is_empty() {
        Ok(())
    } else {
        Err(Code::CAPTURE_UNSUPPORTED)
    }
}

/// For calls that may do something to a device at once, such as allocating: forbidden by captures
/// of this thread and, in the global mode, of any.
pub fn refuse_unsafe() -> Result {
    let (mode, thread) = (MODE.get(), std::thread::current().id());
    let forbids = |capture: &Arc<Capture>| match (mode, capture.mode) {
        (Mode::Relaxed, _) | (_, Mode::Relaxed) => false,
        (Mode::Global, Mode::Global) => true,
        _ => capture.thread == thread,
    };
    let forbidding: Vec<_> = active().into_iter().filter(forbids).collect();
    forbidding.iter().for_each(|capture| capture.invalidate());
    if forbidding.is_empty() {
        Ok(())
    } else {
        Err(Code::CAPTURE_UNSUPPORTED)
    }
}
