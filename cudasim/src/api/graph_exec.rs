//! Executable graphs.

use gpusim::abi::{Address, Out};
use gpusim::error::Result;
use gpusim::graph::{self, Exec, Graph};
use gpusim::op::Op;
use gpusim::stream::submit;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;

/// `CUgraphExecUpdateResult`
const SUCCESS: u32 = 0;
const TOPOLOGY_CHANGED: u32 = 2;

exports! { context:
    cuGraphInstantiate(
        out: Out<Address>, graph: Address, error_node: Out<Address>, _log: Address,
        _log_bytes: usize,
    ) {
        error_node.put_optional(Address(0));
        out.put_result(instantiate(graph, 0))
    }

    cuGraphInstantiate_v2(
        out: Out<Address>, graph: Address, error_node: Out<Address>, _log: Address,
        _log_bytes: usize,
    ) {
        error_node.put_optional(Address(0));
        out.put_result(instantiate(graph, 0))
    }

    cuGraphInstantiateWithFlags(out: Out<Address>, graph: Address, flags: u64) {
        out.put_result(instantiate(graph, flags))
    }

    cuGraphExecDestroy(exec: Address) { Exec::destroy(exec) }

    cuGraphExecGetFlags(exec: Address, out: Out<u64>) { out.put(Exec::get(exec)?.flags) }

    cuGraphExecUpdate(exec: Address, graph: Address, error_node: Out<Address>, result: Out<u32>) {
        error_node.put_optional(Address(0));
        let updated = Exec::get(exec)?.update(&*Graph::get(graph)?);
        result.put_optional(result_of(&updated));
        updated
    }

    cuGraphExecUpdate_v2(exec: Address, graph: Address, info: Out<UpdateInfo>) {
        let updated = Exec::get(exec)?.update(&*Graph::get(graph)?);
        info.put(UpdateInfo {
            result: result_of(&updated),
            error_node: Address(0),
            error_from_node: Address(0),
        })?;
        updated
    }

    cuGraphNodeSetEnabled(exec: Address, node: Address, enabled: u32) {
        Exec::get(exec)?.set_enabled(&graph::node(node)?, enabled != 0)
    }

    cuGraphNodeGetEnabled(exec: Address, node: Address, out: Out<u32>) {
        out.put(u32::from(Exec::get(exec)?.is_enabled(&graph::node(node)?)?))
    }
}

exports! { context; default:
    [cuGraphInstantiateWithParams] [cuGraphInstantiateWithParams_ptsz] (
        out: Out<Address>, graph: Address, params: Out<Params>,
    ) {
        let mut params_in_out = params.read()?;
        default.stream(params_in_out.upload_stream)?;
        out.put_result(instantiate(graph, params_in_out.flags))?;
        params_in_out.error_node = Address(0);
        params_in_out.result = SUCCESS;
        params.put(params_in_out)
    }

    [cuGraphLaunch] [cuGraphLaunch_ptsz] (exec: Address, stream: StreamHandle) {
        let ops = Exec::get(exec)?.ops();
        submit(&default.stream(stream)?, Op::Graph(ops.into()))
    }

    // There is nothing to upload.
    [cuGraphUpload] [cuGraphUpload_ptsz] (exec: Address, stream: StreamHandle) {
        Exec::get(exec)?;
        default.stream(stream).map(drop)
    }
}

/// `CUDA_GRAPH_INSTANTIATE_PARAMS`
#[derive(Clone, Copy)]
#[repr(C)]
struct Params {
    flags: u64,
    upload_stream: StreamHandle,
    error_node: Address,
    result: u32,
}

/// `CUgraphExecUpdateResultInfo`
#[repr(C)]
struct UpdateInfo {
    result: u32,
    error_node: Address,
    error_from_node: Address,
}

fn instantiate(graph: Address, flags: u64) -> Result<Address> {
    Ok(Exec::instantiate(&*Graph::get(graph)?, flags))
}

fn result_of(updated: &Result) -> u32 {
    if updated.is_ok() {
        SUCCESS
    } else {
        TOPOLOGY_CHANGED
    }
}
