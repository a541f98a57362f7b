//! Devices.

use gpusim::abi::{Out, Text, put_text};
use gpusim::error::{Code, Result};
use gpusim::memory::TOTAL_BYTES;
use gpusim::runtime;

use crate::call::exports;

use super::attributes;

const NAME: &str = "cudasim, a stand-in for a CUDA device";

exports! { driver:
    cuDeviceGetCount(out: Out<i32>) {
        out.put(i32::try_from(runtime::devices().len()).unwrap_or(i32::MAX))
    }

    cuDeviceGet(out: Out<i32>, ordinal: i32) {
        out.require()?;
        out.put(runtime::device(ordinal)?.number())
    }

    cuDeviceGetName(out: Out<u8>, bytes: i32, device: i32) {
        runtime::device(device)?;
        put_text(out, bytes, NAME)
    }

    cuDeviceGetUuid(out: Out<[u8; 16]>, device: i32) { out.put(uuid(device)?) }

    cuDeviceGetUuid_v2(out: Out<[u8; 16]>, device: i32) { out.put(uuid(device)?) }

    cuDeviceGetPCIBusId(out: Out<u8>, bytes: i32, device: i32) {
        put_text(out, bytes, &pci_bus_id(runtime::device(device)?.number()))
    }

    cuDeviceGetByPCIBusId(out: Out<i32>, id: Text) {
        out.require()?;
        let id = id.get()?;
        let mut devices = runtime::devices().iter().map(|device| device.number());
        let found = devices.find(|device| pci_bus_id(*device).eq_ignore_ascii_case(&id));
        out.put(found.ok_or(Code::INVALID_DEVICE)?)
    }

    cuDeviceTotalMem_v2(out: Out<usize>, device: i32) {
        runtime::device(device)?;
        out.put(TOTAL_BYTES)
    }

    cuDeviceComputeCapability(major: Out<i32>, minor: Out<i32>, device: i32) {
        runtime::device(device)?;
        major.put(attributes::MAJOR)?;
        minor.put(attributes::MINOR)
    }

    cuDeviceGetAttribute(out: Out<i32>, attribute: u32, device: i32) {
        out.require()?;
        let device = runtime::device(device)?.number();
        out.put(attributes::value_of(attribute, device).ok_or(Code::INVALID_VALUE)?)
    }

    cuDeviceCanAccessPeer(out: Out<i32>, device: i32, peer: i32) {
        runtime::device(device)?;
        runtime::device(peer)?;
        out.put(i32::from(device != peer))
    }
}

fn pci_bus_id(device: i32) -> String {
    format!("0000:{:02X}:00.0", attributes::FIRST_BUS + device)
}

fn uuid(device: i32) -> Result<[u8; 16]> {
    let mut uuid = *b"cudasim-device-0";
    uuid[15] += u8::try_from(runtime::device(device)?.ordinal).unwrap_or(0);
    Ok(uuid)
}
