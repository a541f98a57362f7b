//! Modules, libraries, and the attributes of kernels. A `CUkernel` is the `CUfunction` of every
//! context.

use std::ffi::c_char;

use gpusim::abi::{Address, Out, Text};
use gpusim::error::{Code, Result};
use gpusim::handles::handle_of;
use gpusim::kernel::MAX_BLOCK;

use crate::call::exports;
use crate::{context, module};

exports! { driver:
    cuLibraryLoadData(
        out: Out<Address>, image: Address, _jit: Address, _jit_values: Address, _jit_count: u32,
        _options: Address, _values: Address, _count: u32,
    ) {
        out.put_result(module::load(image, None))
    }

    cuLibraryLoadFromFile(
        out: Out<Address>, file: Text, _jit: Address, _jit_values: Address, _jit_count: u32,
        _options: Address, _values: Address, _count: u32,
    ) {
        out.put_result(load_file(&file.get()?, None))
    }

    cuLibraryUnload(handle: Address) { module::unload(handle) }

    cuLibraryGetKernel(out: Out<Address>, handle: Address, name: Text) {
        out.put_result(kernel(handle, name))
    }

    cuLibraryGetKernelCount(out: Out<u32>, handle: Address) { out.put_result(count(handle)) }

    cuLibraryEnumerateKernels(out: Out<Address>, room: u32, handle: Address) {
        enumerate(out, room, handle)
    }

    cuLibraryGetModule(out: Out<Address>, handle: Address) {
        module::get(handle)?;
        out.put(handle)
    }
}

exports! { context:
    cuModuleLoadData(out: Out<Address>, image: Address) { out.put_result(load(image)) }

    cuModuleLoadDataEx(
        out: Out<Address>, image: Address, _count: u32, _options: Address, _values: Address,
    ) {
        out.put_result(load(image))
    }

    cuModuleLoadFatBinary(out: Out<Address>, image: Address) {
        out.put_result(load(image))
    }

    cuModuleLoad(out: Out<Address>, file: Text) { out.put_result(load_file(&file.get()?, owner()?)) }

    cuModuleUnload(handle: Address) { module::unload(handle) }

    cuModuleGetFunction(out: Out<Address>, handle: Address, name: Text) {
        out.put_result(kernel(handle, name))
    }

    cuModuleGetFunctionCount(out: Out<u32>, handle: Address) { out.put_result(count(handle)) }

    cuModuleEnumerateFunctions(out: Out<Address>, room: u32, handle: Address) {
        enumerate(out, room, handle)
    }

    // Variables of a module are not modelled.
    cuModuleGetGlobal_v2(
        _address: Out<Address>, _bytes: Out<usize>, handle: Address, _name: Text,
    ) {
        module::get(handle)?;
        Err(Code::NOT_FOUND)
    }

    cuModuleGetLoadingMode(out: Out<u32>) {
        const EAGER: u32 = 1;
        const LAZY: u32 = 2;
        out.put(if module::loads_lazily() { LAZY } else { EAGER })
    }

    cuKernelGetFunction(out: Out<Address>, kernel: Address) {
        module::kernel(kernel)?;
        out.put(kernel)
    }

    cuKernelGetName(out: Out<*const c_char>, kernel: Address) { name(out, kernel) }

    cuFuncGetName(out: Out<*const c_char>, function: Address) { name(out, function) }

    cuKernelGetParamInfo(
        kernel: Address, index: usize, offset: Out<usize>, bytes: Out<usize>,
    ) {
        parameter(kernel, index, offset, bytes)
    }

    cuFuncGetParamInfo(
        function: Address, index: usize, offset: Out<usize>, bytes: Out<usize>,
    ) {
        parameter(function, index, offset, bytes)
    }

    cuFuncIsLoaded(out: Out<u32>, function: Address) {
        const LOADED: u32 = 1;
        module::kernel(function)?;
        out.put(LOADED)
    }

    cuFuncLoad(function: Address) { known(function) }

    cuFuncGetAttribute(out: Out<i32>, attribute: u32, function: Address) {
        known(function)?;
        attribute_value(out, attribute)
    }

    cuKernelGetAttribute(out: Out<i32>, attribute: u32, kernel: Address, _device: i32) {
        known(kernel)?;
        attribute_value(out, attribute)
    }

    cuFuncSetAttribute(function: Address, _attribute: u32, _value: i32) { known(function) }

    cuKernelSetAttribute(_attribute: u32, _value: i32, kernel: Address, _device: i32) {
        known(kernel)
    }

    cuFuncSetCacheConfig(function: Address, _config: u32) { known(function) }
    cuFuncSetSharedMemConfig(function: Address, _config: u32) { known(function) }

    cuOccupancyMaxActiveBlocksPerMultiprocessor(
        out: Out<i32>, function: Address, block: i32, _shared: usize,
    ) {
        known(function)?;
        out.put_result(blocks_per_unit(block))
    }

    cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(
        out: Out<i32>, function: Address, block: i32, _shared: usize, _flags: u32,
    ) {
        known(function)?;
        out.put_result(blocks_per_unit(block))
    }

    cuOccupancyMaxPotentialBlockSize(
        grid: Out<i32>, block: Out<i32>, function: Address, _shared_of: Address, _shared: usize,
        limit: i32,
    ) {
        block_size(grid, block, function, limit)
    }

    cuOccupancyMaxPotentialBlockSizeWithFlags(
        grid: Out<i32>, block: Out<i32>, function: Address, _shared_of: Address, _shared: usize,
        limit: i32, _flags: u32,
    ) {
        block_size(grid, block, function, limit)
    }
}

