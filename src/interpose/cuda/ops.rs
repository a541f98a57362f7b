//! What only CUDA's functions do.

use super::structs::any_waits;
use crate::device::Place;
use crate::device::cuda::Cuda;
use crate::interpose::Interposed;
use crate::interpose::ops::{Event, Pointer, Stream, hooked, launch, on_queue, wait_for_any};
use crate::interpose::outcome::Returned;
use crate::observe::hooks::{HOOKS, Passage};
use crate::process::{Driver, process};

/// A copy whose memory decides whether the caller waits for it. So it is not known to be complete then.
pub(super) fn may_block<D: Interposed, R: Returned>(stream: Stream, call: impl FnOnce() -> R) -> R {
    on_queue::<D, _, R>(stream, call, |_, queue, call| {
        queue.launch(|| queue.while_waited_for(|| call.make()))
    })
}

/// `cuStreamBatchMemOp`
pub(super) fn memory_operations<D: Interposed, R: Returned>(
    stream: Stream,
    list: Pointer,
    count: u32,
    call: impl FnOnce() -> R,
) -> R {
    if any_waits(list, count) {
        wait_for_any::<D, R>(stream, call)
    } else {
        launch::<D, R>(stream, call)
    }
}

/// `cuCtxRecordEvent`: the event stands behind every stream of a context.
pub(super) fn record_behind_all<D: Interposed, R: Returned>(
    event: Event,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        call.make()?;
        process()
            .runtime
            .recorded
            .record_behind_everything(event as usize);
        Ok(())
    })
}

/// `cuCtxSynchronize_v2`
pub(super) fn synchronize_context<D: Interposed, R: Returned>(
    context: Pointer,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        let context = context as usize;
        let device = Cuda::of(process())?.context(context)?.device();
        HOOKS.count(Passage::Wait);
        process()
            .runtime
            .synchronize_place(device, Place::Context(context), || call.make())
    })
}

/// A context ends, after the last command of its streams.
pub(super) fn destroy_context<D: Interposed, R: Returned>(
    context: Pointer,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        let cuda = Cuda::of(process())?;
        forget(cuda, Place::Context(context as usize));
        call.make()
    })
}

/// `cuDevicePrimaryCtxReset`
pub(super) fn reset_primary_context<D: Interposed, R: Returned>(
    device: i32,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        let cuda = Cuda::of(process())?;
        if let Some(place) = cuda.primary_context(device) {
            forget(cuda, place);
        }
        call.make()
    })
}

/// `cuDevicePrimaryCtxRelease`: the context ends if nobody else has retained it.
pub(super) fn release_primary_context<D: Interposed, R: Returned>(
    device: i32,
    call: impl FnOnce() -> R,
) -> R {
    hooked::<D, _, R>(call, |call| {
        HOOKS.count(Passage::Wait);
        let cuda = Cuda::of(process())?;
        let before = cuda.primary_context(device);
        process().runtime.while_all_waited_for(|| call.make())?;
        if let Some(place) = before
            && cuda.primary_context(device).is_none()
        {
            forget(cuda, place);
        }
        Ok(())
    })
}

/// The streams of this context are held no more, and known no more.
fn forget(cuda: &Cuda, place: Place) {
    process().runtime.forget_place(place);
    cuda.forget(place);
}
