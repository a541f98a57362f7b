//! HIP's hooks: a function for each row of the table, and the functions that look others up.

#![allow(non_snake_case, non_upper_case_globals, clippy::too_many_arguments)]

use std::ffi::{c_char, c_void};

use super::HIP;
use super::ops::{copy, free, launch_with_events, per_thread, reset_device};
use super::structs::{
    Dim3, Extent, MemLocation, PitchedPtr, grid_of_config, grid_of_driver_config, stream_of_config,
    stream_of_driver_config, stream_of_instantiation, streams_of_functions, streams_of_launches,
};
use super::table::hip_functions;
use crate::device::driver::Code;
use crate::device::hip::Hip as Driver;
use crate::interpose::hook::{Hook, define_hooks};
use crate::interpose::ops::{
    Event, NULL, Pointer, Stream, begin_capture, block, create_stream, destroy_event,
    destroy_stream, instantiate, launch, launch_of, launch_on_each, query_stream, record,
    synchronize_device, synchronize_event, synchronize_stream, wait_event, wait_for_all,
    wait_for_any,
};
use crate::interpose::original::Original;

hip_functions!(define_hooks);

macro_rules! lookup {
    (node: $node:literal, name: $name:literal, $function:ident, $original:ident) => {
        Hook {
            address: $function as *const c_void,
            original: &$original,
        }
    };
}

/// The functions that look other functions up, sorted by name; with their version nodes, as in the table.
#[rustfmt::skip]
pub(super) static LOOKUPS: &[Hook] = &[
    lookup!(
        node: "hip_7.1", name: "hipGetDriverEntryPoint", hipGetDriverEntryPoint, GET_DRIVER_ENTRY_POINT
    ),
    lookup!(
        node: "hip_7.1", name: "hipGetDriverEntryPoint_spt", hipGetDriverEntryPoint_spt,
        GET_DRIVER_ENTRY_POINT_SPT
    ),
    lookup!(
        node: "hip_6.1", name: "hipGetProcAddress", hipGetProcAddress, GET_PROC_ADDRESS
    ),
];

static GET_PROC_ADDRESS: Original = Original::of::<Driver>("hipGetProcAddress\0");
static GET_DRIVER_ENTRY_POINT: Original = Original::of::<Driver>("hipGetDriverEntryPoint\0");
static GET_DRIVER_ENTRY_POINT_SPT: Original =
    Original::of::<Driver>("hipGetDriverEntryPoint_spt\0");

/// As HIP's own, and answers with a hook where there is one.
///
/// # Safety
/// As for HIP's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hipGetProcAddress(
    symbol: *const c_char,
    address: *mut *const c_void,
    version: i32,
    flags: u64,
    status: Pointer,
) -> Code {
    type Function =
        unsafe extern "C" fn(*const c_char, *mut *const c_void, i32, u64, Pointer) -> Code;
    HIP.replaced(
        &GET_PROC_ADDRESS,
        symbol,
        address,
        |_| None,
        |original| {
            // SAFETY: the runtime's function of this name has this type in every release.
            let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
            // SAFETY: the application's own arguments, for the function it called.
            unsafe { original(symbol, address, version, flags, status) }
        },
    )
}

/// As HIP's own, and answers with a hook where there is one.
///
/// # Safety
/// As for HIP's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hipGetDriverEntryPoint(
    symbol: *const c_char,
    address: *mut *const c_void,
    flags: u64,
    status: Pointer,
) -> Code {
    // SAFETY: the application's own arguments, for the function it called.
    unsafe { entry_point(&GET_DRIVER_ENTRY_POINT, symbol, address, flags, status) }
}

/// As HIP's own, and answers with a hook where there is one.
///
/// # Safety
/// As for HIP's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hipGetDriverEntryPoint_spt(
    symbol: *const c_char,
    address: *mut *const c_void,
    flags: u64,
    status: Pointer,
) -> Code {
    // SAFETY: the application's own arguments, for the function it called.
    unsafe { entry_point(&GET_DRIVER_ENTRY_POINT_SPT, symbol, address, flags, status) }
}

unsafe fn entry_point(
    original: &Original,
    symbol: *const c_char,
    address: *mut *const c_void,
    flags: u64,
    status: Pointer,
) -> Code {
    type Function = unsafe extern "C" fn(*const c_char, *mut *const c_void, u64, Pointer) -> Code;
    HIP.replaced(
        original,
        symbol,
        address,
        |_| None,
        |original| {
            // SAFETY: both functions of this kind have this type in every release that has them.
            let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
            // SAFETY: the application's own arguments, for the function it called.
            unsafe { original(symbol, address, flags, status) }
        },
    )
}
