//! Device variables by the address of their host side.

use gpusim::abi::{Address, Out};
use gpusim::error::{Code, Result};
use gpusim::memory::copy::Copy;
use gpusim::stream_handle::{StreamHandle, of_thread};
use gpusim::transfer::{copy_later, copy_now};

use crate::call::exports;
use crate::module;

exports! {
    hipGetSymbolAddress(out: Out<Address>, symbol: Address) {
        out.require()?;
        out.put(module::host_variable(symbol)?.address)
    }

    hipGetSymbolSize(out: Out<usize>, symbol: Address) {
        out.require()?;
        out.put(module::host_variable(symbol)?.bytes)
    }

    hipMemcpyToSymbol(symbol: Address, from: Address, bytes: usize, offset: usize, kind: u32) {
        copy_now(&StreamHandle::NULL.get()?, to_symbol(symbol, from, bytes, offset, kind)?, kind)
    }

    hipMemcpyToSymbol_spt(symbol: Address, from: Address, bytes: usize, offset: usize, kind: u32) {
        copy_now(&of_thread()?, to_symbol(symbol, from, bytes, offset, kind)?, kind)
    }

    hipMemcpyToSymbolAsync(
        symbol: Address, from: Address, bytes: usize, offset: usize, kind: u32,
        stream: StreamHandle,
    ) {
        copy_later(&stream.get()?, to_symbol(symbol, from, bytes, offset, kind)?)
    }

    hipMemcpyToSymbolAsync_spt(
        symbol: Address, from: Address, bytes: usize, offset: usize, kind: u32,
        stream: StreamHandle,
    ) {
        copy_later(&stream.get_per_thread()?, to_symbol(symbol, from, bytes, offset, kind)?)
    }

    hipMemcpyFromSymbol(to: Address, symbol: Address, bytes: usize, offset: usize, kind: u32) {
        copy_now(&StreamHandle::NULL.get()?, from_symbol(to, symbol, bytes, offset, kind)?, kind)
    }

    hipMemcpyFromSymbol_spt(to: Address, symbol: Address, bytes: usize, offset: usize, kind: u32) {
        copy_now(&of_thread()?, from_symbol(to, symbol, bytes, offset, kind)?, kind)
    }

    hipMemcpyFromSymbolAsync(
        to: Address, symbol: Address, bytes: usize, offset: usize, kind: u32, stream: StreamHandle,
    ) {
        copy_later(&stream.get()?, from_symbol(to, symbol, bytes, offset, kind)?)
    }

    hipMemcpyFromSymbolAsync_spt(
        to: Address, symbol: Address, bytes: usize, offset: usize, kind: u32, stream: StreamHandle,
    ) {
        copy_later(&stream.get_per_thread()?, from_symbol(to, symbol, bytes, offset, kind)?)
    }
}

/// Where in device memory this part of the variable is.
fn part(symbol: Address, bytes: usize, offset: usize) -> Result<Address> {
    let variable = module::host_variable(symbol)?;
    let fits = offset
        .checked_add(bytes)
        .is_some_and(|end| end <= variable.bytes);
    if fits {
        Ok(variable.address.offset(offset))
    } else {
        Err(Code::INVALID_VALUE)
    }
}

pub(super) fn to_symbol(
    symbol: Address,
    from: Address,
    bytes: usize,
    offset: usize,
    kind: u32,
) -> Result<Copy> {
    Copy::flat(part(symbol, bytes, offset)?, from, bytes, kind)
}

pub(super) fn from_symbol(
    to: Address,
    symbol: Address,
    bytes: usize,
    offset: usize,
    kind: u32,
) -> Result<Copy> {
    Copy::flat(to, part(symbol, bytes, offset)?, bytes, kind)
}
