//! Events.

use gpusim::abi::{Address, Out};
use gpusim::error::{Code, Result};
use gpusim::event::{self, EventHandle};
use gpusim::op::Op;
use gpusim::stream::submit;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::context::{self, of};
use crate::default_stream::Default;

exports! { context:
    cuEventCreate(out: Out<Address>, flags: u32) {
        /// Blocking, no timing, interprocess.
        const FLAGS: u32 = 7;
        out.require()?;
        if flags & !FLAGS != 0 {
            return Err(Code::INVALID_VALUE);
        }
        out.put(event::create(flags))
    }

    cuEventDestroy(event: EventHandle) { event::destroy(event.0) }

    cuEventDestroy_v2(event: EventHandle) { event::destroy(event.0) }

    cuEventQuery(event: EventHandle) { event.get()?.query().and_then(|()| failure()) }

    cuEventSynchronize(event: EventHandle) {
        event.get()?.synchronize()?;
        failure()
    }

    cuEventElapsedTime(out: Out<f32>, start: EventHandle, stop: EventHandle) {
        elapsed(out, start, stop)
    }

    cuEventElapsedTime_v2(out: Out<f32>, start: EventHandle, stop: EventHandle) {
        elapsed(out, start, stop)
    }
}

exports! { context:
    cuCtxRecordEvent(context: Address, event: EventHandle) {
        let event_object = event.get()?;
        of(context)?.record_all(event_object, event);
        Ok(())
    }

    // Streams that are created later do not wait here.
    cuCtxWaitEvent(context: Address, event: EventHandle) {
        let event_object = event.get()?;
        let streams = of(context)?.streams();
        let mut waits = streams.iter();
        waits.try_for_each(|stream| submit(stream, Op::WaitEvent(event_object.clone(), event)))
    }
}

exports! { context; default:
    [cuEventRecord] [cuEventRecord_ptsz] (event: EventHandle, stream: StreamHandle) {
        record(default, event, stream)
    }

    [cuEventRecordWithFlags] [cuEventRecordWithFlags_ptsz] (
        event: EventHandle, stream: StreamHandle, _flags: u32,
    ) {
        record(default, event, stream)
    }

    [cuStreamWaitEvent] [cuStreamWaitEvent_ptsz] (
        stream: StreamHandle, event: EventHandle, _flags: u32,
    ) {
        let event_object = event.get()?;
        submit(&default.stream(stream)?, Op::WaitEvent(event_object, event))
    }
}

/// What happened on the device meanwhile.
fn failure() -> Result {
    context::current()?.failure().map_or(Ok(()), Err)
}

fn record(default: Default, event: EventHandle, stream: StreamHandle) -> Result {
    let (found, stream) = (event.get()?, default.stream(stream)?);
    if found.owner != stream.context.id {
        return Err(Code::INVALID_HANDLE);
    }
    submit(&stream, Op::Record(found, event))
}

fn elapsed(out: Out<f32>, start: EventHandle, stop: EventHandle) -> Result {
    out.require()?;
    out.put(stop.get()?.elapsed_since(&*start.get()?)?)
}
