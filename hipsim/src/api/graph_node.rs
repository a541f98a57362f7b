//! The nodes of a graph: reading and changing them, in a graph and in an executable.

use std::sync::Arc;

use gpusim::abi::{Address, DEFAULT_KIND, In, Out};
use gpusim::error::{Code, Result};
use gpusim::event::EventHandle;
use gpusim::graph::{self, Exec, Graph, Node};
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

/// A node keeps its kind.
fn same_kind(old: &Op, new: &Op) -> Result {
    let same = std::mem::discriminant(old) == std::mem::discriminant(new);
    if same {
        Ok(())
    } else {
        Err(Code::INVALID_VALUE)
    }
}

fn change(node: Address, op: Op) -> Result {
    let node: Arc<Node> = graph::node(node)?;
    same_kind(&node.op(), &op)?;
    node.set_op(op);
    Ok(())
}

fn change_in(exec: Address, node: Address, op: Op) -> Result {
    let node = graph::node(node)?;
    same_kind(&node.op(), &op)?;
    Exec::get(exec)?.set_op(&node, op)
}

/// `hipGraphNodeType`; before 6.0 the first eight were larger by one.
fn type_of(op: &Op) -> u32 {
    const ALLOCATE: u32 = 10;
    const FREE: u32 = 11;
    const BATCH: u32 = 12;
    let number = match op {
        Op::Kernel(_) => 0,
        Op::Copy(_) => 1,
        Op::Fill(_) => 2,
        Op::Host(..) | Op::Callback(..) => 3,
        Op::Child(_) | Op::Graph(_) => 4,
        Op::Nothing => 5,
        Op::WaitEvent(..) => 6,
        Op::Record(..) => 7,
        Op::Allocate(_) => return ALLOCATE,
        Op::Free(_) => return FREE,
        Op::WaitValue(_) | Op::WriteValue(_) => return BATCH,
    };
    number + u32::from(plt::release() < 600)
}
