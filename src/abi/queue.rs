//! `XQueue*`: queues and the explicit commands submitted to them.

use crate::abi::guard::{check_out, guard, write_out};
use crate::abi::handle;
use crate::abi::types::{
    HwCommandHandle, HwQueueHandle, RawPreemptLevel, RawResult, XQueueHandle, XQueueState,
};
use crate::device::forbid_in_command;
use crate::error::{Error, Result};
use crate::process::process;
use crate::queue::{Level, SuspendFlags};

const SUSPEND_SYNC: i64 = 1;
const SUSPEND_WAIT_ALL: i64 = 2;
const SUSPEND_WAIT_IDLE: i64 = 4;
const RESUME_DROP: i64 = 1;
const CREATE_BLOCKING_SUBMIT: i64 = 1;

/// Creates a queue over the stream `hwq` and attaches it: from here on every launch on that stream
/// passes the queue's admission point. `level` is an `XPreemptLevel` the device can do, `flags` are
/// `XQueueCreateFlag`. If the stream already has a queue, that queue's handle is returned.
///
/// Errors: `InvalidValue` (`xq` is NULL, unknown level or flag), `NotFound` (`hwq`),
/// `NotSupported` (the device cannot do this level). Never blocks.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueCreate(
    xq: *mut XQueueHandle,
    hwq: HwQueueHandle,
    level: i64,
    flags: i64,
) -> RawResult {
    guard("XQueueCreate", || {
        check_out("xq", xq)?;
        let level = level_from("level", level)?;
        let known = if flags == -1 {
            CREATE_BLOCKING_SUBMIT
        } else {
            flags
        };
        refuse_unknown("flags", known, CREATE_BLOCKING_SUBMIT)?;
        let process = process();
        let hw_queue = handle::hw_queue(process, hwq)?;
        let blocking = known & CREATE_BLOCKING_SUBMIT != 0;
        let queue = process.runtime.create_queue(&hw_queue, level, blocking)?;
        write_out("xq", xq, queue.id().0)
    })
}

/// Destroys a queue: resumes it, waits until everything submitted to it has completed, detaches it
/// from its stream. The stream and launches on it go on unscheduled. Threads waiting at its gate go on.
///
/// Errors: `NotFound` (`xq` unknown or already destroyed), `NotAllowed` (from inside a command or a
/// launch callback). Blocks as long as the submitted work takes.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueDestroy(xq: XQueueHandle) -> RawResult {
    guard("XQueueDestroy", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        forbid_in_command("XQueueDestroy")?;
        process.runtime.destroy_queue(&queue)
    })
}

/// Finds the queue attached to the stream `hwq`.
///
/// Errors: `InvalidValue` (`xq` is NULL), `NotFound` (`hwq` unknown, or without a queue).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueGet(xq: *mut XQueueHandle, hwq: HwQueueHandle) -> RawResult {
    guard("XQueueGet", || {
        check_out("xq", xq)?;
        let hw_queue = handle::hw_queue(process(), hwq)?;
        let queue = hw_queue.queue().ok_or_else(|| Error::NotFound {
            argument: "hwq",
            reason: format!("stream {hwq:#x} has no XQueue"),
        })?;
        write_out("xq", xq, queue.id().0)
    })
}

/// Changes the preemption level at any time.
///
/// Errors: `NotFound`, `InvalidValue` (no such level), `NotSupported` (the device cannot do it; the
/// level stays as it was).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueSetPreemptLevel(xq: XQueueHandle, level: RawPreemptLevel) -> RawResult {
    guard("XQueueSetPreemptLevel", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        process
            .runtime
            .set_level(&queue, level_from("level", i64::from(level))?)
    })
}

/// Sets the most commands in flight (`threshold`) and the commands between two completion markers
/// (`batch_size`); 1 <= batch_size <= threshold. A value <= 0 leaves that setting as it is. Both are
/// chosen automatically until set. Safe at any time from any thread; commands in flight stay. What is in
/// flight may wait for the very thread that waits for room, for example by `hipStreamWaitValue32`: if
/// nothing completes for 10 ms and for 8 times the mean command time, one command more is let through
/// (`stalls` of `XQueueStats`).
///
/// Errors: `NotFound`, `InvalidValue` (batch_size > threshold; nothing is changed).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueSetLaunchConfig(
    xq: XQueueHandle,
    threshold: i64,
    batch_size: i64,
) -> RawResult {
    guard("XQueueSetLaunchConfig", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        process
            .runtime
            .set_launch_config(&queue, threshold, batch_size)
    })
}

