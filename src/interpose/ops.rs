//! What the hooks do: one operation per kind of call. Each makes the application's call once, on its own
//! thread, and returns the driver's own code.

use std::ffi::c_void;
use std::ptr;
use std::slice;
use std::sync::Arc;

use super::Interposed;
use super::other::{has_begun, schedules};
use super::outcome::{Call, Returned, through};
use crate::device::driver::{OwnCall, STREAM_NULL, STREAM_PER_THREAD, SUCCESS, note_capture};
use crate::error::{Error, Result};
use crate::observe::hooks::{HOOKS, Passage};
use crate::process::{process, with_driver_stream, with_known_driver_stream};
use crate::queue::{Kind, Queue};
use crate::runtime::{HwQueue, StreamKey};

/// Any pointer that is only handed on.
pub(super) type Pointer = *mut c_void;
/// `hipStream_t`, `CUstream`
pub(super) type Stream = *mut c_void;
/// `hipEvent_t`, `CUevent`
pub(super) type Event = *mut c_void;

/// The null stream.
pub(super) const NULL: Stream = STREAM_NULL as Stream;

/// Streams may be named by a struct that the application left out.
pub(super) trait Named {
    fn stream(self) -> Option<Stream>;
    /// With `value` in the place of the special stream `special`.
    fn replaced(self, special: Stream, value: Stream) -> Self;
}

impl Named for Stream {
    fn stream(self) -> Option<Stream> {
        Some(self)
    }

    fn replaced(self, special: Stream, value: Stream) -> Stream {
        if self == special { value } else { self }
    }
}

impl Named for Option<Stream> {
    fn stream(self) -> Option<Stream> {
        self
    }

    fn replaced(self, special: Stream, value: Stream) -> Option<Stream> {
        self.map(|stream| stream.replaced(special, value))
    }
}

/// The elements of a list of the application's.
pub(super) fn each<'a, T>(list: Pointer, count: impl TryInto<usize>) -> &'a [T] {
    let count = count.try_into().unwrap_or(0);
    if list.is_null() || count == 0 {
        return &[];
    }
    // SAFETY: the application's own list of that many elements, valid during its call.
    unsafe { slice::from_raw_parts(list.cast(), count) }
}

