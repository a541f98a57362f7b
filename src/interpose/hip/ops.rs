//! What the hooks do: one operation per kind of call. Each makes the application's call once, on its own
//! thread, and returns the driver's own code.

use std::ptr;
use std::sync::Arc;

use super::structs::{Event, Pointer, Stream, stream_of_instantiation};
use crate::device::driver::OwnCall;
use crate::device::driver::{STREAM_LEGACY, STREAM_NULL, STREAM_PER_THREAD, SUCCESS};
use crate::device::hip::Hip;
use crate::device::hip::PLATFORM;
use crate::error::{Error, Result};
use crate::interpose::other::{has_begun, schedules};
use crate::interpose::outcome::{Call, Returned, through};
use crate::observe::hooks::{HOOKS, Passage};
use crate::process::{Driver, process, with_driver_stream, with_known_driver_stream};
use crate::queue::Queue;
use crate::runtime::{HwQueue, StreamKey};

/// The null stream.
pub(super) const NULL: Stream = STREAM_NULL as Stream;

/// `hipMemcpyHostToDevice` and `hipMemcpyDeviceToHost`: the caller waits for these, not for others.
const HOST_COPIES: [i32; 2] = [1, 2];

/// What a `_spt` entry point means by this stream.
pub(super) fn per_thread(stream: Stream) -> Stream {
    match stream as usize {
        STREAM_NULL | STREAM_LEGACY => STREAM_PER_THREAD as Stream,
        _ => stream,
    }
}

/// Streams may be named by a struct that the application left out.
pub(super) trait Named {
    fn stream(self) -> Option<Stream>;
}

impl Named for Stream {
    fn stream(self) -> Option<Stream> {
        Some(self)
    }
}

impl Named for Option<Stream> {
    fn stream(self) -> Option<Stream> {
        self
    }
}

/// Makes the call inside `operation`, or by itself where this library stays out.
#[inline]
fn hooked<F, R>(call: F, operation: impl FnOnce(Call<'_, F, R>) -> Result<()>) -> R
where
    F: FnOnce() -> R,
    R: Returned,
{
    // What the driver calls of its own functions meanwhile is no call of the application's.
    let Some(_own) = OwnCall::begin_outermost() else {
        HOOKS.count(Passage::Nested);
        return call();
    };
    if !schedules() {
        HOOKS.count(Passage::Other);
        return call();
    }
    through(call, operation)
}

/// As `hooked`, with the stream and its queue.
#[inline]
fn on_queue<F, R>(
    stream: impl Named,
    call: F,
    operation: impl FnOnce(&HwQueue, &Arc<Queue>, Call<'_, F, R>) -> Result<()>,
) -> R
where
    F: FnOnce() -> R,
    R: Returned,
{
    hooked(call, |call| {
        let stream = stream.stream().ok_or_else(|| Error::null("config"))?;
        with_driver_stream::<Hip, _>(stream as usize, |hw_queue, queue| match queue {
            Some(queue) => operation(hw_queue, queue, call),
            None => {
                HOOKS.count(Passage::NoQueue);
                call.make()
            }
        })
    })
}

/// A command of the stream. While nobody competes, or without a queue, it passes here, without the rest of
/// the machinery.
#[inline]
pub(super) fn launch<R: Returned>(stream: impl Named, call: impl FnOnce() -> R) -> R {
    let stream = stream.stream();
    let mut call = Some(call);
    let passed = OwnCall::begin_outermost()
        .filter(|_| has_begun())
        .and_then(|_own| {
            with_known_driver_stream::<Hip, _>(stream? as usize, |queue| {
                let Some(queue) = queue else {
                    HOOKS.count(Passage::NoQueue);
                    return Some(call.take()?());
                };
                let admitted = queue.try_pass()?;
                let returned = call.take()?();
                admitted.end(returned.code() == SUCCESS);
                Some(returned)
            })?
        });
    match (passed, call) {
        (Some(returned), _) => returned,
        (None, Some(call)) => launch_tracked(stream, call),
        (None, None) => R::absent(), // Not made without an answer.
    }
}

#[cold]
#[inline(never)]
fn launch_tracked<R: Returned>(stream: Option<Stream>, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |_, queue, call| queue.launch(|| call.make()))
}

/// A command that the caller waits for: everything before it in the stream is complete then, too.
pub(super) fn block<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |_, queue, call| {
        let (covers, result) = queue.launch_covering(|| queue.while_waited_for(|| call.make()));
        if result.is_ok() {
            queue.synchronized(covers);
        }
        result
    })
}

/// A copy: the caller waits for those between host and device.
pub(super) fn copy<R: Returned>(stream: Stream, kind: i32, call: impl FnOnce() -> R) -> R {
    if HOST_COPIES.contains(&kind) {
        block(stream, call)
    } else {
        launch(stream, call)
    }
}

/// A command that may turn out to wait for every stream, as `hipFree` does.
pub(super) fn free<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |_, queue, call| {
        queue.launch(|| process().runtime.while_all_waited_for(|| call.make()))
    })
}

