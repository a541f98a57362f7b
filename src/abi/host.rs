//! `Host*`: the software device. Its launch and wait calls are to it what a vendor's driver calls
//! are to a GPU: on a stream with an XQueue they pass that queue's admission point.

use std::ffi::c_void;

use crate::abi::guard::{check_out, guard, write_out};
use crate::abi::handle;
use crate::abi::types::{
    HostEventHandle, HwQueueHandle, LaunchCallback, Priority, RawHostFault, RawResult,
};
use crate::device::host::Fault;
use crate::device::{Stream, forbid_in_command};
use crate::error::{Error, Result};
use crate::process::{process, with_stream};
use crate::sched::{PRIORITY_MAX, PRIORITY_MIN};

/// Creates a stream on the software device. `priority` is the stream's own, `PRIORITY_MIN` to
/// `PRIORITY_MAX`: when an execution unit becomes free, the first command of the stream with the
/// largest priority runs next, among equals the one that became ready first. It is independent of
/// `XHintPriority`. `XSCHED_HOST_UNITS` sets the number of execution units (default 1).
///
/// Errors: `InvalidValue` (`hwq` is NULL, priority out of range).
#[unsafe(no_mangle)]
pub extern "C" fn HostQueueCreate(hwq: *mut HwQueueHandle, priority: Priority) -> RawResult {
    guard("HostQueueCreate", || {
        check_out("hwq", hwq)?;
        if !(PRIORITY_MIN..=PRIORITY_MAX).contains(&priority) {
            return Err(Error::invalid(
                "priority",
                format!("is {priority}, out of range"),
            ));
        }
        let hw_queue = process().runtime.create_host_queue(priority);
        write_out("hwq", hwq, hw_queue.id())
    })
}

/// Launches `callback(hwq, data)` on the stream and returns: an execution unit runs it in stream
/// order. This is the device's own launch call. With an XQueue on the stream the calling thread
/// passes its admission point first, and may wait there. `HwQueueSynchronize` reports a failing callback.
///
/// Errors: `NotFound`, `InvalidValue` (`callback` is NULL), `NotAllowed` (from inside a command),
/// `Hardware`.
#[unsafe(no_mangle)]
pub extern "C" fn HostQueueLaunch(
    hwq: HwQueueHandle,
    callback: LaunchCallback,
    data: *mut c_void,
) -> RawResult {
    guard("HostQueueLaunch", || {
        let callback = handle::Callback::new("callback", callback, data)?;
        launch(hwq, "HostQueueLaunch", move || callback.call(hwq))
    })
}

/// Launches a command that occupies an execution unit for `duration_us` microseconds and does nothing.
///
/// Errors: as `HostQueueLaunch`; `InvalidValue` (`duration_us` is negative).
#[unsafe(no_mangle)]
pub extern "C" fn HostQueueDelay(hwq: HwQueueHandle, duration_us: i64) -> RawResult {
    guard("HostQueueDelay", || {
        let duration = u64::try_from(duration_us)
            .map_err(|_| Error::invalid("duration_us", format!("is {duration_us}, negative")))?;
        let duration = std::time::Duration::from_micros(duration);
        launch(hwq, "HostQueueDelay", move || {
            crate::device::host::occupy(duration);
            0
        })
    })
}

fn launch(
    hwq: HwQueueHandle,
    function: &'static str,
    work: impl FnOnce() -> i32 + Send + 'static,
) -> Result<()> {
    forbid_in_command(function)?;
    with_stream(hwq, |hw_queue, queue| {
        let stream = hw_queue.host_stream()?;
        match queue {
            Some(queue) => queue.launch(|| stream.launch(Box::new(work))),
            None => stream.launch(Box::new(work)),
        }
    })
}

/// Creates an event of the software device.
///
/// Errors: `InvalidValue` (`event` is NULL).
#[unsafe(no_mangle)]
pub extern "C" fn HostEventCreate(event: *mut HostEventHandle) -> RawResult {
    guard("HostEventCreate", || {
        check_out("event", event)?;
        write_out("event", event, process().runtime.create_host_event())
    })
}

/// Destroys an event. Waits already enqueued for it stay valid.
///
/// Errors: `NotFound`.
#[unsafe(no_mangle)]
pub extern "C" fn HostEventDestroy(event: HostEventHandle) -> RawResult {
    guard("HostEventDestroy", || {
        process().runtime.events.remove(event).map(drop)
    })
}

/// Records the event in the stream: it completes when everything launched there before has. Recording
/// it again gives it a new completion. A command like any other: passes the admission point.
///
/// Errors: `NotFound`, `NotAllowed` (from inside a command), `Hardware`.
#[unsafe(no_mangle)]
pub extern "C" fn HostEventRecord(event: HostEventHandle, hwq: HwQueueHandle) -> RawResult {
    guard("HostEventRecord", || {
        let event = handle::host_event(process(), event)?;
        forbid_in_command("HostEventRecord")?;
        with_stream(hwq, |hw_queue, queue| event.record(hw_queue, queue))
    })
}

/// Makes the stream wait, on the device, for the event's last recording. A high-priority queue that
/// waits for a lower one lends it its priority until the event has passed.
///
/// Errors: `NotFound`, `NotAllowed` (from inside a command), `Hardware`. Does not wait for the event.
#[unsafe(no_mangle)]
pub extern "C" fn HostQueueWaitEvent(hwq: HwQueueHandle, event: HostEventHandle) -> RawResult {
    guard("HostQueueWaitEvent", || {
        let event = handle::host_event(process(), event)?;
        forbid_in_command("HostQueueWaitEvent")?;
        with_stream(hwq, |hw_queue, queue| event.wait_in_stream(hw_queue, queue))
    })
}

/// Tells whether the event's last recording has completed (1) or not (0); 1 if never recorded.
///
/// Errors: `InvalidValue` (`completed` is NULL), `NotFound`.
#[unsafe(no_mangle)]
pub extern "C" fn HostEventQuery(event: HostEventHandle, completed: *mut i32) -> RawResult {
    guard("HostEventQuery", || {
        check_out("completed", completed)?;
        let event = handle::host_event(process(), event)?;
        write_out("completed", completed, i32::from(event.query()?))
    })
}

/// Waits until the event's last recording has completed.
///
/// Errors: `NotFound`, `NotAllowed` (from inside a command). Blocks.
#[unsafe(no_mangle)]
pub extern "C" fn HostEventSynchronize(event: HostEventHandle) -> RawResult {
    guard("HostEventSynchronize", || {
        let event = handle::host_event(process(), event)?;
        forbid_in_command("HostEventSynchronize")?;
        event.synchronize()
    })
}

/// Makes the software device show a fault, for tests: after `after` more calls of that kind have
/// succeeded, the next ones fail until `kHostFaultNone` is set.
///
/// Errors: `InvalidValue` (no such fault, negative `after`).
#[unsafe(no_mangle)]
pub extern "C" fn HostSetFault(fault: RawHostFault, after: i64) -> RawResult {
    guard("HostSetFault", || {
        let after = u64::try_from(after)
            .map_err(|_| Error::invalid("after", format!("is {after}, negative")))?;
        let fault = match fault {
            0 => Fault::None,
            1 => Fault::Launch,
            2 => Fault::Marker,
            3 => Fault::Gate,
            4 => Fault::Panic,
            5 => Fault::DeviceLost,
            _ => {
                return Err(Error::invalid(
                    "fault",
                    format!("is {fault}, faults are 0 to 5"),
                ));
            }
        };
        process().runtime.host_device().set_fault(fault, after);
        Ok(())
    })
}
