//! `hipDeviceProp_t`: the old layout under the plain names, the one of 6.0 under its own.

use gpusim::abi::Out;
use gpusim::error::{Code, Result};
use gpusim::kernel::MAX_BLOCK;
use gpusim::memory::TOTAL_BYTES;
use gpusim::runtime;

use crate::call::exports;
use crate::plt;

use super::device::{
    ARCH, CLOCK_KHZ, COMPUTE_UNITS, FIRST_BUS, MAJOR, MINOR, NAME, REGISTERS, SHARED_BYTES, WARP,
    uuid,
};

/// The layout since 6.0. Members that stay 0 are arrays with the names of the first and the last.
#[repr(C)]
struct Properties {
    name: [u8; 256],
    uuid: [u8; 16],
    luid: [u8; 8],
    luid_mask: u32,
    total_bytes: usize,
    shared_bytes: usize,
    registers: i32,
    warp: i32,
    pitch: usize,
    block_threads: i32,
    block: [i32; 3],
    grid: [i32; 3],
    clock: i32,
    constant_bytes: usize,
    major: i32,
    minor: i32,
    texture_alignments: [usize; 2],
    device_overlap: i32,
    compute_units: i32,
    timeout_integrated: [i32; 2],
    maps_host_memory: i32,
    compute_mode: i32,
    texture_to_surface: [i32; 40],
    surface_alignment: usize,
    concurrent_kernels: i32,
    ecc: i32,
    pci_bus: i32,
    pci_device_to_driver: [i32; 3],
    engines: i32,
    unified_addressing: i32,
    memory_clock_to_persisting: [i32; 4],
    unit_threads: i32,
    priorities: i32,
    caches: [i32; 2],
    unit_shared_bytes: usize,
    unit_registers: i32,
    managed_memory: i32,
    board_to_host_pointer: [i32; 8],
    cooperative: [i32; 2],
    optin_bytes: usize,
    page_tables_to_window: [i32; 4],
    reserved_shared_bytes: usize,
    host_register_to_timeline: [i32; 4],
    memory_pools: i32,
    rdma_to_function_pointers: [i32; 8],
    reserved: [i32; 63 + 32],
    arch: [u8; 256],
    max_unit_shared_bytes: usize,
    instruction_clock: i32,
    features: u32,
    hdp: [usize; 2],
    unmatched_to_revision: [i32; 6],
}

/// The layout before 6.0.
#[repr(C)]
struct OldProperties {
    name: [u8; 256],
    total_bytes: usize,
    shared_bytes: usize,
    registers: i32,
    warp: i32,
    block_threads: i32,
    block: [i32; 3],
    grid: [i32; 3],
    clock: i32,
    memory_clock_and_bus: [i32; 2],
    constant_bytes: usize,
    major: i32,
    minor: i32,
    compute_units: i32,
    cache_bytes: i32,
    unit_threads: i32,
    compute_mode: i32,
    instruction_clock: i32,
    features: u32,
    concurrent_kernels: i32,
    pci_domain: i32,
    pci_bus: i32,
    pci_device: i32,
    unit_shared_bytes: usize,
    multi_board: i32,
    maps_host_memory: i32,
    gcn_arch: i32,
    arch: [u8; 256],
    integrated: i32,
    cooperative: [i32; 2],
    textures: [i32; 7],
    hdp: [usize; 2],
    pitch: usize,
    alignments: [usize; 2],
    timeout_to_page_tables: [i32; 13],
}

const _: () = assert!(size_of::<Properties>() == 1472);
const _: () = assert!(size_of::<OldProperties>() == 792);

exports! {
    hipGetDevicePropertiesR0600(out: Out<Properties>, device: i32) {
        out.require()?;
        out.put(properties(device)?)
    }

    hipGetDeviceProperties(out: Out<OldProperties>, device: i32) {
        out.require()?;
        out.put(old_properties(device)?)
    }

    hipGetDevicePropertiesR0000(out: Out<OldProperties>, device: i32) {
        out.require()?;
        out.put(old_properties(device)?)
    }

    // As AMD's library does, through the exported function. All devices are equally suitable.
    hipChooseDeviceR0600(out: Out<i32>, wanted: Out<Properties>) {
        wanted.require()?;
        out.require()?;
        plt::properties(&mut properties(0)?, 0)?;
        out.put(0)
    }

    hipChooseDevice(out: Out<i32>, wanted: Out<OldProperties>) {
        wanted.require()?;
        out.put(runtime::device(0)?.number())
    }

    hipChooseDeviceR0000(out: Out<i32>, wanted: Out<OldProperties>) {
        wanted.require()?;
        out.put(runtime::device(0)?.number())
    }
}

fn zeroed<T>() -> T {
    // SAFETY: used for the two structures of numbers above, of which all zeroes is a value.
    unsafe { std::mem::zeroed() }
}

fn text(text: &str) -> [u8; 256] {
    let mut bytes = [0; 256];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

fn limits() -> Result<(i32, [i32; 3], [i32; 3])> {
    let block = i32::try_from(MAX_BLOCK).map_err(|_| Code::UNKNOWN)?;
    Ok((block, [block; 3], [i32::MAX, 65536, 65536]))
}

fn properties(device: i32) -> Result<Properties> {
    let (block_threads, block, grid) = limits()?;
    let shared_bytes = usize::try_from(SHARED_BYTES).map_err(|_| Code::UNKNOWN)?;
    Ok(Properties {
        name: text(NAME),
        uuid: uuid(device)?,
        total_bytes: TOTAL_BYTES,
        shared_bytes,
        registers: REGISTERS,
        warp: WARP,
        pitch: i32::MAX as usize,
        block_threads,
        block,
        grid,
        clock: CLOCK_KHZ,
        constant_bytes: i32::MAX as usize,
        major: MAJOR,
        minor: MINOR,
        texture_alignments: [256; 2],
        compute_units: COMPUTE_UNITS,
        maps_host_memory: 1,
        concurrent_kernels: 1,
        pci_bus: FIRST_BUS + device,
        engines: 2,
        unified_addressing: 1,
        unit_threads: 2048,
        priorities: 1,
        unit_shared_bytes: shared_bytes,
        unit_registers: REGISTERS,
        managed_memory: 1,
        cooperative: [1; 2],
        memory_pools: 1,
        arch: text(ARCH),
        max_unit_shared_bytes: shared_bytes,
        instruction_clock: CLOCK_KHZ,
        ..zeroed()
    })
}

fn old_properties(device: i32) -> Result<OldProperties> {
    let (block_threads, block, grid) = limits()?;
    let shared_bytes = usize::try_from(SHARED_BYTES).map_err(|_| Code::UNKNOWN)?;
    runtime::device(device)?;
    Ok(OldProperties {
        name: text(NAME),
        total_bytes: TOTAL_BYTES,
        shared_bytes,
        registers: REGISTERS,
        warp: WARP,
        block_threads,
        block,
        grid,
        clock: CLOCK_KHZ,
        constant_bytes: i32::MAX as usize,
        major: MAJOR,
        minor: MINOR,
        compute_units: COMPUTE_UNITS,
        unit_threads: 2048,
        instruction_clock: CLOCK_KHZ,
        concurrent_kernels: 1,
        pci_bus: FIRST_BUS + device,
        unit_shared_bytes: shared_bytes,
        maps_host_memory: 1,
        arch: text(ARCH),
        cooperative: [1; 2],
        pitch: i32::MAX as usize,
        alignments: [256; 2],
        ..zeroed()
    })
}
