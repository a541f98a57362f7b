//! What this device says it is: an NVIDIA H200, as far as clients look.

use gpusim::config::{self, WaitValue};
use gpusim::kernel::MAX_BLOCK;

pub(super) const MAJOR: i32 = 9;
pub(super) const MINOR: i32 = 0;
/// The first device's; the others follow.
pub(super) const FIRST_BUS: i32 = 0x19;

pub(super) const MULTIPROCESSORS: i32 = 132;
const WARP: i32 = 32;
const REGISTERS: i32 = 65536;
const SHARED_BYTES: i32 = 48 << 10;
const ALL_SHARED_BYTES: i32 = 228 << 10;
const CLOCK_KHZ: i32 = 1_980_000;
const MEMORY_CLOCK_KHZ: i32 = 3_201_000;
const BUS_BITS: i32 = 6144;
const CACHE_BYTES: i32 = 60 << 20;

/// `CUdevice_attribute`; those of the range that are not here are 0.
pub(super) fn value_of(attribute: u32, device: i32) -> Option<i32> {
    let max_block = i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX);
    let values_supported = i32::from(config::get().wait_value != WaitValue::Unsupported);
    Some(match attribute {
        1..=3 => max_block,            // MAX_THREADS_PER_BLOCK, MAX_BLOCK_DIM_X and Y
        4 => 64,                       // MAX_BLOCK_DIM_Z
        5 => i32::MAX,                 // MAX_GRID_DIM_X
        6 | 7 => 65535,                // MAX_GRID_DIM_Y and Z
        8 => SHARED_BYTES,             // MAX_SHARED_MEMORY_PER_BLOCK
        9 => 64 << 10,                 // TOTAL_CONSTANT_MEMORY
        10 => WARP,                    // WARP_SIZE
        11 => i32::MAX,                // MAX_PITCH
        12 | 82 => REGISTERS,          // MAX_REGISTERS_PER_BLOCK, _PER_MULTIPROCESSOR
        13 => CLOCK_KHZ,               // CLOCK_RATE
        15 | 19 | 31 => 1,             // GPU_OVERLAP, CAN_MAP_HOST_MEMORY, CONCURRENT_KERNELS
        16 => MULTIPROCESSORS,         // MULTIPROCESSOR_COUNT
        33 => FIRST_BUS + device,      // PCI_BUS_ID
        36 => MEMORY_CLOCK_KHZ,        // MEMORY_CLOCK_RATE
        37 => BUS_BITS,                // GLOBAL_MEMORY_BUS_WIDTH
        38 => CACHE_BYTES,             // L2_CACHE_SIZE
        39 => 2048,                    // MAX_THREADS_PER_MULTIPROCESSOR
        40 => 3,                       // ASYNC_ENGINE_COUNT
        41 => 1,                       // UNIFIED_ADDRESSING
        75 => MAJOR,                   // COMPUTE_CAPABILITY_MAJOR
        76 => MINOR,                   // COMPUTE_CAPABILITY_MINOR
        78 => 1,                       // STREAM_PRIORITIES_SUPPORTED
        81 => ALL_SHARED_BYTES,        // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
        83 | 89 => 1,                  // MANAGED_MEMORY, CONCURRENT_MANAGED_ACCESS
        90 | 91 => 1,                  // COMPUTE_PREEMPTION, CAN_USE_HOST_POINTER_FOR_REGISTERED
        92..=94 => values_supported,   // CAN_USE_STREAM_MEM_OPS_V1 and its two extensions
        95 => 1,                       // COOPERATIVE_LAUNCH
        97 => ALL_SHARED_BYTES - 1024, // MAX_SHARED_MEMORY_PER_BLOCK_OPTIN
        99 => 1,                       // HOST_REGISTER_SUPPORTED
        106 => 32,                     // MAX_BLOCKS_PER_MULTIPROCESSOR
        111 => 1024,                   // RESERVED_SHARED_MEMORY_PER_BLOCK
        115 | 120 => 1,                // MEMORY_POOLS_SUPPORTED, CLUSTER_LAUNCH
        122 | 123 => values_supported, // CAN_USE_64_BIT_STREAM_MEM_OPS, _STREAM_WAIT_VALUE_NOR
        0 | 148.. => return None,
        _ => 0,
    })
}
