//! The nodes of a graph: reading and changing them, in a graph and in an executable.

use gpusim::abi::{Address, DEFAULT_KIND, In, Out};
use gpusim::error::Code;
use gpusim::event::EventHandle;
use gpusim::graph::{self, Graph};
use gpusim::graph_calls::{change, change_in};
use gpusim::memory::copy::Copy;
use gpusim::op::Op;

use crate::call::exports;
use crate::plt;

use super::copy_3d::{Driver3D, Params as CopyParams};
use super::graph_params::{FillParams, HostParams, KernelParams};
use super::symbol::{from_symbol, to_symbol};

exports! {
    hipGraphNodeGetType(node: Address, out: Out<u32>) {
        out.put(type_of(&graph::node(node)?.op()))
    }

    hipGraphKernelNodeGetParams(node: Address, out: Out<KernelParams>) {
        match graph::node(node)?.op() {
            Op::Kernel(launch) => out.put(KernelParams::of(&launch)),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphKernelNodeSetParams(node: Address, params: In<KernelParams>) {
        change(node, params.get()?.op()?)
    }

    hipGraphExecKernelNodeSetParams(exec: Address, node: Address, params: In<KernelParams>) {
        change_in(exec, node, params.get()?.op()?)
    }

    hipGraphMemcpyNodeGetParams(node: Address, out: Out<CopyParams>) {
        match graph::node(node)?.op() {
            Op::Copy(copy) => out.put(CopyParams::describe(&copy, DEFAULT_KIND)),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphMemcpyNodeSetParams(node: Address, params: In<CopyParams>) {
        change(node, Op::Copy(params.get()?.copy()?))
    }

    hipGraphExecMemcpyNodeSetParams(exec: Address, node: Address, params: In<CopyParams>) {
        change_in(exec, node, Op::Copy(params.get()?.copy()?))
    }

    hipDrvGraphMemcpyNodeSetParams(node: Address, params: Driver3D) {
        change(node, Op::Copy(params.copy()?))
    }

    hipDrvGraphExecMemcpyNodeSetParams(
        exec: Address, node: Address, params: Driver3D, _context: Address,
    ) {
        change_in(exec, node, Op::Copy(params.copy()?))
    }

    hipGraphMemcpyNodeSetParams1D(
        node: Address, to: Address, from: Address, bytes: usize, kind: u32,
    ) {
        change(node, Op::Copy(Copy::flat(to, from, bytes, kind)?))
    }

    hipGraphExecMemcpyNodeSetParams1D(
        exec: Address, node: Address, to: Address, from: Address, bytes: usize, kind: u32,
    ) {
        change_in(exec, node, Op::Copy(Copy::flat(to, from, bytes, kind)?))
    }

    hipGraphMemcpyNodeSetParamsToSymbol(
        node: Address, symbol: Address, from: Address, bytes: usize, offset: usize, kind: u32,
    ) {
        change(node, Op::Copy(to_symbol(symbol, from, bytes, offset, kind)?))
    }

    hipGraphExecMemcpyNodeSetParamsToSymbol(
        exec: Address, node: Address, symbol: Address, from: Address, bytes: usize, offset: usize,
        kind: u32,
    ) {
        change_in(exec, node, Op::Copy(to_symbol(symbol, from, bytes, offset, kind)?))
    }

    hipGraphMemcpyNodeSetParamsFromSymbol(
        node: Address, to: Address, symbol: Address, bytes: usize, offset: usize, kind: u32,
    ) {
        change(node, Op::Copy(from_symbol(to, symbol, bytes, offset, kind)?))
    }

    hipGraphExecMemcpyNodeSetParamsFromSymbol(
        exec: Address, node: Address, to: Address, symbol: Address, bytes: usize, offset: usize,
        kind: u32,
    ) {
        change_in(exec, node, Op::Copy(from_symbol(to, symbol, bytes, offset, kind)?))
    }

    hipGraphMemsetNodeGetParams(node: Address, out: Out<FillParams>) {
        match graph::node(node)?.op() {
            Op::Fill(fill) => out.put(FillParams::of(&fill)),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphMemsetNodeSetParams(node: Address, params: In<FillParams>) {
        change(node, params.get()?.op()?)
    }

    hipGraphExecMemsetNodeSetParams(exec: Address, node: Address, params: In<FillParams>) {
        change_in(exec, node, params.get()?.op()?)
    }

    hipDrvGraphExecMemsetNodeSetParams(
        exec: Address, node: Address, params: In<FillParams>, _context: Address,
    ) {
        change_in(exec, node, params.get()?.op()?)
    }

    hipGraphHostNodeGetParams(node: Address, out: Out<HostParams>) {
        match graph::node(node)?.op() {
            Op::Host(function, data) => out.put(HostParams { function, data }),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphHostNodeSetParams(node: Address, params: In<HostParams>) {
        change(node, params.get()?.op()?)
    }

    hipGraphExecHostNodeSetParams(exec: Address, node: Address, params: In<HostParams>) {
        change_in(exec, node, params.get()?.op()?)
    }

    hipGraphChildGraphNodeGetGraph(node: Address, out: Out<Address>) {
        match graph::node(node)?.op() {
            Op::Child(graph) => out.put(graph.publish()),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphExecChildGraphNodeSetParams(exec: Address, node: Address, child: Address) {
        change_in(exec, node, Op::Child(Graph::get(child)?.duplicate()))
    }

    hipGraphEventRecordNodeGetEvent(node: Address, out: Out<Address>) {
        match graph::node(node)?.op() {
            Op::Record(_, event) => out.put(event.0),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphEventRecordNodeSetEvent(node: Address, event: EventHandle) {
        change(node, Op::Record(event.get()?, event))
    }

    hipGraphExecEventRecordNodeSetEvent(exec: Address, node: Address, event: EventHandle) {
        change_in(exec, node, Op::Record(event.get()?, event))
    }

    hipGraphEventWaitNodeGetEvent(node: Address, out: Out<Address>) {
        match graph::node(node)?.op() {
            Op::WaitEvent(_, event) => out.put(event.0),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    hipGraphEventWaitNodeSetEvent(node: Address, event: EventHandle) {
        change(node, Op::WaitEvent(event.get()?, event))
    }

    hipGraphExecEventWaitNodeSetEvent(exec: Address, node: Address, event: EventHandle) {
        change_in(exec, node, Op::WaitEvent(event.get()?, event))
    }
}

/// Before 6.0 the first eight were larger by one.
fn type_of(op: &Op) -> u32 {
    const SEMAPHORES: u32 = 8;
    let number = op.node_type();
    number + u32::from(number < SEMAPHORES && plt::release() < 600)
}
