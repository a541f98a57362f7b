//! What is known about addresses.

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::handles::handle_of;
use gpusim::memory::{self, Description, Place};

use crate::call::exports;
use crate::context;

exports! { driver:
    cuPointerGetAttribute(out: Address, attribute: u32, address: Address) {
        let found = memory::describe(address).ok_or(Code::INVALID_VALUE)?;
        Value::of(attribute, address, &found)?.put(out)
    }

    // Addresses that nobody knows have no attributes, and are no error.
    cuPointerGetAttributes(
        count: u32, attributes: In<u32>, outs: In<Address>, address: Address,
    ) {
        let attributes = attributes.array(count as usize)?;
        let outs = outs.array(count as usize)?;
        for (attribute, out) in attributes.into_iter().zip(outs) {
            match memory::describe(address) {
                Some(found) => Value::of(attribute, address, &found)?.put(out)?,
                None => Value::of_unknown(attribute)?.put(out)?,
            }
        }
        Ok(())
    }

    cuPointerSetAttribute(_value: Address, _attribute: u32, address: Address) {
        memory::describe(address).map(drop).ok_or(Code::INVALID_VALUE)
    }
}

/// The types that attributes have.
enum Value {
    Address(Address),
    Wide(u64),
    Number(u32),
    Ordinal(i32),
    Flag(bool),
}

const CONTEXT: u32 = 1;
const MEMORY_TYPE: u32 = 2;
const DEVICE_POINTER: u32 = 3;
const HOST_POINTER: u32 = 4;
const SYNC_MEMOPS: u32 = 6;
const BUFFER_ID: u32 = 7;
const IS_MANAGED: u32 = 8;
const DEVICE_ORDINAL: u32 = 9;
const IS_LEGACY_IPC_CAPABLE: u32 = 10;
const RANGE_START: u32 = 11;
const RANGE_SIZE: u32 = 12;
const MAPPED: u32 = 13;

impl Value {
    fn of(attribute: u32, address: Address, found: &Description) -> Result<Value> {
        const HOST: u32 = 1;
        const DEVICE: u32 = 2;
        let (memory_type, ordinal, host) = match found.place {
            Place::Device(ordinal) => (DEVICE, ordinal, None),
            Place::Managed(ordinal) => (DEVICE, ordinal, Some(address)),
            Place::Host | Place::Registered => (HOST, 0, Some(address)),
        };
        Ok(match attribute {
            CONTEXT => {
                let context = context::by_id(found.owner);
                Value::Address(context.map_or(Address(0), |context| handle_of(&context)))
            }
            MEMORY_TYPE => Value::Number(memory_type),
            DEVICE_POINTER => Value::Address(address),
            HOST_POINTER => Value::Address(host.ok_or(Code::INVALID_VALUE)?),
            SYNC_MEMOPS | IS_LEGACY_IPC_CAPABLE => Value::Flag(false),
            BUFFER_ID => Value::Wide(found.base.0 as u64),
            IS_MANAGED => Value::Flag(matches!(found.place, Place::Managed(_))),
            DEVICE_ORDINAL => Value::Ordinal(i32::try_from(ordinal).unwrap_or(0)),
            RANGE_START => Value::Address(found.base),
            RANGE_SIZE => Value::Wide(found.bytes as u64),
            MAPPED => Value::Flag(true),
            _ => return Err(Code::NOT_SUPPORTED),
        })
    }

    fn of_unknown(attribute: u32) -> Result<Value> {
        const NO_DEVICE: i32 = -2;
        Ok(match attribute {
            CONTEXT | DEVICE_POINTER | HOST_POINTER | RANGE_START => Value::Address(Address(0)),
            MEMORY_TYPE => Value::Number(0),
            BUFFER_ID | RANGE_SIZE => Value::Wide(0),
            DEVICE_ORDINAL => Value::Ordinal(NO_DEVICE),
            SYNC_MEMOPS | IS_MANAGED | IS_LEGACY_IPC_CAPABLE | MAPPED => Value::Flag(false),
            _ => return Err(Code::NOT_SUPPORTED),
        })
    }

    fn put(self, out: Address) -> Result {
        match self {
            Value::Address(value) => Out::at(out).put(value),
            Value::Wide(value) => Out::at(out).put(value),
            Value::Number(value) => Out::at(out).put(value),
            Value::Ordinal(value) => Out::at(out).put(value),
            Value::Flag(value) => Out::at(out).put(value),
        }
    }
}
