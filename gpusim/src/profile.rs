//! Where the two vendors' runtimes differ.

use std::sync::Arc;

use crate::config::WaitValue;
use crate::context::Context;
use crate::error::{Code, Result};

/// See the module.
pub struct Profile {
    /// Of the stand-in, in its messages.
    pub name: &'static str,
    /// What its environment variables begin with.
    pub prefix: &'static str,
    /// A smaller number is a higher priority.
    pub greatest_priority: i32,
    pub least_priority: i32,
    /// How streams wait for values, unless the environment says otherwise.
    pub wait_value: WaitValue,
    /// Entries that a stream takes before it blocks who launches.
    pub backlog: Option<usize>,
    /// The calling thread's context.
    pub current: fn() -> Result<Arc<Context>>,
    /// For a stream or event that was destroyed, or never was one.
    pub stale_handle: Code,
    /// For every call in a forked child of a user.
    pub forked: Code,
}

unsafe extern "Rust" {
    /// Defined by the front end that this is linked into.
    #[link_name = "gpusim_profile"]
    pub safe static PROFILE: Profile;
}
