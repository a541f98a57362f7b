//! Graphs: nodes and edges. Edges have data in newer functions; here all of them are ordinary.

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::graph::{self, Graph};
use gpusim::graph_calls;

use crate::call::exports;

use super::capture::EdgeData;

exports! { driver:
    cuGraphCreate(out: Out<Address>, flags: u32) {
        if flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        out.require()?;
        out.put(Graph::new().publish())
    }

    cuGraphDestroy(graph: Address) { Graph::destroy(graph) }

    cuGraphClone(out: Out<Address>, graph: Address) {
        out.require()?;
        out.put(Graph::get(graph)?.duplicate().publish())
    }

    cuGraphDestroyNode(node: Address) {
        let node = graph::node(node)?;
        node.graph()?.remove(&node);
        Ok(())
    }

    cuGraphNodeGetType(node: Address, out: Out<u32>) {
        out.put(graph::node(node)?.op().node_type())
    }

    cuGraphAddDependencies(graph: Address, from: In<Address>, to: In<Address>, count: usize) {
        graph_calls::connect(graph, from, to, count)
    }

    cuGraphAddDependencies_v2(
        graph: Address, from: In<Address>, to: In<Address>, _edges: In<EdgeData>, count: usize,
    ) {
        graph_calls::connect(graph, from, to, count)
    }

    cuGraphRemoveDependencies(graph: Address, from: In<Address>, to: In<Address>, count: usize) {
        graph_calls::disconnect(graph, from, to, count)
    }

    cuGraphRemoveDependencies_v2(
        graph: Address, from: In<Address>, to: In<Address>, _edges: In<EdgeData>, count: usize,
    ) {
        graph_calls::disconnect(graph, from, to, count)
    }

    cuGraphGetNodes(graph: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list(&Graph::get(graph)?.nodes(), out, count)
    }

    cuGraphGetRootNodes(graph: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list(&Graph::get(graph)?.roots(), out, count)
    }

    cuGraphGetEdges(graph: Address, from: Out<Address>, to: Out<Address>, count: Out<usize>) {
        graph_calls::list_edges(graph, from, to, count)
    }

    cuGraphGetEdges_v2(
        graph: Address, from: Out<Address>, to: Out<Address>, edges: Out<EdgeData>,
        count: Out<usize>,
    ) {
        graph_calls::list_edges(graph, from, to, count)?;
        ordinary(edges, count)
    }

    cuGraphNodeGetDependencies(node: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list_before(node, out, count)
    }

    cuGraphNodeGetDependencies_v2(
        node: Address, out: Out<Address>, edges: Out<EdgeData>, count: Out<usize>,
    ) {
        graph_calls::list_before(node, out, count)?;
        ordinary(edges, count)
    }

    cuGraphNodeGetDependentNodes(node: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list_after(node, out, count)
    }

    cuGraphNodeGetDependentNodes_v2(
        node: Address, out: Out<Address>, edges: Out<EdgeData>, count: Out<usize>,
    ) {
        graph_calls::list_after(node, out, count)?;
        ordinary(edges, count)
    }
}

/// Fills the data of as many edges as were listed.
fn ordinary(edges: Out<EdgeData>, count: Out<usize>) -> Result {
    if edges.is_null() {
        return Ok(());
    }
    edges.put_all(std::iter::repeat_n(0, count.read()?))
}
