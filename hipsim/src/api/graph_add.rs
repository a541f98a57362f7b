//! Adding nodes to a graph, by kind.

use gpusim::abi::{Address, In, Out};
use gpusim::error::Code;
use gpusim::event::EventHandle;
use gpusim::graph::Graph;
use gpusim::graph_calls::add_node;
use gpusim::memory;
use gpusim::memory::copy::Copy;
use gpusim::op::Op;

use crate::call::exports;
use crate::current;

use super::copy_3d::{Driver3D, Params as CopyParams};
use super::graph_params::{AllocParams, FillParams, HostParams, KernelParams};
use super::symbol::{from_symbol, to_symbol};

exports! {
    hipGraphAddEmptyNode(out: Out<Address>, graph: Address, after: In<Address>, count: usize) {
        out.put_result(add_node(graph, after, count, Op::Nothing))
    }

    hipGraphAddKernelNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<KernelParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    hipGraphAddMemcpyNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<CopyParams>,
    ) {
        out.put_result(add_node(graph, after, count, Op::Copy(params.get()?.copy()?)))
    }

    hipGraphAddMemcpyNode1D(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, to: Address,
        from: Address, bytes: usize, kind: u32,
    ) {
        out.put_result(add_node(graph, after, count, Op::Copy(Copy::flat(to, from, bytes, kind)?)))
    }

    hipGraphAddMemcpyNodeToSymbol(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, symbol: Address,
        from: Address, bytes: usize, offset: usize, kind: u32,
    ) {
        out.put_result(add_node(graph, after, count, Op::Copy(to_symbol(symbol, from, bytes, offset, kind)?)))
    }

    hipGraphAddMemcpyNodeFromSymbol(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, to: Address,
        symbol: Address, bytes: usize, offset: usize, kind: u32,
    ) {
        out.put_result(add_node(graph, after, count, Op::Copy(from_symbol(to, symbol, bytes, offset, kind)?)))
    }

    hipDrvGraphAddMemcpyNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: Driver3D,
        _context: Address,
    ) {
        out.put_result(add_node(graph, after, count, Op::Copy(params.copy()?)))
    }

    hipGraphAddMemsetNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<FillParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    hipDrvGraphAddMemsetNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<FillParams>,
        _context: Address,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    hipGraphAddHostNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<HostParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    hipGraphAddEventRecordNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, event: EventHandle,
    ) {
        out.put_result(add_node(graph, after, count, Op::Record(event.get()?, event)))
    }

    hipGraphAddEventWaitNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, event: EventHandle,
    ) {
        out.put_result(add_node(graph, after, count, Op::WaitEvent(event.get()?, event)))
    }

    hipGraphAddChildGraphNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, child: Address,
    ) {
        out.put_result(add_node(graph, after, count, Op::Child(Graph::get(child)?.duplicate())))
    }

    hipGraphAddMemAllocNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: Out<AllocParams>,
    ) {
        let mut wanted = params.read()?;
        wanted.address = memory::reserve(wanted.bytes, current::device()?.ordinal)?;
        params.put(wanted)?;
        out.put_result(add_node(graph, after, count, Op::Allocate(wanted.address)))
    }

    hipGraphAddMemFreeNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, address: Address,
    ) {
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        out.put_result(add_node(graph, after, count, Op::Free(address)))
    }

    hipDrvGraphAddMemFreeNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, address: Address,
    ) {
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        out.put_result(add_node(graph, after, count, Op::Free(address)))
    }
}
