//! `HwQueue*` and `HwCommand*`: streams of a device and explicit commands.

use std::ffi::c_void;

use crate::abi::guard::{check_out, guard, write_out};
use crate::abi::handle::{self, Callback};
use crate::abi::types::{HwCommandHandle, HwQueueHandle, LaunchCallback, RawResult};
use crate::device::forbid_in_command;
use crate::process::process;

/// Creates an explicit command that runs `launch(hwq, data)`. `data` must stay valid until the
/// command has completed; the library never touches it.
///
/// Errors: `InvalidValue` (`hw_cmd` or `launch` is NULL; `data` may be).
#[unsafe(no_mangle)]
pub extern "C" fn HwCommandCreateCallback(
    hw_cmd: *mut HwCommandHandle,
    launch: LaunchCallback,
    data: *mut c_void,
) -> RawResult {
    guard("HwCommandCreateCallback", || {
        check_out("hw_cmd", hw_cmd)?;
        let callback = Callback::new("launch", launch, data)?;
        let command = process()
            .runtime
            .create_command(move |hwq| callback.call(hwq));
        write_out("hw_cmd", hw_cmd, command.id())
    })
}

/// Destroys a command.
///
/// Errors: `NotFound` (unknown or already destroyed), `NotAllowed` (submitted and not completed).
#[unsafe(no_mangle)]
pub extern "C" fn HwCommandDestroy(hw_cmd: HwCommandHandle) -> RawResult {
    guard("HwCommandDestroy", || {
        let process = process();
        let command = handle::command(process, hw_cmd)?;
        process.runtime.destroy_command(&command)
    })
}

/// Launches a command straight to the device, past the stream's queue and whatever holds it.
///
/// Errors: `NotFound`, `NotAllowed` (the command is pending already), `Hardware`.
#[unsafe(no_mangle)]
pub extern "C" fn HwQueueLaunch(hwq: HwQueueHandle, hw_cmd: HwCommandHandle) -> RawResult {
    guard("HwQueueLaunch", || {
        let process = process();
        let hw_queue = handle::hw_queue(process, hwq)?;
        let command = handle::command(process, hw_cmd)?;
        command.launch_unscheduled(hw_queue.stream().as_ref(), hwq)
    })
}

/// Waits until everything launched on the stream has completed. Returns the first failure of a
/// directly launched command since the last call. Blocks; for ever if the stream's queue stays suspended.
///
/// Errors: `NotFound`, `NotAllowed` (from inside a command), `Hardware`.
#[unsafe(no_mangle)]
pub extern "C" fn HwQueueSynchronize(hwq: HwQueueHandle) -> RawResult {
    guard("HwQueueSynchronize", || {
        let hw_queue = handle::hw_queue(process(), hwq)?;
        forbid_in_command("HwQueueSynchronize")?;
        hw_queue.synchronize()
    })
}

/// Forgets a stream, after its last command has completed. A stream made by `HostQueueCreate` is
/// destroyed; one that was adopted (`HipQueueCreate`, `CudaQueueCreate`) stays the application's.
///
/// Errors: `NotFound`, `NotAllowed` (it still has an XQueue, or called from inside a command).
#[unsafe(no_mangle)]
pub extern "C" fn HwQueueDestroy(hwq: HwQueueHandle) -> RawResult {
    guard("HwQueueDestroy", || {
        let process = process();
        let hw_queue = handle::hw_queue(process, hwq)?;
        forbid_in_command("HwQueueDestroy")?;
        process.runtime.destroy_hw_queue(&hw_queue)
    })
}
