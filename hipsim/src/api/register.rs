//! What compiled programs call before `main` and when they end. None of these uses a device.

use std::sync::atomic::{AtomicBool, Ordering};

use gpusim::abi::{Address, Text};
use gpusim::config::{self, WaitValue};
use gpusim::memory::{self, Place};
use gpusim::runtime;

use crate::{current, error, module};

/// Returns the module's handle; NULL for none.
#[unsafe(no_mangle)]
extern "C" fn __hipRegisterFatBinary(wrapper: Address) -> Address {
    module::load(wrapper).unwrap_or_default()
}

#[unsafe(no_mangle)]
extern "C" fn __hipUnregisterFatBinary(handle: Address) {
    static FIRST: AtomicBool = AtomicBool::new(true);
    if runtime::is_forked_child() {
        return;
    }
    // A wait that never ends must not hold up the end of the process.
    let may_wait = config::get().wait_value != WaitValue::Never;
    if FIRST.swap(false, Ordering::Relaxed) && may_wait {
        runtime::devices()
            .iter()
            .for_each(|device| current::context_of(device.ordinal).synchronize());
    }
    let _ = module::unload(handle);
}

#[unsafe(no_mangle)]
extern "C" fn __hipRegisterFunction(
    handle: Address,
    stub: Address,
    _device_function: Text,
    device_name: Text,
    _thread_limit: u32,
    _thread: Address,
    _block: Address,
    _block_size: Address,
    _grid_size: Address,
    _warp_size: Address,
) {
    let registered =
        module::get(handle).and_then(|module| module.register_function(stub, &device_name.get()?));
    if let Err(code) = registered {
        eprintln!(
            "hipsim: __hipRegisterFunction: {:?}",
            error::describe(code).0
        );
    }
}

#[unsafe(no_mangle)]
extern "C" fn __hipRegisterVar(
    handle: Address,
    variable: Address,
    _host_name: Text,
    device_name: Text,
    _external: i32,
    bytes: usize,
    _constant: i32,
    _global: i32,
) {
    register_variable(handle, variable, device_name, bytes);
}

/// Managed variables live where `pointer` says, with the initial value copied in.
#[unsafe(no_mangle)]
extern "C" fn __hipRegisterManagedVar(
    _handle: Address,
    pointer: gpusim::abi::Out<Address>,
    initial: gpusim::abi::In<u8>,
    _name: Text,
    bytes: usize,
    _align: u32,
) {
    let Ok(address) = memory::allocate(bytes, Place::Managed(0), 0) else {
        return;
    };
    if let Ok(initial) = initial.array(bytes) {
        let memory = gpusim::abi::Out::<u8>::at(address);
        let _ = memory.put_all(initial);
    }
    pointer.put_optional(address);
}

fn register_variable(handle: Address, variable: Address, name: Text, bytes: usize) {
    let registered = module::get(handle)
        .and_then(|module| module.register_variable(variable, &name.get()?, bytes));
    if let Err(code) = registered {
        eprintln!("hipsim: __hipRegisterVar: {:?}", error::describe(code).0);
    }
}
