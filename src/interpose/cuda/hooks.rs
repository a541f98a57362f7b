//! CUDA's hooks: a function for each row of the table, and the functions that look others up.

#![allow(non_snake_case, non_upper_case_globals, clippy::too_many_arguments)]

use std::ffi::{c_char, c_void};

use super::CUDA;
use super::ops::{
    destroy_context, may_block, memory_operations, record_behind_all, release_primary_context,
    reset_primary_context, synchronize_context,
};
use super::structs::{
    EglFrame, IpcMemHandle, MemLocation, grid_of_config, per_thread, stream_at, stream_of_config,
    stream_of_instantiation, streams_of_launches,
};
use super::table::cuda_functions;
use super::variant::chosen;
use crate::device::cuda::Cuda as Driver;
use crate::device::driver::Code;
use crate::interpose::hook::{Hook, define_hooks};
use crate::interpose::ops::{
    Event, NULL, Pointer, Stream, begin_capture, block, create_stream, destroy_event,
    destroy_stream, instantiate, launch, launch_of, launch_on_each, may_wait, query_stream, record,
    synchronize_device, synchronize_event, synchronize_stream, wait_event, wait_for_all,
    wait_for_any,
};
use crate::interpose::original::Original;

cuda_functions!(define_hooks);

/// The functions that look other functions up, sorted by name.
pub(super) static LOOKUPS: &[Hook] = &[
    Hook {
        address: cuGetProcAddress as *const c_void,
        original: &GET_PROC_ADDRESS,
    },
    Hook {
        address: cuGetProcAddress_v2 as *const c_void,
        original: &GET_PROC_ADDRESS_V2,
    },
];

static GET_PROC_ADDRESS: Original = Original::of::<Driver>("cuGetProcAddress\0");
static GET_PROC_ADDRESS_V2: Original = Original::of::<Driver>("cuGetProcAddress_v2\0");

/// As CUDA 11.3's own, and answers with a hook where there is one.
///
/// # Safety
/// As for CUDA's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetProcAddress(
    symbol: *const c_char,
    address: *mut *const c_void,
    version: i32,
    flags: u64,
) -> Code {
    type Function = unsafe extern "C" fn(*const c_char, *mut *const c_void, i32, u64) -> Code;
    CUDA.replaced(
        &GET_PROC_ADDRESS,
        symbol,
        address,
        |name| chosen(name, version, flags),
        |original| {
            // SAFETY: the driver's function of this name has this type in every release.
            let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
            // SAFETY: the application's own arguments, for the function it called.
            unsafe { original(symbol, address, version, flags) }
        },
    )
}

/// As CUDA 12's own, and answers with a hook where there is one.
///
/// # Safety
/// As for CUDA's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cuGetProcAddress_v2(
    symbol: *const c_char,
    address: *mut *const c_void,
    version: i32,
    flags: u64,
    status: Pointer,
) -> Code {
    type Function =
        unsafe extern "C" fn(*const c_char, *mut *const c_void, i32, u64, Pointer) -> Code;
    CUDA.replaced(
        &GET_PROC_ADDRESS_V2,
        symbol,
        address,
        |name| chosen(name, version, flags),
        |original| {
            // SAFETY: the driver's function of this name has this type in every release.
            let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
            // SAFETY: the application's own arguments, for the function it called.
            unsafe { original(symbol, address, version, flags, status) }
        },
    )
}
