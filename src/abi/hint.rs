//! `XHint*`: advice to the policy. Hints may change at any time, from any thread.

use crate::abi::guard::guard;
use crate::abi::handle;
use crate::abi::types::{
    Deadline, Laxity, Priority, RawPolicyType, RawResult, RawSchedulerType, Timeslice, Utilization,
    XQueueHandle,
};
use crate::error::{Error, Result};
use crate::process::process;
use crate::sched::{Hint, PRIORITY_MAX, PRIORITY_NO_EXECUTE, PolicyKind};

/// Chooses who decides. Existing queues are re-decided at once. `policy` is ignored when
/// `scheduler` is `kSchedulerAppManaged`.
///
/// Errors: `InvalidValue` (no such scheduler or policy), `NotSupported` (`kSchedulerGlobal`, and
/// every policy but `kPolicyHighestPriorityFirst`); nothing is changed then.
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
        process().runtime.set_scheduler(policy)
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
            i64::from(prio),
            i64::from(PRIORITY_NO_EXECUTE),
            i64::from(PRIORITY_MAX),
        )?;
        process.runtime.hint(&queue, Hint::Priority(prio))
    })
}

/// Sets the queue's share of the device in percent, `UTILIZATION_MIN` to `UTILIZATION_MAX`.
///
/// Errors: `NotFound`, `InvalidValue` (outside that range), `NotSupported` (no policy of this
/// version uses it).
#[unsafe(no_mangle)]
pub extern "C" fn XHintUtilization(xq: XQueueHandle, util: Utilization) -> RawResult {
    guard("XHintUtilization", || {
        handle::queue(process(), xq)?;
        in_range("util", i64::from(util), 0, 100)?;
        unused_hint("utilization")
    })
}

/// Sets the time slice of the policy in microseconds, `TIMESLICE_MIN` to `TIMESLICE_MAX`.
///
/// Errors: `InvalidValue` (outside that range), `NotSupported` (no policy of this version uses it).
#[unsafe(no_mangle)]
pub extern "C" fn XHintTimeslice(ts_us: Timeslice) -> RawResult {
    guard("XHintTimeslice", || {
        in_range("ts_us", ts_us, 100, 10_000_000)?;
        unused_hint("time slice")
    })
}

/// Sets how long the queue can wait in microseconds (or `NO_LAXITY`), its priority until then and
/// its priority after.
///
/// Errors: `NotFound`, `InvalidValue` (outside their ranges), `NotSupported` (no policy of this
/// version uses it).
#[unsafe(no_mangle)]
pub extern "C" fn XHintLaxity(
    xq: XQueueHandle,
    lax_us: Laxity,
    lax_prio: Priority,
    crit_prio: Priority,
) -> RawResult {
    guard("XHintLaxity", || {
        handle::queue(process(), xq)?;
        in_range("lax_us", lax_us, -1, i64::MAX)?;
        let (low, high) = (i64::from(PRIORITY_NO_EXECUTE), i64::from(PRIORITY_MAX));
        in_range("lax_prio", i64::from(lax_prio), low, high)?;
        in_range("crit_prio", i64::from(crit_prio), low, high)?;
        unused_hint("laxity")
    })
}

/// Sets the queue's deadline in microseconds after it becomes ready, or `NO_DEADLINE`.
///
/// Errors: `NotFound`, `InvalidValue` (below -1), `NotSupported` (no policy of this version uses it).
#[unsafe(no_mangle)]
pub extern "C" fn XHintDeadline(xq: XQueueHandle, ddl_us: Deadline) -> RawResult {
    guard("XHintDeadline", || {
        handle::queue(process(), xq)?;
        in_range("ddl_us", ddl_us, -1, i64::MAX)?;
        unused_hint("deadline")
    })
}

/// Sets how many queues of earliest deadline run together.
///
/// Errors: `InvalidValue` (0), `NotSupported` (no policy of this version uses it).
#[unsafe(no_mangle)]
pub extern "C" fn XHintKDeadline(k: usize) -> RawResult {
    guard("XHintKDeadline", || {
        if k == 0 {
            return Err(Error::invalid("k", "is 0, at least one queue must run"));
        }
        unused_hint("k of the earliest-deadline policy")
    })
}

fn policy_from(policy: RawPolicyType) -> Result<PolicyKind> {
    match policy {
        1 => Ok(PolicyKind::HighestPriorityFirst),
        2..=11 => Err(Error::NotSupported(format!(
            "policy {policy} is not available in this version; kPolicyHighestPriorityFirst (1) is"
        ))),
        _ => Err(Error::invalid(
            "policy",
            format!("is {policy}, policies are 1 to 11"),
        )),
    }
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

fn unused_hint(name: &str) -> Result<()> {
    Err(Error::NotSupported(format!(
        "no policy of this version uses the {name} hint"
    )))
}
