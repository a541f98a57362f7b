//! Devices: the current one, waiting for one, and what can be asked about one.

use gpusim::abi::{Out, Text, put_text};
use gpusim::capture;
use gpusim::config::{self, WaitValue};
use gpusim::error::{Code, Result};
use gpusim::kernel::MAX_BLOCK;
use gpusim::memory::{Registry, TOTAL_BYTES};
use gpusim::runtime;
use gpusim::stream_handle;

use crate::call::exports;
use crate::current;

/// What this device says it is: an AMD Instinct, as far as clients look.
pub(super) const NAME: &str = "hipsim, a stand-in for a HIP device";
pub(super) const ARCH: &str = "gfx942:sramecc+:xnack-";
pub(super) const COMPUTE_UNITS: i32 = 304;
pub(super) const WARP: i32 = 64;
pub(super) const SHARED_BYTES: i32 = 64 << 10;
pub(super) const REGISTERS: i32 = 65536;
pub(super) const CLOCK_KHZ: i32 = 2_100_000;
pub(super) const MAJOR: i32 = 9;
pub(super) const MINOR: i32 = 4;
/// The first device's; the others follow.
pub(super) const FIRST_BUS: i32 = 0x03;

exports! {
    hipGetDeviceCount(out: Out<i32>) {
        out.require()?;
        let count = runtime::devices().len();
        out.put(i32::try_from(count).unwrap_or(0))?;
        if count == 0 { Err(Code::NO_DEVICE) } else { Ok(()) }
    }

    hipGetDevice(out: Out<i32>) {
        out.require()?;
        out.put(current::device()?.number())
    }

    hipSetDevice(device: i32) { current::set_device(device) }

    hipSetValidDevices(_list: Out<i32>, _count: i32) { Ok(()) }

    hipDeviceGet(out: Out<i32>, ordinal: i32) {
        out.require()?;
        out.put(runtime::device(ordinal)?.number())
    }

    hipDeviceSynchronize() {
        capture::refuse_device_wait()?;
        current::context()?.synchronize();
        Ok(())
    }

    hipDeviceReset() {
        let device = current::device()?;
        capture::refuse_device_wait()?;
        stream_handle::destroy_all(current::context_of(device.ordinal));
        Registry::free_all(device.ordinal);
        Ok(())
    }

    hipDeviceGetName(out: Out<u8>, bytes: i32, device: i32) {
        runtime::device(device)?;
        put_text(out, bytes, NAME)
    }

    hipDeviceGetPCIBusId(out: Out<u8>, bytes: i32, device: i32) {
        let bus = FIRST_BUS + runtime::device(device)?.number();
        put_text(out, bytes, &format!("0000:{bus:02x}:00.0"))
    }

    hipDeviceGetByPCIBusId(out: Out<i32>, id: Text) {
        let id = id.get()?;
        let is_it = |bus: i32| id == format!("0000:{bus:02x}:00.0");
        let device = runtime::devices().iter().find(|device| is_it(FIRST_BUS + device.number()));
        out.put(device.ok_or(Code::INVALID_DEVICE)?.number())
    }

    hipDeviceGetUuid(out: Out<[u8; 16]>, device: i32) { out.put(uuid(device)?) }

    hipDeviceComputeCapability(major: Out<i32>, minor: Out<i32>, device: i32) {
        runtime::device(device)?;
        major.put(MAJOR)?;
        minor.put(MINOR)
    }

    hipDeviceGetAttribute(out: Out<i32>, attribute: u32, device: i32) {
        out.require()?;
        let device = runtime::device(device)?.number();
        out.put(value_of(attribute, device).ok_or(Code::INVALID_VALUE)?)
    }

    hipDeviceGetLimit(out: Out<usize>, limit: u32) {
        out.put(*limits().get(limit as usize).ok_or(Code::UNSUPPORTED_LIMIT)?)
    }

    hipDeviceSetLimit(limit: u32, _value: usize) {
        if (limit as usize) < limits().len() { Ok(()) } else { Err(Code::UNSUPPORTED_LIMIT) }
    }

    hipSetDeviceFlags(_flags: u32) { Ok(()) }

    hipGetDeviceFlags(out: Out<u32>) {
        // As AMD's library does, through the exported function.
        crate::plt::device()?;
        out.put(0)
    }

    hipDeviceCanAccessPeer(out: Out<i32>, device: i32, peer: i32) {
        runtime::device(device)?;
        runtime::device(peer)?;
        out.put(i32::from(device != peer))
    }

    hipDeviceEnablePeerAccess(peer: i32, flags: u32) {
        runtime::device(peer)?;
        if flags == 0 { Ok(()) } else { Err(Code::INVALID_VALUE) }
    }

    hipDeviceDisablePeerAccess(peer: i32) { runtime::device(peer).map(drop) }

    hipDeviceGetCacheConfig(out: Out<u32>) { out.put(0) }
    hipDeviceSetCacheConfig(_config: u32) { Ok(()) }
    hipDeviceGetSharedMemConfig(out: Out<u32>) { out.put(0) }
    hipDeviceSetSharedMemConfig(_config: u32) { Ok(()) }
    hipProfilerStart() { Ok(()) }
    hipProfilerStop() { Ok(()) }
}

/// Of the stack, of printf's buffer, of malloc's heap.
fn limits() -> [usize; 3] {
    [1 << 10, 1 << 20, 8 << 20]
}

pub(super) fn uuid(device: i32) -> Result<[u8; 16]> {
    let mut uuid = *b"hipsim-device-00";
    uuid[15] += u8::try_from(runtime::device(device)?.ordinal).unwrap_or(0);
    Ok(uuid)
}

/// `hipDeviceAttribute_t`; the numbers of these are the same from 5.2 to 7.2. Those of the range
/// that are not here are 0.
fn value_of(attribute: u32, device: i32) -> Option<i32> {
    let max_block = i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX);
    Some(match attribute {
        2 => 2,                                               // AsyncEngineCount
        3 | 4 => 1,                // CanMapHostMemory, CanUseHostPointerForRegisteredMem
        5 | 10000 => CLOCK_KHZ,    // ClockRate, ClockInstructionRate
        8 | 10 | 11 => 1,          // ConcurrentKernels, Cooperative(MultiDevice)Launch
        23 => MAJOR,               // ComputeCapabilityMajor
        24 => 1,                   // ManagedMemory
        26..=28 | 56 => max_block, // MaxBlockDim, MaxThreadsPerBlock
        29..=31 => i32::MAX,       // MaxGridDim
        57 => 2048,                // MaxThreadsPerMultiProcessor
        61 => MINOR,               // ComputeCapabilityMinor
        63 | 10015 => COMPUTE_UNITS, // (Physical)MultiprocessorCount
        67 => FIRST_BUS + device,  // PciBusId
        71 | 72 => REGISTERS,      // MaxRegistersPer(Block, Multiprocessor)
        74 | 76 | 10002 => SHARED_BYTES, // MaxSharedMemoryPer(Block, Multiprocessor)
        78 => 1,                   // StreamPrioritiesSupported
        84 => i32::try_from(TOTAL_BYTES).unwrap_or(i32::MAX), // TotalGlobalMem
        85 => 1,                   // UnifiedAddressing
        87 => WARP,                // WarpSize
        88 => 1,                   // MemoryPoolsSupported
        10011 | 10016 => 1,        // IsLargeBar, FineGrainSupport
        // CanUseStreamWaitValue
        10013 => i32::from(config::get().wait_value != WaitValue::Unsupported),
        0..=91 | 10001..=10017 => 0,
        _ => return None,
    })
}
