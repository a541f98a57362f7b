//! Stream capture.

use std::sync::Arc;

use gpusim::abi::{Address, In, Out};
use gpusim::capture::{self, Mode};
use gpusim::capture_info::{self, Info};
use gpusim::error::{Code, Result};
use gpusim::graph::Graph;
use gpusim::graph_calls;
use gpusim::stream::Stream;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;

/// `CUgraphEdgeData`: zero is an ordinary edge, and there are no others here.
pub(super) type EdgeData = u64;

exports! { context; default:
    [cuStreamBeginCapture] [cuStreamBeginCapture_ptsz] (stream: StreamHandle) {
        capture::begin(&default.stream(stream)?, Mode::Global, Graph::new(), Vec::new())
    }

    [cuStreamBeginCapture_v2] [cuStreamBeginCapture_v2_ptsz] (stream: StreamHandle, mode: u32) {
        capture::begin(&default.stream(stream)?, Mode::new(mode)?, Graph::new(), Vec::new())
    }

    [cuStreamBeginCaptureToGraph] [cuStreamBeginCaptureToGraph_ptsz] (
        stream: StreamHandle, graph: Address, after: In<Address>, _edges: In<EdgeData>,
        count: usize, mode: u32,
    ) {
        let after = graph_calls::nodes(after, count)?;
        capture::begin(&default.stream(stream)?, Mode::new(mode)?, Graph::get(graph)?, after)
    }

    [cuStreamEndCapture] [cuStreamEndCapture_ptsz] (stream: StreamHandle, out: Out<Address>) {
        out.require()?;
        match capture::end(&default.stream(stream)?) {
            Ok(graph) => out.put(graph.publish()),
            Err(code) => out.put(Address(0)).and(Err(code)),
        }
    }

    [cuStreamIsCapturing] [cuStreamIsCapturing_ptsz] (stream: StreamHandle, out: Out<u32>) {
        out.put(info(&default.stream(stream)?)?.status)
    }

    [cuStreamGetCaptureInfo] [cuStreamGetCaptureInfo_ptsz] (
        stream: StreamHandle, status: Out<u32>, id: Out<u64>,
    ) {
        info(&default.stream(stream)?)?.put(status, id)
    }

    [cuStreamGetCaptureInfo_v2] [cuStreamGetCaptureInfo_v2_ptsz] (
        stream: StreamHandle, status: Out<u32>, id: Out<u64>, graph: Out<Address>,
        nodes: Out<Address>, count: Out<usize>,
    ) {
        info(&default.stream(stream)?)?.put_all(status, id, graph, nodes, count)
    }

    [cuStreamGetCaptureInfo_v3] [cuStreamGetCaptureInfo_v3_ptsz] (
        stream: StreamHandle, status: Out<u32>, id: Out<u64>, graph: Out<Address>,
        nodes: Out<Address>, edges: Out<Address>, count: Out<usize>,
    ) {
        // Only ordinary edges.
        edges.put_optional(Address(0));
        info(&default.stream(stream)?)?.put_all(status, id, graph, nodes, count)
    }

    [cuStreamUpdateCaptureDependencies] [cuStreamUpdateCaptureDependencies_ptsz] (
        stream: StreamHandle, nodes: In<Address>, count: usize, flags: u32,
    ) {
        capture_info::set_last(&default.stream(stream)?, graph_calls::nodes(nodes, count)?, flags)
    }

    [cuStreamUpdateCaptureDependencies_v2] [cuStreamUpdateCaptureDependencies_v2_ptsz] (
        stream: StreamHandle, nodes: In<Address>, _edges: In<EdgeData>, count: usize, flags: u32,
    ) {
        capture_info::set_last(&default.stream(stream)?, graph_calls::nodes(nodes, count)?, flags)
    }
}

exports! { driver:
    cuThreadExchangeStreamCaptureMode(mode: Out<u32>) {
        let before = capture::exchange_mode(Mode::new(mode.read()?)?);
        mode.put(before as u32)
    }
}

/// Asking about the legacy stream while a blocking stream captures is an error, and no more.
fn info(stream: &Arc<Stream>) -> Result<Info> {
    if capture::is_implicit(stream) {
        return Err(Code::CAPTURE_IMPLICIT);
    }
    Ok(Info::of(stream))
}
