//! Contexts: each device's primary one and those that were created; and the stack of each thread.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use gpusim::abi::Address;
use gpusim::context::Context;
use gpusim::device::Device;
use gpusim::error::{Code, Result};
use gpusim::event;
use gpusim::handles::{Handles, handle_of};
use gpusim::memory::Registry;
use gpusim::stream_handle;
use gpusim::sync::lock;

use crate::module;

/// A device's primary context: there is one while somebody retains it.
#[derive(Default)]
struct Primary {
    context: Option<Arc<Context>>,
    users: u32,
}

static CONTEXTS: Handles<Context> = Handles::new();
/// By the device's number.
static PRIMARIES: Mutex<BTreeMap<usize, Primary>> = Mutex::new(BTreeMap::new());

/// What a thread pushed. Without a destructor: a thread has its context to its very end, in
/// destructors of its own too.
struct Stack {
    handles: [Address; Stack::DEPTH],
    used: usize,
}

thread_local! {
    static STACK: RefCell<Stack> = const {
        RefCell::new(Stack { handles: [Address(0); Stack::DEPTH], used: 0 })
    };
}

impl Stack {
    const DEPTH: usize = 64;

    fn top(&self) -> Option<Address> {
        self.handles[..self.used].last().copied()
    }

    fn push(&mut self, handle: Address) -> Result {
        let free = self.handles.get_mut(self.used).ok_or(Code::OUT_OF_MEMORY)?;
        *free = handle;
        self.used += 1;
        Ok(())
    }

    fn pop(&mut self) -> Option<Address> {
        let top = self.top()?;
        self.used -= 1;
        Some(top)
    }
}

/// The handle of the calling thread's context, even if it was destroyed.
pub(crate) fn current_handle() -> Option<Address> {
    STACK.with_borrow(Stack::top)
}

/// The calling thread's context.
pub(crate) fn current() -> Result<Arc<Context>> {
    let handle = current_handle().ok_or(Code::INVALID_CONTEXT)?;
    CONTEXTS.get(handle).ok_or(Code::CONTEXT_IS_DESTROYED)
}

pub(crate) fn get(handle: Address) -> Result<Arc<Context>> {
    CONTEXTS.get(handle).ok_or(Code::INVALID_CONTEXT)
}

/// NULL is the current one.
pub(crate) fn of(handle: Address) -> Result<Arc<Context>> {
    if handle.is_null() {
        current()
    } else {
        get(handle)
    }
}

/// The context with this `Context::id`.
pub(crate) fn by_id(id: u64) -> Option<Arc<Context>> {
    CONTEXTS.find(|context| context.id == id)
}

pub(crate) fn push(handle: Address) -> Result {
    get(handle)?;
    STACK.with_borrow_mut(|stack| stack.push(handle))
}

pub(crate) fn pop() -> Result<Address> {
    STACK
        .with_borrow_mut(Stack::pop)
        .ok_or(Code::INVALID_CONTEXT)
}

/// Replaces the top of the stack; NULL takes it away.
pub(crate) fn set(handle: Address) -> Result {
    if !handle.is_null() {
        get(handle)?;
    }
    STACK.with_borrow_mut(|stack| {
        stack.pop();
        if handle.is_null() {
            Ok(())
        } else {
            stack.push(handle)
        }
    })
}

pub(crate) fn create(device: &'static Device) -> Result<Address> {
    let handle = CONTEXTS.add(Context::new(device));
    push(handle)?;
    Ok(handle)
}

/// Waits for what runs in it, and takes it from the calling thread's stack if it is on top.
pub(crate) fn destroy(handle: Address) -> Result {
    let context = get(handle)?;
    let is_primary = lock(&PRIMARIES).values().any(|primary| {
        primary
            .context
            .as_ref()
            .is_some_and(|it| Arc::ptr_eq(it, &context))
    });
    if is_primary {
        return Err(Code::INVALID_CONTEXT);
    }
    if current_handle() == Some(handle) {
        pop()?;
    }
    end(&context);
    Ok(())
}

pub(crate) fn retain(device: &'static Device) -> Address {
    let mut primaries = lock(&PRIMARIES);
    let primary = primaries.entry(device.ordinal).or_default();
    primary.users += 1;
    let context = primary.context.get_or_insert_with(|| {
        let context = Context::new(device);
        CONTEXTS.add(context.clone());
        context
    });
    handle_of(context)
}

pub(crate) fn is_active(device: &Device) -> bool {
    lock(&PRIMARIES)
        .get(&device.ordinal)
        .is_some_and(|primary| primary.context.is_some())
}

/// The last release ends the context.
pub(crate) fn release(device: &Device) -> Result {
    let mut primaries = lock(&PRIMARIES);
    let primary = primaries.get_mut(&device.ordinal);
    let primary = primary.filter(|primary| primary.users > 0);
    let primary = primary.ok_or(Code::INVALID_CONTEXT)?;
    primary.users -= 1;
    let ended = if primary.users == 0 {
        primary.context.take()
    } else {
        None
    };
    drop(primaries);
    if let Some(context) = ended {
        end(&context);
    }
    Ok(())
}

/// Ends the context whoever uses it; the next who retains it gets a new one.
pub(crate) fn reset(device: &Device) {
    let ended = lock(&PRIMARIES)
        .get_mut(&device.ordinal)
        .and_then(|primary| primary.context.take());
    if let Some(context) = ended {
        end(&context);
    }
}

fn end(context: &Arc<Context>) {
    stream_handle::destroy_all(context);
    module::unload_all(context.id);
    event::destroy_all(context.id);
    Registry::free_owned(context.id);
    context.end();
    CONTEXTS.remove(handle_of(context));
}