/// Hands `hw_cmd` to the queue and returns at once (with `kQueueCreateFlagBlockingSubmit`: after it
/// was launched on this thread). Commands of one thread are launched in the order of their submission.
/// The command may be submitted again after it has completed. The library keeps the last 65,536
/// completed commands that nobody destroyed; older handles become unknown.
///
/// Errors: `NotFound`, `NotAllowed` (the command is pending already).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueSubmit(xq: XQueueHandle, hw_cmd: HwCommandHandle) -> RawResult {
    guard("XQueueSubmit", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        let command = handle::command(process, hw_cmd)?;
        process.runtime.submit(&queue, &command)
    })
}

/// Waits until a submitted command has completed and returns its own result.
///
/// Errors: `NotFound`, `NotAllowed` (never submitted, submitted to another queue, dropped, or called
/// from inside a command). Blocks; for ever if the queue stays suspended.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueWait(xq: XQueueHandle, hw_cmd: HwCommandHandle) -> RawResult {
    guard("XQueueWait", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        let command = handle::command(process, hw_cmd)?;
        forbid_in_command("XQueueWait")?;
        queue.wait(&command)
    })
}

/// Waits until everything submitted to the queue so far, and everything launched on its stream by
/// this library, has completed. Returns the first failure of an explicit command since the last call.
///
/// Errors: `NotFound`, `NotAllowed` (from inside a command). Blocks; for ever if it stays suspended.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueWaitAll(xq: XQueueHandle) -> RawResult {
    guard("XQueueWaitAll", || {
        let queue = handle::queue(process(), xq)?;
        forbid_in_command("XQueueWaitAll")?;
        queue.wait_all()
    })
}

/// Tells whether anything submitted is unfinished. Does not block.
///
/// Errors: `InvalidValue` (`state` is NULL), `NotFound`.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueQuery(xq: XQueueHandle, state: *mut XQueueState) -> RawResult {
    guard("XQueueQuery", || {
        check_out("state", state)?;
        let queue = handle::queue(process(), xq)?;
        let idle = queue.is_idle()?;
        let value = if idle {
            XQueueState::kQueueStateIdle
        } else {
            XQueueState::kQueueStateReady
        };
        write_out("state", state, value)
    })
}

/// Suspends a queue: commands that have not started do not start. Idempotent. `flags` are
/// `XQueueSuspendFlag`; without one the call does not block.
///
/// Errors: `NotFound`, `InvalidValue` (unknown flag), `NotAllowed` (a waiting flag from inside a
/// command).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueSuspend(xq: XQueueHandle, flags: i64) -> RawResult {
    guard("XQueueSuspend", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        const ALL: i64 = SUSPEND_SYNC | SUSPEND_WAIT_ALL | SUSPEND_WAIT_IDLE;
        let flags = if flags == -1 { ALL } else { flags };
        refuse_unknown("flags", flags, ALL)?;
        if flags != 0 {
            forbid_in_command("XQueueSuspend with a waiting flag")?;
        }
        process.runtime.suspend(
            &queue,
            SuspendFlags {
                sync: flags & SUSPEND_SYNC != 0,
                wait_all: flags & SUSPEND_WAIT_ALL != 0,
                wait_idle: flags & SUSPEND_WAIT_IDLE != 0,
            },
        )
    })
}

/// Takes back `XQueueSuspend`. Idempotent. A queue that the scheduler holds stays held. `flags` are
/// `XQueueResumeFlag`. Does not block.
///
/// Errors: `NotFound`, `InvalidValue` (unknown flag).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueResume(xq: XQueueHandle, flags: i64) -> RawResult {
    guard("XQueueResume", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        let flags = if flags == -1 { RESUME_DROP } else { flags };
        refuse_unknown("flags", flags, RESUME_DROP)?;
        process.runtime.resume(&queue, flags & RESUME_DROP != 0)
    })
}

/// Counts the commands submitted so far, launched or not.
///
/// Errors: `InvalidValue` (`count` is NULL), `NotFound`.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueProfileHwCommandCount(xq: XQueueHandle, count: *mut i64) -> RawResult {
    guard("XQueueProfileHwCommandCount", || {
        check_out("count", count)?;
        let queue = handle::queue(process(), xq)?;
        write_out("count", count, queue.command_count())
    })
}

fn level_from(argument: &'static str, level: i64) -> Result<Level> {
    Level::from_number(level)
        .ok_or_else(|| Error::invalid(argument, format!("is {level}, levels are 1, 2 and 3")))
}

pub(super) fn refuse_unknown(argument: &'static str, flags: i64, known: i64) -> Result<()> {
    if flags & !known == 0 {
        return Ok(());
    }
    Err(Error::invalid(
        argument,
        format!(
            "has unknown bits {:#x}, known are {known:#x}",
            flags & !known
        ),
    ))
}
