//! Streams.

use std::sync::OnceLock;

use gpusim::abi::{Address, HostFunction, Out, StreamCallback};
use gpusim::capture;
use gpusim::error::{Code, Result};
use gpusim::handles::handle_of;
use gpusim::op::{Op, UserData};
use gpusim::stream::{self, submit};
use gpusim::stream_handle;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::context;

exports! { context:
    cuStreamCreate(out: Out<Address>, flags: u32) { create(out, flags, 0) }

    cuStreamCreateWithPriority(out: Out<Address>, flags: u32, priority: i32) {
        create(out, flags, priority)
    }

    cuStreamDestroy(stream: StreamHandle) { stream_handle::release(stream.0) }

    cuStreamDestroy_v2(stream: StreamHandle) { stream_handle::release(stream.0) }
}

exports! { context; default:
    [cuStreamSynchronize] [cuStreamSynchronize_ptsz] (stream: StreamHandle) {
        let stream = default.stream(stream)?;
        capture::refuse_wait(&stream)?;
        stream::finish(&stream)?;
        failure(&stream)
    }

    [cuStreamQuery] [cuStreamQuery_ptsz] (stream: StreamHandle) {
        let stream = default.stream(stream)?;
        capture::refuse_wait(&stream)?;
        if !stream::is_finished(&stream) {
            return Err(Code::NOT_READY);
        }
        failure(&stream)
    }

    [cuStreamGetFlags] [cuStreamGetFlags_ptsz] (stream: StreamHandle, out: Out<u32>) {
        out.put(default.stream(stream)?.flags)
    }

    [cuStreamGetPriority] [cuStreamGetPriority_ptsz] (stream: StreamHandle, out: Out<i32>) {
        out.put(default.stream(stream)?.priority)
    }

    [cuStreamGetId] [cuStreamGetId_ptsz] (stream: StreamHandle, out: Out<u64>) {
        out.put(default.stream(stream)?.id)
    }

    [cuStreamGetDevice] [cuStreamGetDevice_ptsz] (stream: StreamHandle, out: Out<i32>) {
        out.put(default.stream(stream)?.context.device.number())
    }

    [cuStreamGetCtx] [cuStreamGetCtx_ptsz] (stream: StreamHandle, out: Out<Address>) {
        out.put(handle_of(&default.stream(stream)?.context))
    }

    // There are no green contexts.
    [cuStreamGetCtx_v2] [cuStreamGetCtx_v2_ptsz] (
        stream: StreamHandle, out: Out<Address>, green: Out<Address>,
    ) {
        green.put_optional(Address(0));
        out.put(handle_of(&default.stream(stream)?.context))
    }

    [cuLaunchHostFunc] [cuLaunchHostFunc_ptsz] (
        stream: StreamHandle, function: HostFunction, data: UserData,
    ) {
        if function.is_none() {
            return Err(Code::INVALID_VALUE);
        }
        submit(&default.stream(stream)?, Op::Host(function, data))
    }

    [cuStreamAddCallback] [cuStreamAddCallback_ptsz] (
        stream: StreamHandle, callback: StreamCallback, data: UserData, flags: u32,
    ) {
        if callback.is_none() || flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        submit(&default.stream(stream)?, Op::Callback(callback, stream.0, data))
    }

    [cuStreamAttachMemAsync] [cuStreamAttachMemAsync_ptsz] (
        stream: StreamHandle, memory: Address, _bytes: usize, _flags: u32,
    ) {
        default.stream(stream)?;
        if memory.is_null() { Err(Code::INVALID_VALUE) } else { Ok(()) }
    }
}

fn create(out: Out<Address>, flags: u32, priority: i32) -> Result {
    out.require()?;
    if is_made_behind_all() {
        context::current()?.synchronize();
    }
    out.put(stream_handle::create(flags, priority, None)?)
}

/// `CUDASIM_STREAMS=wait`: making a stream waits for its context.
fn is_made_behind_all() -> bool {
    static WAIT: OnceLock<bool> = OnceLock::new();
    let choices = [("free", false), ("wait", true)];
    *WAIT.get_or_init(|| gpusim::config::choice("STREAMS", false, &choices))
}

/// What happened on the device while the host waited.
fn failure(stream: &stream::Stream) -> Result {
    stream.context.failure().map_or(Ok(()), Err)
}
