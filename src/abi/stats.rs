//! Introspection: version, last error, statistics, names, traces.

use std::ffi::{CStr, c_char};
use std::path::PathBuf;

use crate::abi::guard::{check_out, guard, last_error, write_out};
use crate::abi::handle;
use crate::abi::types::{RawResult, XQueueHandle, XQueueStats, XSchedHookStats};
use crate::error::{Error, Result};
use crate::observe::hooks::{HOOKS, Passage};
use crate::observe::stats::QueueStats;
use crate::process::process;
use crate::sched::Hints;

/// Version of the library, "major.minor.patch". Never NULL; static.
#[unsafe(no_mangle)]
pub extern "C" fn XSchedVersion() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => c"unknown",
        };
    VERSION.as_ptr()
}

/// What went wrong in the last failing call of this thread: function, argument, reason. Never NULL,
/// empty if no call failed. Valid until the next failing call of this thread.
#[unsafe(no_mangle)]
pub extern "C" fn XSchedLastErrorMessage() -> *const c_char {
    last_error()
}

/// Takes a snapshot of the queue's counters. Each counter is exact; together they are not a snapshot
/// of one instant while other threads use the queue.
///
/// Errors: `InvalidValue` (`stats` is NULL), `NotFound`.
#[unsafe(no_mangle)]
pub extern "C" fn XQueueGetStats(xq: XQueueHandle, stats: *mut XQueueStats) -> RawResult {
    guard("XQueueGetStats", || {
        check_out("stats", stats)?;
        let process = process();
        let queue = handle::queue(process, xq)?;
        write_out(
            "stats",
            stats,
            XQueueStats::from(process.runtime.stats(&queue)?),
        )
    })
}

/// Names the queue in log lines and traces; copied, cut after 64 bytes.
///
/// Errors: `NotFound`, `InvalidValue` (`name` is NULL or not UTF-8).
#[unsafe(no_mangle)]
pub extern "C" fn XQueueSetName(xq: XQueueHandle, name: *const c_char) -> RawResult {
    guard("XQueueSetName", || {
        let queue = handle::queue(process(), xq)?;
        queue.set_name(text("name", name)?);
        Ok(())
    })
}

/// Starts recording decisions and admissions; `XSchedTraceStop` writes them to `path` in the Trace
/// Event format that chrome://tracing and Perfetto read. At most 1,000,000 records are kept; later
/// ones are counted and dropped.
///
/// Errors: `InvalidValue` (`path` is NULL, not UTF-8 or cannot be created), `NotAllowed` (already
/// recording).
#[unsafe(no_mangle)]
pub extern "C" fn XSchedTraceStart(path: *const c_char) -> RawResult {
    guard("XSchedTraceStart", || {
        let path = PathBuf::from(text("path", path)?);
        process().runtime.trace().start(&path)
    })
}

/// Stops recording and writes the file.
///
/// Errors: `NotAllowed` (not recording), `Unknown` (the file cannot be written).
#[unsafe(no_mangle)]
pub extern "C" fn XSchedTraceStop() -> RawResult {
    guard("XSchedTraceStop", || process().runtime.trace().stop())
}

/// Takes a snapshot of what this library saw of a driver's calls it stands in front of. All zero in a
/// program without interposition.
///
/// Errors: `InvalidValue` (`stats` is NULL).
#[unsafe(no_mangle)]
pub extern "C" fn XSchedGetHookStats(stats: *mut XSchedHookStats) -> RawResult {
    guard("XSchedGetHookStats", || {
        check_out("stats", stats)?;
        let runtime = &process().runtime;
        let adopted = runtime.adopted();
        let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let mut snapshot = XSchedHookStats {
            calls: 0,
            admitted: count(adopted.commands),
            waits: count(HOOKS.get(Passage::Wait) + runtime.calls_that_may_wait()),
            bypass_no_queue: count(HOOKS.get(Passage::NoQueue)),
            bypass_capture: count(adopted.captured),
            bypass_nested: count(HOOKS.get(Passage::Nested)),
            bypass_other: count(HOOKS.get(Passage::Other)),
            queues: i64::try_from(adopted.streams).unwrap_or(i64::MAX),
            reserved: [0; 8],
        };
        snapshot.calls = snapshot.admitted
            + snapshot.waits
            + snapshot.bypass_no_queue
            + snapshot.bypass_capture
            + snapshot.bypass_nested
            + snapshot.bypass_other;
        write_out("stats", stats, snapshot)
    })
}

fn text<'a>(argument: &'static str, text: *const c_char) -> Result<&'a str> {
    if text.is_null() {
        return Err(Error::null(argument));
    }
    // SAFETY: not NULL (checked above); that it is a NUL-terminated string which stays unchanged
    // during the call is the C contract of every string argument.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str()
        .map_err(|_| Error::invalid(argument, "is not UTF-8"))
}

impl From<(QueueStats, Hints)> for XQueueStats {
    fn from((stats, hints): (QueueStats, Hints)) -> XQueueStats {
        let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        XQueueStats {
            commands: count(stats.commands),
            passed: count(stats.passed),
            pending: count(stats.pending),
            in_flight: count(stats.in_flight),
            launch_errors: count(stats.launch_errors),
            suspends: count(stats.suspends),
            resumes: count(stats.resumes),
            app_suspends: count(stats.app_suspends),
            app_resumes: count(stats.app_resumes),
            suspended_us: count(stats.suspended_us),
            held_threads: count(stats.held_threads),
            held_us: count(stats.held_us),
            gates: count(stats.gates),
            markers: count(stats.markers),
            bypass_failed: count(stats.bypass_failed),
            bypass_capture: count(stats.bypass_capture),
            threshold: count(stats.threshold),
            batch_size: count(stats.batch_size),
            command_time_ns: count(stats.command_time_ns),
            device_time_us: count(stats.device_time_us),
            device_time_estimated_us: count(stats.device_time_estimated_us),
            priority: i64::from(hints.priority),
            level: stats.level,
            device_gate: i64::from(stats.device_gate),
            suspended: i64::from(stats.suspended),
            failed: i64::from(stats.failed),
            utilization: i64::from(hints.utilization),
            deadline_us: hints.deadline_us,
            laxity_us: hints.laxity_us,
            stalls: count(stats.stalls),
            budget_us: count(stats.budget_us),
            reserved: [0; 6],
        }
    }
}
