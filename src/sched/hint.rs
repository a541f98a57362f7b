//! Advice of the application to the policy. Values are those of the C API.

/// A queue of this priority never runs.
pub const PRIORITY_NO_EXECUTE: i32 = -256;
/// The lowest priority.
pub const PRIORITY_MIN: i32 = -255;
/// A queue without a hint.
/// Priority of a queue that nobody gave one.
pub const PRIORITY_DEFAULT: i32 = 0;
/// The highest priority.
pub const PRIORITY_MAX: i32 = 255;
/// A queue that may use all of the device.
const UTILIZATION_MAX: i32 = 100;
/// No laxity, or no deadline.
const NONE_US: i64 = -1;

/// One piece of advice about a queue. Values are checked at the C boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Larger runs first.
    Priority(i32),
    /// Share of the device in percent.
    Utilization(i32),
    /// Microseconds after becoming ready by which its work is to be done.
    Deadline(i64),
    /// How long it can wait, its priority until then, and after.
    Laxity {
        /// Microseconds.
        laxity_us: i64,
        /// Until then.
        lax: i32,
        /// After.
        critical: i32,
    },
}

/// All advice about one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // see `Hint`
pub struct Hints {
    pub priority: i32,
    pub utilization: i32,
    pub deadline_us: i64,
    pub laxity_us: i64,
    pub lax_priority: i32,
    pub critical_priority: i32,
}

impl Default for Hints {
    fn default() -> Self {
        Hints {
            priority: PRIORITY_DEFAULT,
            utilization: UTILIZATION_MAX,
            deadline_us: NONE_US,
            laxity_us: NONE_US,
            lax_priority: PRIORITY_DEFAULT,
            critical_priority: PRIORITY_DEFAULT,
        }
    }
}

impl Hints {
    /// Takes one piece of advice.
    pub fn take(&mut self, hint: Hint) {
        match hint {
            Hint::Priority(priority) => self.priority = priority,
            Hint::Utilization(percent) => self.utilization = percent,
            Hint::Deadline(us) => self.deadline_us = us,
            Hint::Laxity {
                laxity_us,
                lax,
                critical,
            } => {
                self.laxity_us = laxity_us;
                self.lax_priority = lax;
                self.critical_priority = critical;
            }
        }
    }

    /// The advice that makes another queue's hints equal to these.
    pub fn each(self) -> [Hint; 4] {
        [
            Hint::Priority(self.priority),
            Hint::Utilization(self.utilization),
            Hint::Deadline(self.deadline_us),
            Hint::Laxity {
                laxity_us: self.laxity_us,
                lax: self.lax_priority,
                critical: self.critical_priority,
            },
        ]
    }
}

/// Advice to the policy as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyHints {
    /// Microseconds a queue runs before the policy looks again.
    pub timeslice_us: i64,
    /// How many queues of earliest deadline run together.
    pub concurrency: usize,
}

impl Default for PolicyHints {
    fn default() -> Self {
        PolicyHints {
            timeslice_us: 5000,
            concurrency: 1,
        }
    }
}
