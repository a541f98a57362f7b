//! Stream capture.

use std::sync::Arc;

use gpusim::abi::{Address, In, Out};
use gpusim::capture::{self, Mode};
use gpusim::capture_info::{self, Info};
use gpusim::error::Result;
use gpusim::graph::Graph;
use gpusim::graph_calls;
use gpusim::stream::Stream;
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;

exports! {
    hipStreamBeginCapture(stream: StreamHandle, mode: u32) { begin(&stream.get()?, mode) }

    hipStreamBeginCapture_spt(stream: StreamHandle, mode: u32) {
        begin(&stream.get_per_thread()?, mode)
    }

    hipStreamBeginCaptureToGraph(
        stream: StreamHandle, graph: Address, after: In<Address>, _data: Address, count: usize,
        mode: u32,
    ) {
        let after = graph_calls::nodes(after, count)?;
        capture::begin(&stream.get()?, Mode::new(mode)?, Graph::get(graph)?, after)
    }

    hipStreamEndCapture(stream: StreamHandle, out: Out<Address>) { end(&stream.get()?, out) }

    hipStreamEndCapture_spt(stream: StreamHandle, out: Out<Address>) {
        end(&stream.get_per_thread()?, out)
    }

    hipStreamIsCapturing(stream: StreamHandle, out: Out<u32>) {
        out.put(Info::of(&stream.get()?).status)
    }

    hipStreamIsCapturing_spt(stream: StreamHandle, out: Out<u32>) {
        out.put(Info::of(&stream.get_per_thread()?).status)
    }

    hipStreamGetCaptureInfo(stream: StreamHandle, status: Out<u32>, id: Out<u64>) {
        Info::of(&stream.get()?).put(status, id)
    }

    hipStreamGetCaptureInfo_spt(stream: StreamHandle, status: Out<u32>, id: Out<u64>) {
        Info::of(&stream.get_per_thread()?).put(status, id)
    }

    hipStreamGetCaptureInfo_v2(
        stream: StreamHandle, status: Out<u32>, id: Out<u64>, graph: Out<Address>,
        nodes: Out<Address>, count: Out<usize>,
    ) {
        Info::of(&stream.get()?).put_all(status, id, graph, nodes, count)
    }

    hipStreamGetCaptureInfo_v2_spt(
        stream: StreamHandle, status: Out<u32>, id: Out<u64>, graph: Out<Address>,
        nodes: Out<Address>, count: Out<usize>,
    ) {
        Info::of(&stream.get_per_thread()?).put_all(status, id, graph, nodes, count)
    }

    hipStreamUpdateCaptureDependencies(
        stream: StreamHandle, nodes: In<Address>, count: usize, flags: u32,
    ) {
        capture_info::set_last(&stream.get()?, graph_calls::nodes(nodes, count)?, flags)
    }

    hipThreadExchangeStreamCaptureMode(mode: Out<u32>) {
        let before = capture::exchange_mode(Mode::new(mode.read()?)?);
        mode.put(before as u32)
    }
}

fn begin(stream: &Arc<Stream>, mode: u32) -> Result {
    capture::begin(stream, Mode::new(mode)?, Graph::new(), Vec::new())
}

fn end(stream: &Arc<Stream>, out: Out<Address>) -> Result {
    out.require()?;
    match capture::end(stream) {
        Ok(graph) => out.put(graph.publish()),
        Err(code) => out.put(Address(0)).and(Err(code)),
    }
}
