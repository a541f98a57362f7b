//! Adding nodes to a graph, by kind.

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::event::EventHandle;
use gpusim::graph::{self, Graph};
use gpusim::handles::handle_of;
use gpusim::memory;
use gpusim::memory::copy::Copy;
use gpusim::op::Op;

use crate::call::exports;
use crate::current;

use super::copy_3d::{Driver3D, Params as CopyParams};
use super::graph_params::{AllocParams, FillParams, HostParams, KernelParams};
use super::symbol::{from_symbol, to_symbol};

/// What every function that adds a node has in front: where the node goes to, the graph, and the
/// nodes that it comes after.
macro_rules! add {
    ($out:ident, $graph:ident, $after:ident, $count:ident, $op:expr) => {{
        $out.require()?;
        let graph = Graph::get($graph)?;
        let after = $after
            .array($count)?
            .into_iter()
            .map(graph::node)
            .collect::<Result<Vec<_>>>()?;
        if !after.iter().all(|node| graph.has(node)) {
            return Err(Code::INVALID_VALUE);
        }
        $out.put(handle_of(&graph.add($op, &after)))
    }};
}

exports! {
    hipGraphAddEmptyNode(out: Out<Address>, graph: Address, after: In<Address>, count: usize) {
        add!(out, graph, after, count, Op::Nothing)
    }

    hipGraphAddKernelNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<KernelParams>,
    ) {
        add!(out, graph, after, count, params.get()?.op()?)
    }

    hipGraphAddMemcpyNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<CopyParams>,
    ) {
        add!(out, graph, after, count, Op::Copy(params.get()?.copy()?))
    }

    hipGraphAddMemcpyNode1D(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, to: Address,
        from: Address, bytes: usize, kind: u32,
    ) {
        add!(out, graph, after, count, Op::Copy(Copy::flat(to, from, bytes, kind)?))
    }

    hipGraphAddMemcpyNodeToSymbol(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, symbol: Address,
        from: Address, bytes: usize, offset: usize, kind: u32,
    ) {
        add!(out, graph, after, count, Op::Copy(to_symbol(symbol, from, bytes, offset, kind)?))
    }

    hipGraphAddMemcpyNodeFromSymbol(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, to: Address,
        symbol: Address, bytes: usize, offset: usize, kind: u32,
    ) {
        add!(out, graph, after, count, Op::Copy(from_symbol(to, symbol, bytes, offset, kind)?))
    }

    hipDrvGraphAddMemcpyNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: Driver3D,
        _context: Address,
    ) {
        add!(out, graph, after, count, Op::Copy(params.copy()?))
    }

    hipGraphAddMemsetNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<FillParams>,
    ) {
        add!(out, graph, after, count, params.get()?.op()?)
    }

    hipDrvGraphAddMemsetNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<FillParams>,
        _context: Address,
    ) {
        add!(out, graph, after, count, params.get()?.op()?)
    }

    hipGraphAddHostNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<HostParams>,
    ) {
        add!(out, graph, after, count, params.get()?.op()?)
    }

    hipGraphAddEventRecordNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, event: EventHandle,
    ) {
        add!(out, graph, after, count, Op::Record(event.get()?, event))
    }

    hipGraphAddEventWaitNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, event: EventHandle,
    ) {
        add!(out, graph, after, count, Op::WaitEvent(event.get()?, event))
    }

    hipGraphAddChildGraphNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, child: Address,
    ) {
        add!(out, graph, after, count, Op::Child(Graph::get(child)?.duplicate()))
    }

    hipGraphAddMemAllocNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: Out<AllocParams>,
    ) {
        let mut wanted = params.read()?;
        wanted.address = memory::reserve(wanted.bytes, current::device()?.ordinal)?;
        params.put(wanted)?;
        add!(out, graph, after, count, Op::Allocate(wanted.address))
    }

    hipGraphAddMemFreeNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, address: Address,
    ) {
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        add!(out, graph, after, count, Op::Free(address))
    }

    hipDrvGraphAddMemFreeNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, address: Address,
    ) {
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        add!(out, graph, after, count, Op::Free(address))
    }
}