/// Modules belong to a context, libraries do not.
fn owner() -> Result<Option<u64>> {
    context::current().map(|context| Some(context.id))
}

fn load(image: Address) -> Result<Address> {
    module::load(image, owner()?)
}

fn load_file(file: &str, owner: Option<u64>) -> Result<Address> {
    let bytes = std::fs::read(file).map_err(|_| Code::FILE_NOT_FOUND)?;
    // Ends with 0, as a text in memory does; in a binary format more bytes do no harm.
    let image: Vec<u8> = bytes.into_iter().chain([0]).collect();
    module::load(Address(image.as_ptr().expose_provenance()), owner)
}

fn kernel(handle: Address, name: Text) -> Result<Address> {
    Ok(handle_of(&module::get(handle)?.kernel(&name.get()?)?))
}

fn count(handle: Address) -> Result<u32> {
    u32::try_from(module::get(handle)?.kernels().len()).map_err(|_| Code::UNKNOWN)
}

fn enumerate(out: Out<Address>, room: u32, handle: Address) -> Result {
    let kernels = module::get(handle)?.kernels();
    out.put_all(kernels.iter().take(room as usize).map(handle_of))
}

fn name(out: Out<*const c_char>, function: Address) -> Result {
    out.put(module::kernel(function)?.function.name.as_ptr())
}

fn parameter(function: Address, index: usize, offset: Out<usize>, bytes: Out<usize>) -> Result {
    let kernel = module::kernel(function)?;
    let mut end = 0;
    for (number, argument) in kernel.function.arguments.iter().enumerate() {
        let start = usize::next_multiple_of(end, argument.align as usize);
        end = start + argument.bytes as usize;
        if number == index {
            bytes.put_optional(argument.bytes as usize);
            return offset.put(start);
        }
    }
    Err(Code::INVALID_VALUE)
}

fn known(function: Address) -> Result {
    module::kernel(function).map(drop)
}

fn attribute_value(out: Out<i32>, attribute: u32) -> Result {
    const MAX_THREADS: u32 = 0;
    const PTX_VERSION: u32 = 5;
    const BINARY_VERSION: u32 = 6;
    const LAST: u32 = 16;
    match attribute {
        MAX_THREADS => out.put(i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX)),
        PTX_VERSION | BINARY_VERSION => out.put(90),
        1..=LAST => out.put(0),
        _ => Err(Code::INVALID_VALUE),
    }
}

fn blocks_per_unit(block: i32) -> Result<i32> {
    if block <= 0 {
        Err(Code::INVALID_VALUE)
    } else {
        Ok((2048 / block).max(1))
    }
}

fn block_size(grid: Out<i32>, block: Out<i32>, function: Address, limit: i32) -> Result {
    known(function)?;
    let most = i32::try_from(MAX_BLOCK).unwrap_or(i32::MAX);
    block.put(if limit > 0 { limit.min(most) } else { most })?;
    grid.put(2 * super::attributes::MULTIPROCESSORS)
}
