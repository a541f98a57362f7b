//! The hooks themselves: for each row of the table an exported function of the driver's own name, and an
//! entry in `HOOKS`, which look-ups search.

#![allow(non_snake_case, non_upper_case_globals, clippy::too_many_arguments)]

use std::ffi::{c_char, c_void};

use super::lookup;
use super::ops::{
    NULL, begin_capture, block, copy, create_stream, destroy_event, destroy_stream, free,
    instantiate, launch, launch_on_each, launch_with_events, per_thread, query_stream, record,
    reset_device, synchronize_device, synchronize_event, synchronize_stream, wait_event,
    wait_for_all, wait_for_any,
};
use super::original::Original;
use super::structs::{
    Dim3, Event, Extent, MemLocation, PitchedPtr, Pointer, Stream, stream_of_config,
    stream_of_driver_config, streams_of_functions, streams_of_launches,
};
use super::table::hip_functions;
use crate::device::driver::Code;
use crate::interpose::outcome::Returned;

/// One hook, as look-ups see it.
pub(in crate::interpose) struct Hook {
    pub(super) name: &'static str,
    pub(super) address: *const c_void,
    pub(super) original: &'static Original,
}

// SAFETY: the addresses are those of functions.
unsafe impl Sync for Hook {}

macro_rules! returned {
    () => {
        Code
    };
    ($type:ty) => {
        $type
    };
}

macro_rules! define {
    ($(
        $node:literal $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $returns:ty)?
            => $operation:ident($($operand:expr),*);
    )*) => {
        mod originals {
            use super::Original;
            $(pub(super) static $name: Original = Original::new(concat!(stringify!($name), "\0"));)*
        }

        $(
            /// HIP's function of this name, behind the admission point.
            ///
            /// # Safety
            /// As for HIP's own.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name($($arg: $type),*) -> returned!($($returns)?) {
                type Function = unsafe extern "C" fn($($type),*) -> returned!($($returns)?);
                $operation($($operand,)* || {
                    let original = originals::$name.get();
                    if original.is_null() {
                        return Returned::absent();
                    }
                    // SAFETY: the runtime's function of this name has this type in every release.
                    let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
                    // SAFETY: the application's own arguments, for the function it called.
                    unsafe { original($($arg),*) }
                })
            }
        )*

        /// Every hook but the look-ups, sorted by name.
        pub(super) static HOOKS: &[Hook] = &[$(Hook {
            name: stringify!($name),
            address: $name as *const c_void,
            original: &originals::$name,
        }),*];
    };
}

hip_functions!(define);

macro_rules! lookup {
    (node: $node:literal, name: $name:literal, $function:ident, $original:ident) => {
        Hook {
            name: $name,
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

static GET_PROC_ADDRESS: Original = Original::new("hipGetProcAddress\0");
static GET_DRIVER_ENTRY_POINT: Original = Original::new("hipGetDriverEntryPoint\0");
static GET_DRIVER_ENTRY_POINT_SPT: Original = Original::new("hipGetDriverEntryPoint_spt\0");

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
    lookup::replaced(&GET_PROC_ADDRESS, address, |original| {
        // SAFETY: the runtime's function of this name has this type in every release.
        let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
        // SAFETY: the application's own arguments, for the function it called.
        unsafe { original(symbol, address, version, flags, status) }
    })
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
    lookup::replaced(original, address, |original| {
        // SAFETY: both functions of this kind have this type in every release that has them.
        let original = unsafe { std::mem::transmute::<*const c_void, Function>(original) };
        // SAFETY: the application's own arguments, for the function it called.
        unsafe { original(symbol, address, flags, status) }
    })
}
