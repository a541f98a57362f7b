//! Modules, libraries and the attributes of kernels.

use std::ffi::CString;
use std::ffi::c_char;

use gpusim::abi::{Address, Out, Text};
use gpusim::error::{Code, Result};
use gpusim::handles::handle_of;
use gpusim::kernel::MAX_BLOCK;

use crate::call::exports;
use crate::module;

exports! {
    hipModuleLoadData(out: Out<Address>, image: Address) { load(out, image) }

    hipModuleLoadDataEx(
        out: Out<Address>, image: Address, _count: u32, _options: Address, _values: Address,
    ) {
        load(out, image)
    }

    hipModuleLoadFatBinary(out: Out<Address>, image: Address) { load(out, image) }

    hipModuleLoad(out: Out<Address>, file: Text) { load_file(out, &file.get()?) }

    hipModuleUnload(handle: Address) { module::unload(handle) }

    hipModuleGetFunction(out: Out<Address>, handle: Address, name: Text) {
        out.require()?;
        out.put(handle_of(&module::get(handle)?.function(&name.get()?)?))
    }

    hipModuleGetFunctionCount(out: Out<u32>, handle: Address) {
        out.put(count(handle)?)
    }

    hipModuleGetGlobal(address: Out<Address>, bytes: Out<usize>, handle: Address, name: Text) {
        let variable = module::get(handle)?.variable(&name.get()?)?;
        address.put_optional(variable.address);
        bytes.put_optional(variable.bytes);
        Ok(())
    }

    hipGetFuncBySymbol(out: Out<Address>, stub: Address) {
        out.require()?;
        out.put(handle_of(&module::host_function(stub)?))
    }

    hipLibraryLoadData(
        out: Out<Address>, image: Address, _jit: Address, _jit_values: Address, _jit_count: u32,
        _options: Address, _values: Address, _count: u32,
    ) {
        load(out, image)
    }

    hipLibraryLoadFromFile(
        out: Out<Address>, file: Text, _jit: Address, _jit_values: Address, _jit_count: u32,
        _options: Address, _values: Address, _count: u32,
    ) {
        load_file(out, &file.get()?)
    }

    hipLibraryUnload(handle: Address) { module::unload(handle) }

    hipLibraryGetKernel(out: Out<Address>, handle: Address, name: Text) {
        out.require()?;
        out.put(handle_of(&module::get(handle)?.function(&name.get()?)?))
    }

    hipLibraryGetKernelCount(out: Out<u32>, handle: Address) { out.put(count(handle)?) }

    hipLibraryEnumerateKernels(out: Out<Address>, room: u32, handle: Address) {
        let functions = module::get(handle)?.functions();
        out.put_all(functions.iter().take(room as usize).map(handle_of))
    }

    hipKernelGetName(out: Out<*const c_char>, kernel: Address) {
        out.put(module::function(kernel)?.name.as_ptr())
    }

    hipFuncGetAttribute(out: Out<i32>, attribute: u32, function: Address) {
        const MAX_THREADS: u32 = 0;
        const LAST: u32 = 9;
        module::function(function)?;
        let max_block = i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX);
        match attribute {
            MAX_THREADS => out.put(max_block),
            1..=LAST => out.put(0),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipFuncGetAttributes(out: Out<Attributes>, stub: Address) {
        out.require()?;
        module::host_function(stub)?;
        let max_threads = i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX);
        out.put(Attributes { max_threads, ..Attributes::default() })
    }

    hipFuncSetAttribute(stub: Address, _attribute: u32, _value: i32) { known(stub) }
    hipFuncSetCacheConfig(stub: Address, _config: u32) { known(stub) }
    hipFuncSetSharedMemConfig(stub: Address, _config: u32) { known(stub) }

    hipOccupancyMaxActiveBlocksPerMultiprocessor(
        out: Out<i32>, stub: Address, block: i32, _shared: usize,
    ) {
        known(stub)?;
        out.put(blocks_per_unit(block)?)
    }

    hipOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        out: Out<i32>, stub: Address, block: i32, _shared: usize, _flags: u32,
    ) {
        known(stub)?;
        out.put(blocks_per_unit(block)?)
    }

    hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(
        out: Out<i32>, function: Address, block: i32, _shared: usize,
    ) {
        module::function(function)?;
        out.put(blocks_per_unit(block)?)
    }

    hipModuleOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        out: Out<i32>, function: Address, block: i32, _shared: usize, _flags: u32,
    ) {
        module::function(function)?;
        out.put(blocks_per_unit(block)?)
    }
}

/// `hipFuncAttributes`
#[derive(Clone, Copy, Default)]
#[repr(C)]
struct Attributes {
    binary_version: i32,
    cache_mode: i32,
    constant_bytes: usize,
    local_bytes: usize,
    max_dynamic_shared_bytes: i32,
    max_threads: i32,
    registers: i32,
    carveout: i32,
    ptx_version: i32,
    shared_bytes: usize,
}

fn load(out: Out<Address>, image: Address) -> Result {
    out.require()?;
    out.put(module::load(image)?)
}

/// A file can only be a foreign image: ours have addresses in them.
fn load_file(out: Out<Address>, file: &str) -> Result {
    out.require()?;
    let bytes = std::fs::read(file).map_err(|_| Code::FILE_NOT_FOUND)?;
    let image = CString::from_vec_with_nul(b"foreign\0".to_vec()).map_err(|_| Code::UNKNOWN)?;
    if bytes.is_empty() {
        return Err(Code::INVALID_IMAGE);
    }
    load(out, Address(image.as_ptr().expose_provenance()))
}

fn count(handle: Address) -> Result<u32> {
    u32::try_from(module::get(handle)?.functions().len()).map_err(|_| Code::UNKNOWN)
}

fn known(stub: Address) -> Result {
    module::host_function(stub).map(drop)
}

fn blocks_per_unit(block: i32) -> Result<i32> {
    if block <= 0 {
        Err(Code::INVALID_VALUE)
    } else {
        Ok((2048 / block).max(1))
    }
}
