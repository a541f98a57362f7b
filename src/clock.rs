//! Monotonic time in nanoseconds, for statistics, traces and estimates. Any thread may ask.

use std::time::Instant;

use once_cell::sync::Lazy;

static START: Lazy<Instant> = Lazy::new(Instant::now);

/// Nanoseconds since the library first asked; wraps after 584 years.
pub(crate) fn now_ns() -> u64 {
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
