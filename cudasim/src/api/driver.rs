//! The driver itself: initialisation, its version, names of errors, look-up of its functions.

use std::ffi::c_char;

use gpusim::abi::{Address, Out, Text};
use gpusim::error::Code;
use gpusim::runtime;

use crate::call::{self, exports};
use crate::error;
use crate::symbols::{self, Answer};

exports! { nothing:
    cuInit(flags: u32) {
        if flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        if runtime::devices().is_empty() {
            return Err(Code::NO_DEVICE);
        }
        call::set_initialized();
        Ok(())
    }

    cuDriverGetVersion(out: Out<i32>) { out.put(symbols::driver_version()) }

    cuGetErrorName(code: i32, out: Out<*const c_char>) { describe(code, out) }

    // A text of its own would tell a reader no more than the name does.
    cuGetErrorString(code: i32, out: Out<*const c_char>) { describe(code, out) }

    cuGetProcAddress(name: Text, out: Out<Address>, version: i32, flags: u64) {
        match symbols::find(&name.get()?, version, flags)? {
            Answer::Found(address) => out.put(address),
            Answer::Missing(_) => Err(Code::NOT_FOUND),
        }
    }

    cuGetProcAddress_v2(
        name: Text, out: Out<Address>, version: i32, flags: u64, status: Out<u32>,
    ) {
        match symbols::find(&name.get()?, version, flags)? {
            Answer::Found(address) => {
                status.put_optional(0);
                out.put(address)
            }
            Answer::Missing(why) => {
                status.put_optional(why as u32);
                out.put(Address(0))
            }
        }
    }

    // Private tables of functions, which only NVIDIA's own libraries know.
    cuGetExportTable(_out: Out<Address>, _id: Address) { Err(Code::NOT_FOUND) }
}

fn describe(code: i32, out: Out<*const c_char>) -> gpusim::error::Result {
    let name = error::name(code);
    out.put(name.map_or(std::ptr::null(), |name| name.as_ptr()))?;
    name.map(drop).ok_or(Code::INVALID_VALUE)
}