/// Makes the call inside `operation`, or by itself where this library stays out.
#[inline]
pub(super) fn hooked<D, F, R>(call: F, operation: impl FnOnce(Call<'_, F, R>) -> Result<()>) -> R
where
    D: Interposed,
    F: FnOnce() -> R,
    R: Returned,
{
    // What the driver calls of its own functions meanwhile is no call of the application's.
    let Some(_own) = OwnCall::begin_outermost() else {
        HOOKS.count(Passage::Nested);
        return call();
    };
    if !schedules(D::FIRST_CALL_INITIALIZES) {
        HOOKS.count(Passage::Other);
        return call();
    }
    through(call, operation)
}

/// As `hooked`, with the stream and its queue.
#[inline]
pub(super) fn on_queue<D, F, R>(
    stream: impl Named,
    call: F,
    operation: impl FnOnce(&HwQueue, &Arc<Queue>, Call<'_, F, R>) -> Result<()>,
) -> R
where
    D: Interposed,
    F: FnOnce() -> R,
    R: Returned,
{
    hooked::<D, _, R>(call, |call| {
        let stream = stream.stream().ok_or_else(|| Error::null("stream"))?;
        with_driver_stream::<D, _>(stream as usize, |hw_queue, queue| match queue {
            Some(queue) => operation(hw_queue, queue, call),
            None => {
                HOOKS.count(Passage::NoQueue);
                call.make()
            }
        })
    })
}

/// A command of the stream.
#[inline]
pub(super) fn launch<D: Interposed, R: Returned>(
    stream: impl Named,
    call: impl FnOnce() -> R,
) -> R {
    launch_kind::<D, R>(stream, || Kind::UNKNOWN, call)
}

/// A kernel with this grid, or a graph.
#[inline]
pub(super) fn launch_of<D: Interposed, R: Returned>(
    stream: impl Named,
    what: Pointer,
    grid: [u32; 3],
    call: impl FnOnce() -> R,
) -> R {
    let kind = || Kind::of([what as u64].into_iter().chain(grid.map(u64::from)));
    launch_kind::<D, R>(stream, kind, call)
}

/// While nobody competes, or without a queue, a command passes here, without the rest of the machinery; beside a
/// competitor without looking the stream up once more.
#[inline]
fn launch_kind<D: Interposed, R: Returned>(
    stream: impl Named,
    kind: impl FnOnce() -> Kind,
    call: impl FnOnce() -> R,
) -> R {
    let stream = stream.stream();
    let mut parts = Some((kind, call));
    let launched = OwnCall::begin_outermost()
        .filter(|_| has_begun())
        .and_then(|_own| {
            with_known_driver_stream::<D, _>(stream? as usize, |queue| {
                let Some(queue) = queue else {
                    HOOKS.count(Passage::NoQueue);
                    return Some(parts.take()?.1());
                };
                let admitted = queue.try_pass();
                let (kind, call) = parts.take()?;
                let Some(admitted) = admitted else {
                    return Some(launch_tracked(queue, kind, call));
                };
                let returned = call();
                admitted.end(returned.code() == SUCCESS);
                Some(returned)
            })?
        });
    match (launched, parts) {
        (Some(returned), _) => returned,
        (None, Some((kind, call))) => launch_unknown::<D, R>(stream, kind, call),
        (None, None) => R::absent(), // Not made without an answer.
    }
}

#[cold]
#[inline(never)]
fn launch_tracked<R: Returned>(
    queue: &Queue,
    kind: impl FnOnce() -> Kind,
    call: impl FnOnce() -> R,
) -> R {
    through(call, |call| queue.launch_kind(kind, || call.make()))
}

#[cold]
#[inline(never)]
fn launch_unknown<D: Interposed, R: Returned>(
    stream: Option<Stream>,
    kind: impl FnOnce() -> Kind,
    call: impl FnOnce() -> R,
) -> R {
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        queue.launch_kind(kind, || call.make())
    })
}

/// A command that the caller waits for: everything before it in the stream is complete then, too.
pub(super) fn block<D: Interposed, R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        let (covers, result) = queue.launch_covering(|| queue.while_waited_for(|| call.make()));
        if result.is_ok() {
            queue.synchronized(covers);
        }
        result
    })
}

/// One command in each of several streams.
pub(super) fn launch_on_each<D: Interposed, R: Returned>(
    streams: Vec<Stream>,
    call: impl FnOnce() -> R,
) -> R {
    fn behind<D: Interposed>(
        streams: &[Stream],
        call: &mut dyn FnMut() -> Result<()>,
    ) -> Result<()> {
        let Some((&first, rest)) = streams.split_first() else {
            return call();
        };
        with_driver_stream::<D, _>(first as usize, |_, queue| match queue {
            Some(queue) => queue.launch(|| behind::<D>(rest, call)),
            None => behind::<D>(rest, call),
        })
    }
    hooked::<D, _, R>(call, |call| {
        if streams.is_empty() {
            HOOKS.count(Passage::Wait);
        }
        let mut call = Some(call);
        behind::<D>(&streams, &mut || call.take().map_or(Ok(()), Call::make))
    })
}

/// A graph is instantiated, and perhaps uploaded in a stream.
pub(super) fn instantiate<D: Interposed, R: Returned>(
    upload: Option<Stream>,
    call: impl FnOnce() -> R,
) -> R {
    match upload {
        Some(stream) => launch::<D, R>(stream, call),
        None => may_wait::<D, R>(call),
    }
}

/// The call makes, loads or frees something, for which the driver may have to wait for every stream: it
/// maps memory, or loads code when that is first used.
#[inline]
pub(super) fn may_wait<D: Interposed, R: Returned>(call: impl FnOnce() -> R) -> R {
    // Programs ask for kernels' attributes more often than they launch kernels.
    match OwnCall::begin_outermost().filter(|_| has_begun()) {
        Some(_own) => process().runtime.while_it_may_wait(call),
        None => may_wait_first::<D, R>(call),
    }
}

#[cold]
#[inline(never)]
fn may_wait_first<D: Interposed, R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked::<D, _, R>(call, |call| {
        process().runtime.while_it_may_wait(|| call.make())
    })
}

/// The call waits for every stream of a device, or may.
pub(super) fn wait_for_all<D: Interposed, R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        process().runtime.while_all_waited_for(|| call.make())
    })
}

