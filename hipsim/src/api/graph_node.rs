//! The nodes of a graph, by kind: adding, reading and changing them, in a graph and in an executable.

use std::sync::Arc;

use crate::abi::{Address, DEFAULT_KIND, Dim3, Extent, HostFunction, In, Out};
use crate::call::exports;
use crate::error::{Code, Result};
use crate::event::EventHandle;
use crate::graph::{self, Exec, Graph, Node};
use crate::handles::handle_of;
use crate::kernel::{Launch, Shape, Source, check_shape};
use crate::memory::copy::Copy;
use crate::memory::fill::Fill;
use crate::op::{Op, UserData};
use crate::{memory, module, plt, runtime};

use super::copy_3d::{Driver3D, Params as CopyParams};
use super::fill::rows;
use super::symbol::{from_symbol, to_symbol};

/// What every function that adds a node has in front: where the node goes to, the graph, and the nodes
/// that it comes after.
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
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: In<KernelParams>,
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
        out: Out<Address>, graph: Address, after: In<Address>, count: usize, params: Out<AllocParams>,
    ) {
        let mut wanted = params.read()?;
        wanted.address = memory::reserve(wanted.bytes, runtime::current_device()?.ordinal)?;
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

    hipGraphMemcpyNodeSetParams1D(node: Address, to: Address, from: Address, bytes: usize, kind: u32) {
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

/// `hipKernelNodeParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct KernelParams {
    block: Dim3,
    extra: Address,
    function: Address,
    grid: Dim3,
    params: Address,
    shared_bytes: u32,
}

impl KernelParams {
    fn op(&self) -> Result<Op> {
        let KernelParams {
            block,
            extra,
            function,
            grid,
            params,
            shared_bytes,
        } = *self;
        let found = module::host_function(function).or_else(|_| module::function(function))?;
        let shape = Shape {
            grid,
            block,
            shared_bytes,
        };
        check_shape(&shape, Code::INVALID_CONFIGURATION)?;
        let launch = Launch::new(found, function, shape, Source::new(params, extra)?)?;
        Ok(Op::Kernel(Arc::new(launch)))
    }

    /// The arguments are the node's own: valid while it has them.
    fn of(launch: &Launch) -> KernelParams {
        let Shape {
            grid,
            block,
            shared_bytes,
        } = launch.shape;
        let params = Address(launch.argument_list().as_ptr().expose_provenance());
        KernelParams {
            block,
            extra: Address(0),
            function: launch.name,
            grid,
            params,
            shared_bytes,
        }
    }
}

/// `hipMemsetParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct FillParams {
    to: Address,
    element_bytes: u32,
    height: usize,
    pitch: usize,
    value: u32,
    width: usize,
}

impl FillParams {
    fn op(&self) -> Result<Op> {
        let FillParams {
            to,
            element_bytes,
            height,
            pitch,
            value,
            width,
        } = *self;
        rows(to, pitch, value, element_bytes as usize, width, height).map(Op::Fill)
    }

    fn of(fill: &Fill) -> FillParams {
        let Extent { width, height, .. } = fill.extent;
        let element_bytes = u32::try_from(fill.element_bytes).unwrap_or(1);
        FillParams {
            to: fill.to.base,
            element_bytes,
            height,
            pitch: fill.to.pitch,
            value: fill.value,
            width,
        }
    }
}

/// `hipHostNodeParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct HostParams {
    function: HostFunction,
    data: UserData,
}

impl HostParams {
    fn op(&self) -> Result<Op> {
        self.function.ok_or(Code::INVALID_VALUE)?;
        Ok(Op::Host(self.function, self.data))
    }
}

/// `hipMemAllocNodeParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct AllocParams {
    pool: [u64; 11],
    access: Address,
    access_count: usize,
    bytes: usize,
    address: Address,
}
