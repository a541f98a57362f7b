//! Monotonic time in nanoseconds, for statistics, traces and estimates. Any thread may ask.

use std::time::{Duration, Instant};

use once_cell::sync::Lazy;

static START: Lazy<Instant> = Lazy::new(Instant::now);

/// Nanoseconds since the library first asked; wraps after 584 years.
pub(crate) fn now_ns() -> u64 {
    nanoseconds(START.elapsed())
}

/// The same unit of a length of time; the most there is for more.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
