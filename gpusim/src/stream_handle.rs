//! Streams as the application names them: those that were created, by their handles; the null stream
//! and the calling thread's, by values that are none.

use std::cell::RefCell;
use std::sync::Arc;

use crate::abi::Address;
use crate::capture;
use crate::context::Context;
use crate::error::{Code, Result};
use crate::handles::{Handles, handle_of};
use crate::profile::PROFILE;
use crate::stream::{Kind, NON_BLOCKING, Stream};

/// The values that stand for streams and are no handles.
pub const LEGACY: Address = Address(1);
pub const PER_THREAD: Address = Address(2);

static CREATED: Handles<Stream> = Handles::new();

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
        if stream.kind == Kind::Created && CREATED.remove(handle_of(&stream)).is_some() {
            context.forget_stream(&stream);
        }
    }
}
