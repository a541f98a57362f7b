//! `XSCHED_AUTO_XQUEUE*`: the queue that a stream gets without the application asking.

use crate::sched::{Hint, PRIORITY_DEFAULT, PRIORITY_MAX, PRIORITY_NO_EXECUTE, PolicyHints};

use super::number;

/// With what a stream gets a queue as soon as it is seen. Values not set are the C API's defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoQueue {
    /// Preemption level asked for: `XPreemptLevel`.
    pub level: i32,
    /// Most commands in flight; 0 is automatic.
    pub threshold: i64,
    /// Commands between two markers; 0 is automatic.
    pub batch: i64,
    /// Advice to the policy.
    pub hints: Vec<Hint>,
}

impl Default for AutoQueue {
    fn default() -> Self {
        AutoQueue {
            level: 1,
            threshold: 0,
            batch: 0,
            hints: Vec::new(),
        }
    }
}

/// Reads one variable: its name, the accepted values, and what takes a value if it is one of those.
type Choose<'a> = &'a mut dyn FnMut(&str, &str, &mut dyn FnMut(&str) -> bool);

pub(super) fn read(
    default: Option<AutoQueue>,
    policy_hints: &mut PolicyHints,
    choose: Choose<'_>,
) -> Option<AutoQueue> {
    let mut on = default.is_some();
    choose("XSCHED_AUTO_XQUEUE", "ON, OFF", &mut |value| {
        let known = matches!(value, "ON" | "OFF");
        if known {
            on = value == "ON";
        }
        known
    });
    let mut auto = AutoQueue::default();
    let mut hints = Vec::new();
    choose("XSCHED_AUTO_XQUEUE_LEVEL", "1 to 3", &mut |value| {
        number(value, 1, 3, &mut auto.level)
    });
    const COUNTS: &str = "0 (automatic) to 1000000";
    choose("XSCHED_AUTO_XQUEUE_THRESHOLD", COUNTS, &mut |value| {
        number(value, 0, 1_000_000, &mut auto.threshold)
    });
    choose("XSCHED_AUTO_XQUEUE_BATCH_SIZE", COUNTS, &mut |value| {
        number(value, 0, 1_000_000, &mut auto.batch)
    });
    let mut priority = PRIORITY_DEFAULT;
    choose("XSCHED_AUTO_XQUEUE_PRIORITY", "-256 to 255", &mut |value| {
        let known = number(value, PRIORITY_NO_EXECUTE, PRIORITY_MAX, &mut priority);
        hints.extend(known.then_some(Hint::Priority(priority)));
        known
    });
    choose("XSCHED_AUTO_XQUEUE_UTILIZATION", "0 to 100", &mut |value| {
        let mut percent = 0;
        let known = number(value, 0, 100, &mut percent);
        hints.extend(known.then_some(Hint::Utilization(percent)));
        known
    });
    const FROM_NEVER: &str = "-1 (none) or microseconds";
    choose("XSCHED_AUTO_XQUEUE_DEADLINE", FROM_NEVER, &mut |value| {
        let mut deadline_us = 0;
        let known = number(value, -1, i64::MAX, &mut deadline_us);
        hints.extend(known.then_some(Hint::Deadline(deadline_us)));
        known
    });
    choose("XSCHED_AUTO_XQUEUE_LAXITY", FROM_NEVER, &mut |value| {
        let mut laxity_us = 0;
        let known = number(value, -1, i64::MAX, &mut laxity_us);
        hints.extend(known.then_some(Hint::Laxity {
            laxity_us,
            lax: priority,
            critical: PRIORITY_MAX,
        }));
        known
    });
    choose(
        "XSCHED_AUTO_XQUEUE_TIMESLICE",
        "100 to 10000000",
        &mut |value| number(value, 100, 10_000_000, &mut policy_hints.timeslice_us),
    );
    choose("XSCHED_AUTO_XQUEUE_KDEADLINE", "1 to 1024", &mut |value| {
        number(value, 1, 1024, &mut policy_hints.concurrency)
    });
    auto.hints = hints;
    on.then_some(auto)
}
