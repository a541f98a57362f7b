//! The nodes of a graph: adding, reading and changing them, in a graph and in an executable.

use gpusim::abi::{Address, In, Out};
use gpusim::error::Code;
use gpusim::event::EventHandle;
use gpusim::graph::{self, Graph};
use gpusim::graph_calls::{add_node, change, change_in};
use gpusim::memory;
use gpusim::op::Op;

use crate::call::exports;
use crate::context;

use super::capture::EdgeData;
use super::copy::Params3D;
use super::graph_params::{
    AllocParams, AnyParams, BatchParams, FillParams, HostParams, KernelParams, KernelParams2,
};

exports! { context:
    cuGraphAddEmptyNode(out: Out<Address>, graph: Address, after: In<Address>, count: usize) {
        out.put_result(add_node(graph, after, count, Op::Nothing))
    }

    cuGraphAddKernelNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<KernelParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphAddKernelNode_v2(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<KernelParams2>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphKernelNodeGetParams(node: Address, out: Out<KernelParams>) {
        match graph::node(node)?.op() {
            Op::Kernel(launch) => out.put(KernelParams::of(&launch)),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphKernelNodeGetParams_v2(node: Address, out: Out<KernelParams2>) {
        match graph::node(node)?.op() {
            Op::Kernel(launch) => out.put(KernelParams2::of(&launch)),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphKernelNodeSetParams(node: Address, params: In<KernelParams>) {
        change(node, params.get()?.op()?)
    }

    cuGraphKernelNodeSetParams_v2(node: Address, params: In<KernelParams2>) {
        change(node, params.get()?.op()?)
    }

    cuGraphExecKernelNodeSetParams(exec: Address, node: Address, params: In<KernelParams>) {
        change_in(exec, node, params.get()?.op()?)
    }

    cuGraphExecKernelNodeSetParams_v2(exec: Address, node: Address, params: In<KernelParams2>) {
        change_in(exec, node, params.get()?.op()?)
    }

    cuGraphAddMemcpyNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<Params3D>,
        _context: Address,
    ) {
        out.put_result(add_node(graph, after, count, Op::Copy(params.get()?.copy()?)))
    }

    cuGraphMemcpyNodeSetParams(node: Address, params: In<Params3D>) {
        change(node, Op::Copy(params.get()?.copy()?))
    }

    cuGraphExecMemcpyNodeSetParams(
        exec: Address, node: Address, params: In<Params3D>, _context: Address,
    ) {
        change_in(exec, node, Op::Copy(params.get()?.copy()?))
    }

    cuGraphAddMemsetNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<FillParams>, _context: Address,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphMemsetNodeGetParams(node: Address, out: Out<FillParams>) {
        match graph::node(node)?.op() {
            Op::Fill(fill) => out.put(FillParams::of(&fill)),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphMemsetNodeSetParams(node: Address, params: In<FillParams>) {
        change(node, params.get()?.op()?)
    }

    cuGraphExecMemsetNodeSetParams(
        exec: Address, node: Address, params: In<FillParams>, _context: Address,
    ) {
        change_in(exec, node, params.get()?.op()?)
    }

    cuGraphAddHostNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<HostParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphHostNodeGetParams(node: Address, out: Out<HostParams>) {
        match graph::node(node)?.op() {
            Op::Host(function, data) => out.put(HostParams { function, data }),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphHostNodeSetParams(node: Address, params: In<HostParams>) {
        change(node, params.get()?.op()?)
    }

    cuGraphExecHostNodeSetParams(exec: Address, node: Address, params: In<HostParams>) {
        change_in(exec, node, params.get()?.op()?)
    }

    cuGraphAddChildGraphNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, child: Address,
    ) {
        let child = Graph::get(child)?.duplicate();
        out.put_result(add_node(graph, after, count, Op::Child(child)))
    }

    cuGraphChildGraphNodeGetGraph(node: Address, out: Out<Address>) {
        match graph::node(node)?.op() {
            Op::Child(graph) => out.put(graph.publish()),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphExecChildGraphNodeSetParams(exec: Address, node: Address, child: Address) {
        change_in(exec, node, Op::Child(Graph::get(child)?.duplicate()))
    }

    cuGraphAddEventRecordNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, event: EventHandle,
    ) {
        out.put_result(add_node(graph, after, count, Op::Record(event.get()?, event)))
    }

    cuGraphEventRecordNodeGetEvent(node: Address, out: Out<Address>) {
        match graph::node(node)?.op() {
            Op::Record(_, event) => out.put(event.0),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphEventRecordNodeSetEvent(node: Address, event: EventHandle) {
        change(node, Op::Record(event.get()?, event))
    }

    cuGraphExecEventRecordNodeSetEvent(exec: Address, node: Address, event: EventHandle) {
        change_in(exec, node, Op::Record(event.get()?, event))
    }

    cuGraphAddEventWaitNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, event: EventHandle,
    ) {
        out.put_result(add_node(graph, after, count, Op::WaitEvent(event.get()?, event)))
    }

    cuGraphEventWaitNodeGetEvent(node: Address, out: Out<Address>) {
        match graph::node(node)?.op() {
            Op::WaitEvent(_, event) => out.put(event.0),
            _ => Err(Code::INVALID_VALUE),
        }
    }

    cuGraphEventWaitNodeSetEvent(node: Address, event: EventHandle) {
        change(node, Op::WaitEvent(event.get()?, event))
    }

    cuGraphExecEventWaitNodeSetEvent(exec: Address, node: Address, event: EventHandle) {
        change_in(exec, node, Op::WaitEvent(event.get()?, event))
    }

    cuGraphAddBatchMemOpNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<BatchParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphBatchMemOpNodeSetParams(node: Address, params: In<BatchParams>) {
        change(node, params.get()?.op()?)
    }

    cuGraphExecBatchMemOpNodeSetParams(exec: Address, node: Address, params: In<BatchParams>) {
        change_in(exec, node, params.get()?.op()?)
    }

    cuGraphAddMemAllocNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: Out<AllocParams>,
    ) {
        let mut wanted = params.read()?;
        wanted.address = memory::reserve(wanted.bytes, context::current()?.device.ordinal)?;
        params.put(wanted)?;
        out.put_result(add_node(graph, after, count, Op::Allocate(wanted.address)))
    }

    cuGraphAddMemFreeNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, address: Address,
    ) {
        memory::allocation(address).ok_or(Code::INVALID_VALUE)?;
        out.put_result(add_node(graph, after, count, Op::Free(address)))
    }

    cuGraphAddNode(
        out: Out<Address>, graph: Address, after: In<Address>, count: usize,
        params: In<AnyParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphAddNode_v2(
        out: Out<Address>, graph: Address, after: In<Address>, _edges: In<EdgeData>, count: usize,
        params: In<AnyParams>,
    ) {
        out.put_result(add_node(graph, after, count, params.get()?.op()?))
    }

    cuGraphNodeSetParams(node: Address, params: In<AnyParams>) {
        change(node, params.get()?.op()?)
    }

    cuGraphExecNodeSetParams(exec: Address, node: Address, params: In<AnyParams>) {
        change_in(exec, node, params.get()?.op()?)
    }
}
