//! Advice of the application to the policy. Values are those of the C API.

/// A queue of this priority never runs.
pub const PRIORITY_NO_EXECUTE: i32 = -256;
/// The lowest priority.
pub const PRIORITY_MIN: i32 = -255;
/// A queue without a hint.
pub const PRIORITY_DEFAULT: i32 = 0;
/// The highest priority.
pub const PRIORITY_MAX: i32 = 255;

/// One piece of advice. Values are checked at the C boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Larger runs first.
    Priority(i32),
}
