//! Time as the simulation counts it: whole nanoseconds from the start.

/// Microseconds as nanoseconds; what is negative is none.
pub(crate) fn ns_from_us(us: f64) -> u64 {
    const MOST: f64 = 1e18;
    let ns = (us * 1000.0).round().clamp(0.0, MOST);
    // In range, as clamped.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    {
        ns as u64
    }
}

/// Milliseconds as nanoseconds.
pub(crate) fn ns_from_ms(ms: f64) -> u64 {
    ns_from_us(ms * 1000.0)
}

/// Nanoseconds as microseconds.
pub(crate) fn us_from_ns(ns: u64) -> f64 {
    ns as f64 / 1000.0
}
