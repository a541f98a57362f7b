//! Stream capture.

use std::cell::RefCell;
use std::sync::Arc;

use gpusim::abi::{Address, In, Out};
use gpusim::capture::{self, Mode};
use gpusim::error::{Code, Result};
use gpusim::graph::{self, Graph, Node};
use gpusim::handles::handle_of;
use gpusim::stream::{Stream, StreamHandle};
use gpusim::sync::lock;

use crate::call::exports;

/// `hipStreamCaptureStatus`
const NONE: u32 = 0;
const ACTIVE: u32 = 1;
const INVALIDATED: u32 = 2;

exports! {
    hipStreamBeginCapture(stream: StreamHandle, mode: u32) { begin(&stream.get()?, mode) }

    hipStreamBeginCapture_spt(stream: StreamHandle, mode: u32) {
        begin(&stream.get_per_thread()?, mode)
    }

    hipStreamBeginCaptureToGraph(
        stream: StreamHandle, graph: Address, after: In<Address>, _data: Address, count: usize,
        mode: u32,
    ) {
        let after = after.array(count)?.into_iter().map(graph::node).collect::<Result<_>>()?;
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
        const ADD: u32 = 0;
        const SET: u32 = 1;
        let nodes = nodes.array(count)?.into_iter().map(graph::node).collect::<Result<Vec<_>>>()?;
        let stream = stream.get()?;
        let mut member = lock(&stream.capture);
        let member = member.as_mut().ok_or(Code::ILLEGAL_STATE)?;
        match flags {
            ADD => member.last.extend(nodes),
            SET => member.last = nodes,
            _ => return Err(Code::INVALID_VALUE),
        }
        Ok(())
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

struct Info {
    status: u32,
    id: u64,
    graph: Address,
    last: Vec<Arc<Node>>,
}

impl Info {
    fn of(stream: &Arc<Stream>) -> Info {
        match &*lock(&stream.capture) {
            None => Info {
                status: NONE,
                id: 0,
                graph: Address(0),
                last: Vec::new(),
            },
            Some(member) => Info {
                status: if member.capture.is_valid() {
                    ACTIVE
                } else {
                    INVALIDATED
                },
                id: member.capture.id,
                graph: member.capture.graph.clone().publish(),
                last: member.last.clone(),
            },
        }
    }

    fn put(&self, status: Out<u32>, id: Out<u64>) -> Result {
        status.put(self.status)?;
        id.put_optional(self.id);
        Ok(())
    }

    /// The list of nodes is valid until the calling thread asks again.
    fn put_all(
        &self,
        status: Out<u32>,
        id: Out<u64>,
        graph: Out<Address>,
        nodes: Out<Address>,
        count: Out<usize>,
    ) -> Result {
        thread_local! {
            static NODES: RefCell<Vec<Address>> = const { RefCell::new(Vec::new()) };
        }
        self.put(status, id)?;
        graph.put_optional(self.graph);
        count.put_optional(self.last.len());
        NODES.with_borrow_mut(|list| {
            *list = self.last.iter().map(handle_of).collect();
            nodes.put_optional(Address(list.as_ptr().expose_provenance()));
        });
        Ok(())
    }
}
