//! Streams.

use gpusim::abi::{Address, HostFunction, In, Out, StreamCallback};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::op::{Op, UserData};
use gpusim::runtime;
use gpusim::stream::{self, submit};
use gpusim::stream_handle;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::profile::{GREATEST_PRIORITY, LEAST_PRIORITY};

exports! {
    hipStreamCreate(out: Out<Address>) { create(out, 0, 0, None) }

    hipStreamCreateWithFlags(out: Out<Address>, flags: u32) { create(out, flags, 0, None) }

    hipStreamCreateWithPriority(out: Out<Address>, flags: u32, priority: i32) {
        create(out, flags, priority, None)
    }

    hipExtStreamCreateWithCUMask(out: Out<Address>, words: u32, mask: In<u32>) {
        let mask = mask.array(words as usize)?;
        if mask.is_empty() {
            return Err(Code::INVALID_VALUE);
        }
        create(out, 0, 0, Some(mask))
    }

    hipExtStreamGetCUMask(stream: StreamHandle, words: u32, out: Out<u32>) {
        // A stream without a mask uses every compute unit.
        let mask = stream.get()?.cu_mask.clone();
        let others = if mask.is_some() { 0 } else { u32::MAX };
        let all = mask.unwrap_or_default().into_iter().chain(std::iter::repeat(others));
        out.put_all(all.take(words as usize))
    }

    hipStreamDestroy(stream: StreamHandle) { stream_handle::destroy(stream.0) }

    hipStreamSynchronize(stream: StreamHandle) { synchronize(&stream.get()?) }

    hipStreamSynchronize_spt(stream: StreamHandle) { synchronize(&stream.get_per_thread()?) }

    hipStreamQuery(stream: StreamHandle) { query(&stream.get()?) }

    hipStreamQuery_spt(stream: StreamHandle) { query(&stream.get_per_thread()?) }

    hipStreamGetFlags(stream: StreamHandle, out: Out<u32>) { out.put(stream.get()?.flags) }

    hipStreamGetFlags_spt(stream: StreamHandle, out: Out<u32>) {
        out.put(stream.get_per_thread()?.flags)
    }

    hipStreamGetPriority(stream: StreamHandle, out: Out<i32>) { out.put(stream.get()?.priority) }

    hipStreamGetPriority_spt(stream: StreamHandle, out: Out<i32>) {
        out.put(stream.get_per_thread()?.priority)
    }

    hipStreamGetDevice(stream: StreamHandle, out: Out<i32>) {
        out.put(stream.get()?.context.device.number())
    }

    hipStreamGetId(stream: StreamHandle, out: Out<u64>) { out.put(stream.get()?.id) }

    hipDeviceGetStreamPriorityRange(least: Out<i32>, greatest: Out<i32>) {
        least.put_optional(LEAST_PRIORITY);
        greatest.put_optional(GREATEST_PRIORITY);
        Ok(())
    }

    hipLaunchHostFunc(stream: StreamHandle, function: HostFunction, data: UserData) {
        host_function(&stream.get()?, function, data)
    }

    hipLaunchHostFunc_spt(stream: StreamHandle, function: HostFunction, data: UserData) {
        host_function(&stream.get_per_thread()?, function, data)
    }

    hipStreamAddCallback(
        stream: StreamHandle, callback: StreamCallback, data: UserData, flags: u32,
    ) {
        add_callback(&stream.get()?, stream, callback, data, flags)
    }

    hipStreamAddCallback_spt(
        stream: StreamHandle, callback: StreamCallback, data: UserData, flags: u32,
    ) {
        add_callback(&stream.get_per_thread()?, stream, callback, data, flags)
    }

    hipStreamAttachMemAsync(stream: StreamHandle, memory: Address, _bytes: usize, _flags: u32) {
        stream.get()?;
        if memory.is_null() { Err(Code::INVALID_VALUE) } else { Ok(()) }
    }
}

/// Returns a device's ordinal, not a code.
#[unsafe(no_mangle)]
extern "C" fn hipGetStreamDeviceId(stream: StreamHandle) -> i32 {
    if runtime::is_forked_child() {
        return -1;
    }
    stream
        .get()
        .map_or(-1, |stream| stream.context.device.number())
}

type Stream = std::sync::Arc<stream::Stream>;

fn create(out: Out<Address>, flags: u32, priority: i32, mask: Option<Vec<u32>>) -> Result {
    out.require()?;
    out.put(stream_handle::create(flags, priority, mask)?)
}

fn synchronize(stream: &Stream) -> Result {
    capture::refuse_wait(stream)?;
    stream::finish(stream)
}

fn query(stream: &Stream) -> Result {
    capture::refuse_wait(stream)?;
    if stream::is_finished(stream) {
        Ok(())
    } else {
        Err(Code::NOT_READY)
    }
}

fn host_function(stream: &Stream, function: HostFunction, data: UserData) -> Result {
    if function.is_none() {
        return Err(Code::INVALID_VALUE);
    }
    submit(stream, Op::Host(function, data))
}

fn add_callback(
    stream: &Stream,
    handle: StreamHandle,
    callback: StreamCallback,
    data: UserData,
    flags: u32,
) -> Result {
    if callback.is_none() || flags != 0 {
        return Err(Code::INVALID_VALUE);
    }
    submit(stream, Op::Callback(callback, handle.0, data))
}