/// One command in each of several streams.
pub(super) fn launch_on_each<R: Returned>(streams: Vec<Stream>, call: impl FnOnce() -> R) -> R {
    fn behind(streams: &[Stream], call: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let Some((&first, rest)) = streams.split_first() else {
            return call();
        };
        with_driver_stream::<Hip, _>(first as usize, |_, queue| match queue {
            Some(queue) => queue.launch(|| behind(rest, call)),
            None => behind(rest, call),
        })
    }
    hooked(call, |call| {
        if streams.is_empty() {
            HOOKS.count(Passage::Wait);
        }
        let mut call = Some(call);
        behind(&streams, &mut || call.take().map_or(Ok(()), Call::make))
    })
}

/// A graph is instantiated, and perhaps uploaded in a stream.
pub(super) fn instantiate<R: Returned>(params: Pointer, call: impl FnOnce() -> R) -> R {
    match stream_of_instantiation(params) {
        Some(stream) => launch(stream, call),
        None => hooked(call, |call| {
            HOOKS.count(Passage::Wait);
            call.make()
        }),
    }
}

/// The call waits for every stream of a device, or may.
pub(super) fn wait_for_all<R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        HOOKS.count(Passage::Wait);
        process().runtime.while_all_waited_for(|| call.make())
    })
}

/// `hipDeviceSynchronize`
pub(super) fn synchronize_device<R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        let hip = Hip::of(process())?;
        let device = hip.current_device()?;
        HOOKS.count(Passage::Wait);
        process().runtime.synchronize_device(device, || call.make())
    })
}

/// `hipStreamSynchronize`
pub(super) fn synchronize_stream<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |_, queue, call| {
        HOOKS.count(Passage::Wait);
        let launched = queue.command_count_launched();
        queue.while_waited_for(|| call.make())?;
        queue.synchronized(launched);
        Ok(())
    })
}

/// `hipStreamQuery`: success says what synchronising says.
pub(super) fn query_stream<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |_, queue, call| {
        HOOKS.count(Passage::Wait);
        let launched = queue.command_count_launched();
        call.make()?;
        queue.synchronized(launched);
        Ok(())
    })
}

/// `hipEventRecord`
pub(super) fn record<R: Returned>(event: Event, stream: Stream, call: impl FnOnce() -> R) -> R {
    record_around(ptr::null_mut(), event, stream, call)
}

/// A command with an event in front of it and one behind it, either of which may be left out.
pub(super) fn launch_with_events<R: Returned>(
    start: Event,
    stop: Event,
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    if start.is_null() && stop.is_null() {
        launch(stream, call)
    } else {
        record_around(start, stop, stream, call)
    }
}

fn record_around<R: Returned>(
    start: Event,
    stop: Event,
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    let (start, stop) = (start as usize, stop as usize);
    hooked(call, |call| {
        let recorded = &process().runtime.recorded;
        with_driver_stream::<Hip, _>(stream as usize, |_, queue| match queue {
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

/// `hipStreamWaitEvent`
pub(super) fn wait_event<R: Returned>(stream: Stream, event: Event, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |hw_queue, queue, call| {
        process()
            .runtime
            .recorded
            .waits(event as usize, hw_queue, queue);
        queue.launch(|| call.make())
    })
}

/// The stream waits for a value in memory or for a semaphore, which whoever may bring about.
pub(super) fn wait_for_any<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |hw_queue, queue, call| {
        hw_queue.launch_open_wait(queue, || call.make())
    })
}

/// `hipEventSynchronize`
pub(super) fn synchronize_event<R: Returned>(event: Event, call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        HOOKS.count(Passage::Wait);
        process()
            .runtime
            .recorded
            .synchronize(event as usize, || call.make())
    })
}

/// `hipEventDestroy`
pub(super) fn destroy_event<R: Returned>(event: Event, call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        HOOKS.count(Passage::Wait);
        process().runtime.recorded.forget(event as usize);
        call.make()
    })
}

/// `hipStreamBeginCapture`: no marker of ours may come after its beginning.
pub(super) fn begin_capture<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue(stream, call, |_, queue, call| {
        HOOKS.count(Passage::Wait);
        queue.between_markers(|| call.make())
    })
}

/// A stream is made. Its address may be that of one whose destruction was not seen.
pub(super) fn create_stream<R: Returned>(made: Pointer, call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        HOOKS.count(Passage::Wait);
        call.make()?;
        // SAFETY: the driver has written a stream there, so it is neither NULL nor invalid.
        let stream = unsafe { made.cast::<Stream>().read() };
        forget(stream);
        Ok(())
    })
}

/// `hipStreamDestroy`: it waits for the stream's last command, so nothing may hold that.
pub(super) fn destroy_stream<R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        HOOKS.count(Passage::Wait);
        forget(stream);
        call.make()
    })
}

fn forget(stream: Stream) {
    if stream as usize > STREAM_PER_THREAD {
        process()
            .runtime
            .forget_stream(StreamKey::of_handle(PLATFORM, stream as usize));
    }
}

/// `hipDeviceReset`: the streams of the device end.
pub(super) fn reset_device<R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked(call, |call| {
        let hip = Hip::of(process())?;
        let ordinal = hip.current_ordinal()?;
        HOOKS.count(Passage::Wait);
        process().runtime.forget_device(&(hip.device(ordinal) as _));
        let reset = call.make();
        hip.forget(ordinal);
        reset
    })
}
