//! Executable graphs.

use std::sync::Arc;

use gpusim::abi::{Address, Out};
use gpusim::error::Result;
use gpusim::graph::{self, Exec, Graph};
use gpusim::op::Op;
use gpusim::stream::{Stream, submit};
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;

exports! {
    hipGraphInstantiate(
        out: Out<Address>, graph: Address, error_node: Out<Address>, _log: Address,
        _log_bytes: usize,
    ) {
        error_node.put_optional(Address(0));
        instantiate(out, graph, 0)
    }

    hipGraphInstantiateWithFlags(out: Out<Address>, graph: Address, flags: u64) {
        instantiate(out, graph, flags)
    }

    hipGraphInstantiateWithParams(out: Out<Address>, graph: Address, params: Out<Params>) {
        let Params { flags, upload_stream, .. } = params.read()?;
        StreamHandle(upload_stream).get()?;
        instantiate(out, graph, flags)?;
        params.put(Params { error_node: Address(0), flags, result: 0, upload_stream })
    }

    hipGraphExecDestroy(exec: Address) { Exec::destroy(exec) }

    hipGraphExecGetFlags(exec: Address, out: Out<u64>) { out.put(Exec::get(exec)?.flags) }

    hipGraphLaunch(exec: Address, stream: StreamHandle) { launch(exec, &stream.get()?) }

    hipGraphLaunch_spt(exec: Address, stream: StreamHandle) {
        launch(exec, &stream.get_per_thread()?)
    }

    // There is nothing to upload.
    hipGraphUpload(exec: Address, stream: StreamHandle) {
        Exec::get(exec)?;
        stream.get().map(drop)
    }

    hipGraphExecUpdate(exec: Address, graph: Address, error_node: Out<Address>, result: Out<u32>) {
        const SUCCESS: u32 = 0;
        const TOPOLOGY_CHANGED: u32 = 2;
        error_node.put_optional(Address(0));
        let updated = Exec::get(exec)?.update(&*Graph::get(graph)?);
        result.put_optional(if updated.is_ok() { SUCCESS } else { TOPOLOGY_CHANGED });
        updated
    }

    hipGraphNodeSetEnabled(exec: Address, node: Address, enabled: u32) {
        Exec::get(exec)?.set_enabled(&graph::node(node)?, enabled != 0)
    }

    hipGraphNodeGetEnabled(exec: Address, node: Address, out: Out<u32>) {
        out.put(u32::from(Exec::get(exec)?.is_enabled(&graph::node(node)?)?))
    }
}

/// `hipGraphInstantiateParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct Params {
    error_node: Address,
    flags: u64,
    result: u32,
    upload_stream: Address,
}

fn instantiate(out: Out<Address>, graph: Address, flags: u64) -> Result {
    out.require()?;
    out.put(Exec::instantiate(&*Graph::get(graph)?, flags))
}

fn launch(exec: Address, stream: &Arc<Stream>) -> Result {
    let ops = Exec::get(exec)?.ops();
    submit(stream, Op::Graph(ops.into()))
}
