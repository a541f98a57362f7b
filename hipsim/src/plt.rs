//! The runtime's calls of its own exports, through the PLT (`plt.c`), and the release it stands
//! for.

use std::ffi::c_void;

use gpusim::abi::{Address, Dim3};
use gpusim::error::{Code, Result};

unsafe extern "C" {
    static hipsim_release: i32;
    fn hipsim_plt_launch(
        function: *mut c_void,
        grid: *const u32,
        block: *const u32,
        shared_bytes: u32,
        stream: *mut c_void,
        params: *mut c_void,
        extra: *mut c_void,
    ) -> i32;
    fn hipsim_plt_copy(
        to: *mut c_void,
        from: *const c_void,
        bytes: usize,
        kind: u32,
        stream: *mut c_void,
    ) -> i32;
    fn hipsim_plt_memory(free: *mut usize, total: *mut usize) -> i32;
    fn hipsim_plt_device(device: *mut i32) -> i32;
    fn hipsim_plt_properties(properties: *mut c_void, device: i32) -> i32;
}

/// 502, 507, 604 or 702.
pub(crate) fn release() -> i32 {
    // SAFETY: a constant.
    unsafe { hipsim_release }
}

fn result(code: i32) -> Result {
    if code == 0 { Ok(()) } else { Err(Code(code)) }
}

pub(crate) fn launch(
    function: Address,
    grid: Dim3,
    block: Dim3,
    shared_bytes: u32,
    stream: Address,
    params: Address,
    extra: Address,
) -> Result {
    let (grid, block) = ([grid.x, grid.y, grid.z], [block.x, block.y, block.z]);
    let (function, stream) = (function.as_ptr(), stream.as_ptr());
    let (params, extra) = (params.as_ptr(), extra.as_ptr());
    // SAFETY: the arguments are the application's, passed on as they came.
    result(unsafe {
        hipsim_plt_launch(
            function,
            grid.as_ptr(),
            block.as_ptr(),
            shared_bytes,
            stream,
            params,
            extra,
        )
    })
}

pub(crate) fn copy(to: Address, from: Address, bytes: usize, kind: u32, stream: Address) -> Result {
    // SAFETY: the arguments are the application's, passed on as they came.
    result(unsafe { hipsim_plt_copy(to.as_ptr(), from.as_ptr(), bytes, kind, stream.as_ptr()) })
}

/// Free and total bytes of the current device.
pub(crate) fn memory() -> Result<(usize, usize)> {
    let (mut free, mut total) = (0, 0);
    // SAFETY: both are valid for a write.
    result(unsafe { hipsim_plt_memory(&raw mut free, &raw mut total) })?;
    Ok((free, total))
}

pub(crate) fn device() -> Result<i32> {
    let mut device = 0;
    // SAFETY: valid for a write.
    result(unsafe { hipsim_plt_device(&raw mut device) })?;
    Ok(device)
}

/// Fills a `hipDeviceProp_tR0600`.
pub(crate) fn properties<T>(properties: &mut T, device: i32) -> Result {
    let properties: *mut T = properties;
    // SAFETY: the one caller passes the structure that the function fills.
    result(unsafe { hipsim_plt_properties(properties.cast(), device) })
}