/// The call waits for every stream of the calling thread's device (HIP) or context (CUDA).
pub(super) fn synchronize_device<D: Interposed, R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked::<D, _, R>(call, |call| {
        let driver = D::of(process())?;
        let (device, place) = (driver.current_device()?, driver.current_place()?);
        HOOKS.count(Passage::Wait);
        process()
            .runtime
            .synchronize_place(device, place, || call.make())
    })
}

/// The call waits for the stream.
pub(super) fn synchronize_stream<D: Interposed, R: Returned>(
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        HOOKS.count(Passage::Wait);
        let launched = queue.command_count_launched();
        queue.while_waited_for(|| call.make())?;
        queue.synchronized(launched);
        Ok(())
    })
}

/// The call asks whether the stream has work: success says what synchronising says.
pub(super) fn query_stream<D: Interposed, R: Returned>(
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        HOOKS.count(Passage::Wait);
        let launched = queue.command_count_launched();
        call.make()?;
        queue.synchronized(launched);
        Ok(())
    })
}

/// The stream records the event.
pub(super) fn record<D: Interposed, R: Returned>(
    event: Event,
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    record_around::<D, R>(ptr::null_mut(), event, stream, call)
}

/// A command with an event in front of it and one behind it, or as it; NULL is none.
pub(super) fn record_around<D: Interposed, R: Returned>(
    start: Event,
    stop: Event,
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    let (start, stop) = (start as usize, stop as usize);
    hooked::<D, _, R>(call, |call| {
        let recorded = &process().runtime.recorded;
        with_driver_stream::<D, _>(stream as usize, |_, queue| match queue {
            Some(queue) => recorded.record(start, stop, queue, || call.make()),
            None => {
                HOOKS.count(Passage::NoQueue);
                recorded.forget(start);
                recorded.forget(stop);
                call.make()
            }
        })
    })
}

/// The stream waits for the event.
pub(super) fn wait_event<D: Interposed, R: Returned>(
    stream: Stream,
    event: Event,
    call: impl FnOnce() -> R,
) -> R {
    on_queue::<D, _, R>(stream, call, |hw_queue, queue, call| {
        let recorded = &process().runtime.recorded;
        if recorded.is_behind_everything(event as usize) {
            return hw_queue.launch_open_wait(queue, || call.make());
        }
        recorded.waits(event as usize, hw_queue, queue);
        queue.launch(|| call.make())
    })
}

/// The stream waits for a value in memory or for a semaphore, which whoever may bring about.
pub(super) fn wait_for_any<D: Interposed, R: Returned>(
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    on_queue::<D, _, R>(stream, call, |hw_queue, queue, call| {
        hw_queue.launch_open_wait(queue, || call.make())
    })
}

/// The call waits for the event.
pub(super) fn synchronize_event<D: Interposed, R: Returned>(
    event: Event,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        process()
            .runtime
            .recorded
            .synchronize(event as usize, || call.make())
    })
}

/// The event ends.
pub(super) fn destroy_event<D: Interposed, R: Returned>(
    event: Event,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        process().runtime.recorded.forget(event as usize);
        call.make()
    })
}

/// A capture begins: no marker of ours may come after its beginning.
pub(super) fn begin_capture<D: Interposed, R: Returned>(
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    note_capture();
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        HOOKS.count(Passage::Wait);
        queue.between_markers(|| call.make())
    })
}

/// A stream is made, for which a driver may have to wait for the others. Its address may be that of one
/// whose destruction was not seen.
pub(super) fn create_stream<D: Interposed, R: Returned>(
    made: Pointer,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        process().runtime.while_it_may_wait(|| call.make())?;
        // SAFETY: the driver has written a stream there, so it is neither NULL nor invalid.
        let stream = unsafe { made.cast::<Stream>().read() };
        forget::<D>(stream);
        Ok(())
    })
}

/// A stream ends after its last command, for which the call may wait: nothing may hold that.
pub(super) fn destroy_stream<D: Interposed, R: Returned>(
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        forget::<D>(stream);
        call.make()
    })
}

fn forget<D: Interposed>(stream: Stream) {
    if stream as usize > STREAM_PER_THREAD {
        process()
            .runtime
            .forget_stream(StreamKey::of_handle(D::PLATFORM, stream as usize));
    }
}
