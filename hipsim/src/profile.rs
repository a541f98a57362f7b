//! Where AMD's runtime differs from another vendor's.

use gpusim::config::WaitValue;
use gpusim::error::Code;
use gpusim::profile::Profile;

use crate::current;

/// `hipDeviceGetStreamPriorityRange`
pub(crate) const LEAST_PRIORITY: i32 = 1;
pub(crate) const GREATEST_PRIORITY: i32 = -1;

#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "the engine's name for it")]
static gpusim_profile: Profile = Profile {
    name: "hipsim",
    prefix: "HIPSIM_",
    greatest_priority: GREATEST_PRIORITY,
    least_priority: LEAST_PRIORITY,
    wait_value: WaitValue::Shared,
    backlog: None,
    current: current::context,
    stale_handle: Code::CONTEXT_IS_DESTROYED,
    forked: Code::CONTEXT_IS_DESTROYED,
};
