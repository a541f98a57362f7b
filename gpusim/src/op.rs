//! What can be put into a stream, or into a graph: the same list for both.

use std::ffi::c_void;
use std::sync::Arc;

use crate::abi::{Address, HostFunction, StreamCallback};
use crate::event::{Event, EventHandle, Point};
use crate::front_end::Action;
use crate::graph::Graph;
use crate::kernel::Launch;
use crate::memory;
use crate::memory::copy::Copy;
use crate::memory::fill::Fill;
use crate::stream::Stream;
use crate::wait::{Value, ValueWait, Wait};

/// See the module. Cloned for every launch of a graph.
#[derive(Clone)]
pub enum Op {
    Nothing,
    Kernel(Arc<Launch>),
    Copy(Copy),
    Fill(Fill),
    Host(HostFunction, UserData),
    Callback(StreamCallback, Address, UserData),
    Record(Arc<Event>, EventHandle),
    WaitEvent(Arc<Event>, EventHandle),
    WaitValue(ValueWait),
    WriteValue(Value),
    /// Waits and writes that were given in one call.
    Batch(Arc<[Op]>),
    /// A stream-ordered allocation begins to exist, and ends.
    Allocate(Address),
    Free(Address),
    /// A graph inside a graph.
    Child(Arc<Graph>),
    /// One launch of an executable graph.
    Graph(Arc<[Op]>),
}

/// The application's pointer for its own function.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct UserData(pub Address);

impl UserData {
    fn as_ptr(self) -> *mut c_void {
        self.0.as_ptr()
    }
}

impl Op {
    /// `CUgraphNodeType`, and `hipGraphNodeType` from 6.0 on.
    pub fn node_type(&self) -> u32 {
        match self {
            Op::Kernel(_) => 0,
            Op::Copy(_) => 1,
            Op::Fill(_) => 2,
            Op::Host(..) | Op::Callback(..) => 3,
            Op::Child(_) | Op::Graph(_) => 4,
            Op::Nothing => 5,
            Op::WaitEvent(..) => 6,
            Op::Record(..) => 7,
            Op::Allocate(_) => 10,
            Op::Free(_) => 11,
            Op::WaitValue(_) | Op::WriteValue(_) | Op::Batch(_) => 12,
        }
    }

    /// Appends what the stream has to do.
    pub fn act(self, stream: &Arc<Stream>, actions: &mut Vec<Action>) {
        actions.push(match self {
            Op::Nothing => return,
            Op::Kernel(launch) => {
                let stream = stream.clone();
                Action::Work(Box::new(move || launch.run(&stream)))
            }
            Op::Copy(copy) if copy.is_empty() => return,
            Op::Copy(copy) => Action::Work(Box::new(move || copy.run())),
            Op::Fill(fill) => Action::Work(Box::new(move || fill.run())),
            Op::Host(function, data) => Action::Host(Box::new(move || {
                if let Some(function) = function {
                    // SAFETY: the application upholds that its function takes this pointer.
                    unsafe { function(data.as_ptr()) };
                }
            })),
            Op::Callback(callback, handle, data) => Action::Host(Box::new(move || {
                if let Some(callback) = callback {
                    // SAFETY: the application upholds that its callback takes these arguments.
                    unsafe { callback(handle, 0, data.as_ptr()) };
                }
            })),
            Op::Record(event, _) => {
                let mark = event.record();
                Action::Note(Box::new(move || mark.reach()))
            }
            Op::WaitEvent(event, _) => match event.point() {
                Point::Recorded(mark) => Action::Wait(Wait::Mark(mark)),
                Point::None | Point::Captured(_) => return,
            },
            Op::WaitValue(wait) => Action::Wait(Wait::Value(wait)),
            Op::WriteValue(value) => {
                let stream = stream.clone();
                Action::Note(Box::new(move || {
                    if stream.context.failure().is_none() {
                        value.store();
                    }
                }))
            }
            Op::Allocate(address) => Action::Note(Box::new(move || memory::set_live(address))),
            Op::Free(address) => Action::Note(Box::new(move || {
                memory::release(address, "a stream-ordered free")
            })),
            Op::Child(graph) => {
                graph
                    .ordered_ops()
                    .into_iter()
                    .for_each(|op| op.act(stream, actions));
                return;
            }
            Op::Graph(ops) => {
                ops.iter().cloned().for_each(|op| op.act(stream, actions));
                return;
            }
            Op::Batch(ops) => {
                let mut ops = ops.iter().peekable();
                while let Some(op) = ops.next() {
                    if let (Op::WaitValue(wait), Some(Op::WriteValue(write))) = (op, ops.peek()) {
                        actions.push(Action::Wait(Wait::Value(wait.then(*write))));
                        ops.next();
                    } else {
                        op.clone().act(stream, actions);
                    }
                }
                return;
            }
        });
    }
}
