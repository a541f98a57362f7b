//! Where NVIDIA's driver differs from another vendor's runtime.

use gpusim::config::WaitValue;
use gpusim::error::Code;
use gpusim::profile::Profile;

use crate::context;

/// `cuCtxGetStreamPriorityRange`
pub(crate) const LEAST_PRIORITY: i32 = 0;
pub(crate) const GREATEST_PRIORITY: i32 = -5;

/// What a stream of an H200 took before the launching thread was blocked.
const BACKLOG: usize = 1019;

#[unsafe(no_mangle)]
#[allow(non_upper_case_globals, reason = "the engine's name for it")]
static gpusim_profile: Profile = Profile {
    name: "cudasim",
    prefix: "CUDASIM_",
    greatest_priority: GREATEST_PRIORITY,
    least_priority: LEAST_PRIORITY,
    wait_value: WaitValue::Own,
    backlog: Some(BACKLOG),
    current: context::current,
    stale_handle: Code::INVALID_HANDLE,
    forked: Code::NOT_INITIALIZED,
};
