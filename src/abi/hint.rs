//! `XHint*`: advice to the policy. Hints may change at any time, from any thread.

use crate::abi::guard::guard;
use crate::abi::handle;
use crate::abi::types::{
    Deadline, Laxity, NO_DEADLINE, NO_LAXITY, PRIORITY_MAX, PRIORITY_NO_EXECUTE, Priority,
    RawPolicyType, RawResult, RawSchedulerType, TIMESLICE_MAX, TIMESLICE_MIN, Timeslice,
    UTILIZATION_MAX, UTILIZATION_MIN, Utilization, XQueueHandle,
};
use crate::error::{Error, Result};
use crate::process::process;
use crate::sched::{Hint, PolicyKind};

/// Chooses who decides. Existing queues are re-decided at once. `policy` is ignored when
/// `scheduler` is `kSchedulerAppManaged`.
///
/// Errors: `InvalidValue` (no such scheduler or policy), `NotSupported` (`kSchedulerGlobal`);
/// nothing is changed then.
#[unsafe(no_mangle)]
pub extern "C" fn XHintSetScheduler(
    scheduler: RawSchedulerType,
    policy: RawPolicyType,
) -> RawResult {
    guard("XHintSetScheduler", || {
        let policy = match scheduler {
            1 => None,
            2 => Some(policy_from(policy)?),
            3 => {
                return Err(Error::NotSupported(
                    "the global scheduler is not available in this version".into(),
                ));
            }
            _ => {
                return Err(Error::invalid(
                    "scheduler",
                    format!("is {scheduler}, schedulers are 1 to 3"),
                ));
            }
        };
        process().runtime.set_scheduler(policy);
        Ok(())
    })
}

/// Sets the queue's priority: `PRIORITY_MIN` to `PRIORITY_MAX`, larger runs first, or
/// `PRIORITY_NO_EXECUTE`.
///
/// Errors: `NotFound`, `InvalidValue` (outside that range).
#[unsafe(no_mangle)]
pub extern "C" fn XHintPriority(xq: XQueueHandle, prio: Priority) -> RawResult {
    guard("XHintPriority", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        in_range(
            "prio",
            prio.into(),
            PRIORITY_NO_EXECUTE.into(),
            PRIORITY_MAX.into(),
        )?;
        process.runtime.hint(&queue, Hint::Priority(prio))
    })
}

/// Sets the queue's share of the device in percent, `UTILIZATION_MIN` to `UTILIZATION_MAX`. Read by the
/// policies that partition the device, kept under the others.
///
/// Errors: `NotFound`, `InvalidValue` (outside that range).
#[unsafe(no_mangle)]
pub extern "C" fn XHintUtilization(xq: XQueueHandle, util: Utilization) -> RawResult {
    guard("XHintUtilization", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        in_range(
            "util",
            util.into(),
            UTILIZATION_MIN.into(),
            UTILIZATION_MAX.into(),
        )?;
        process.runtime.hint(&queue, Hint::Utilization(util))
    })
}

/// Sets the time slice of the policy in microseconds, `TIMESLICE_MIN` to `TIMESLICE_MAX`. Read by the
/// policies that share the device by time, kept under the others.
///
/// Errors: `InvalidValue` (outside that range).
#[unsafe(no_mangle)]
pub extern "C" fn XHintTimeslice(ts_us: Timeslice) -> RawResult {
    guard("XHintTimeslice", || {
        in_range("ts_us", ts_us, TIMESLICE_MIN, TIMESLICE_MAX)?;
        process()
            .runtime
            .hint_policy(|hints| hints.timeslice_us = ts_us);
        Ok(())
    })
}

/// Sets how long the queue can wait in microseconds (or `NO_LAXITY`), its priority until then and
/// its priority after. Read by the laxity policy, kept under the others.
///
/// Errors: `NotFound`, `InvalidValue` (outside their ranges).
#[unsafe(no_mangle)]
pub extern "C" fn XHintLaxity(
    xq: XQueueHandle,
    lax_us: Laxity,
    lax_prio: Priority,
    crit_prio: Priority,
) -> RawResult {
    guard("XHintLaxity", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        in_range("lax_us", lax_us, NO_LAXITY, Laxity::MAX)?;
        let (low, high) = (PRIORITY_NO_EXECUTE.into(), PRIORITY_MAX.into());
        in_range("lax_prio", lax_prio.into(), low, high)?;
        in_range("crit_prio", crit_prio.into(), low, high)?;
        let hint = Hint::Laxity {
            laxity_us: lax_us,
            lax: lax_prio,
            critical: crit_prio,
        };
        process.runtime.hint(&queue, hint)
    })
}

/// Sets the queue's deadline in microseconds after it becomes ready, or `NO_DEADLINE`. Read by the
/// deadline policy, kept under the others.
///
/// Errors: `NotFound`, `InvalidValue` (below -1).
#[unsafe(no_mangle)]
pub extern "C" fn XHintDeadline(xq: XQueueHandle, ddl_us: Deadline) -> RawResult {
    guard("XHintDeadline", || {
        let process = process();
        let queue = handle::queue(process, xq)?;
        in_range("ddl_us", ddl_us, NO_DEADLINE, Deadline::MAX)?;
        process.runtime.hint(&queue, Hint::Deadline(ddl_us))
    })
}

/// Sets how many queues of earliest deadline run together. Read by the deadline policy, kept under
/// the others.
///
/// Errors: `InvalidValue` (0).
#[unsafe(no_mangle)]
pub extern "C" fn XHintKDeadline(k: usize) -> RawResult {
    guard("XHintKDeadline", || {
        if k == 0 {
            return Err(Error::invalid("k", "is 0, at least one queue must run"));
        }
        process().runtime.hint_policy(|hints| hints.concurrency = k);
        Ok(())
    })
}

/// Tells which process owns the active window; 0 if that is not known. Read by the active-window
/// policy, which acts as highest-priority-first while it is not.
///
/// Errors: `InvalidValue` (negative).
#[unsafe(no_mangle)]
pub extern "C" fn XHintActiveWindow(pid: i32) -> RawResult {
    guard("XHintActiveWindow", || {
        let pid = u32::try_from(pid)
            .map_err(|_| Error::invalid("pid", format!("is {pid}, must be 0 or a process id")))?;
        process()
            .runtime
            .set_active_window((pid != 0).then_some(pid));
        Ok(())
    })
}

fn policy_from(policy: RawPolicyType) -> Result<PolicyKind> {
    PolicyKind::from_number(policy)
        .ok_or_else(|| Error::invalid("policy", format!("is {policy}, policies are 1 to 11")))
}

fn in_range(argument: &'static str, value: i64, low: i64, high: i64) -> Result<()> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(
        argument,
        format!("is {value}, must be {low} to {high}"),
    ))
}
