//! What only HIP's functions do.

use crate::device::driver::{STREAM_LEGACY, STREAM_NULL, STREAM_PER_THREAD};
use crate::device::hip::Hip;
use crate::interpose::Interposed;
use crate::interpose::ops::{Event, Named, Stream, block, hooked, launch, on_queue, record_around};
use crate::interpose::outcome::Returned;
use crate::observe::hooks::{HOOKS, Passage};
use crate::process::{Driver, process};

/// `hipMemcpyHostToDevice` and `hipMemcpyDeviceToHost`: the caller waits for these, not for others.
const HOST_COPIES: [i32; 2] = [1, 2];

/// What a `_spt` entry point means by this stream.
pub(super) fn per_thread(stream: Stream) -> Stream {
    let own = STREAM_PER_THREAD as Stream;
    stream
        .replaced(STREAM_NULL as Stream, own)
        .replaced(STREAM_LEGACY as Stream, own)
}

/// A copy: the caller waits for those between host and device.
pub(super) fn copy<D: Interposed, R: Returned>(
    stream: Stream,
    kind: i32,
    call: impl FnOnce() -> R,
) -> R {
    if HOST_COPIES.contains(&kind) {
        block::<D, R>(stream, call)
    } else {
        launch::<D, R>(stream, call)
    }
}

/// A command that may turn out to wait for every stream, as `hipFree` does.
pub(super) fn free<D: Interposed, R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        queue.launch(|| process().runtime.while_all_waited_for(|| call.make()))
    })
}

/// A command with an event in front of it and one behind it, either of which may be left out.
pub(super) fn launch_with_events<D: Interposed, R: Returned>(
    start: Event,
    stop: Event,
    stream: Stream,
    call: impl FnOnce() -> R,
) -> R {
    if start.is_null() && stop.is_null() {
        launch::<D, R>(stream, call)
    } else {
        record_around::<D, R>(start, stop, stream, call)
    }
}

/// `hipDeviceReset`: the streams of the device end.
pub(super) fn reset_device<D: Interposed, R: Returned>(call: impl FnOnce() -> R) -> R {
    hooked::<D, _, R>(call, |call| {
        let hip = Hip::of(process())?;
        let ordinal = hip.current_ordinal()?;
        HOOKS.count(Passage::Wait);
        process().runtime.forget_device(&(hip.device(ordinal) as _));
        let reset = call.make();
        hip.forget(ordinal);
        reset
    })
}
