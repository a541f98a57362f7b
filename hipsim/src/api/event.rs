//! Events.

use gpusim::abi::{Address, Out};
use gpusim::error::{Code, Result};
use gpusim::event::{self, EventHandle};
use gpusim::op::Op;
use gpusim::stream::{Stream, submit};
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;

exports! {
    hipEventCreate(out: Out<Address>) { create(out, 0) }

    hipEventCreateWithFlags(out: Out<Address>, flags: u32) { create(out, flags) }

    hipEventDestroy(event: EventHandle) { event::destroy(event.0) }

    hipEventRecord(event: EventHandle, stream: StreamHandle) { record(event, &stream.get()?) }

    hipEventRecord_spt(event: EventHandle, stream: StreamHandle) {
        record(event, &stream.get_per_thread()?)
    }

    hipEventRecordWithFlags(event: EventHandle, stream: StreamHandle, _flags: u32) {
        record(event, &stream.get()?)
    }

    hipEventQuery(event: EventHandle) { event.get()?.query() }

    hipEventSynchronize(event: EventHandle) { event.get()?.synchronize() }

    hipEventElapsedTime(out: Out<f32>, start: EventHandle, stop: EventHandle) {
        out.require()?;
        out.put(stop.get()?.elapsed_since(&*start.get()?)?)
    }

    hipStreamWaitEvent(stream: StreamHandle, event: EventHandle, _flags: u32) {
        wait(&stream.get()?, event)
    }

    hipStreamWaitEvent_spt(stream: StreamHandle, event: EventHandle, _flags: u32) {
        wait(&stream.get_per_thread()?, event)
    }
}

/// Every flag that a release knows: blocking, no timing, interprocess, and three about fences.
const FLAGS: u32 = 0xe000_0007;

fn create(out: Out<Address>, flags: u32) -> Result {
    out.require()?;
    if flags & !FLAGS != 0 {
        return Err(Code::INVALID_VALUE);
    }
    crate::current::device()?;
    out.put(event::create(flags))
}

fn record(event: EventHandle, stream: &std::sync::Arc<Stream>) -> Result {
    submit(stream, Op::Record(event.get()?, event))
}

fn wait(stream: &std::sync::Arc<Stream>, event: EventHandle) -> Result {
    submit(stream, Op::WaitEvent(event.get()?, event))
}
