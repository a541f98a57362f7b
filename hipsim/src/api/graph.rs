//! Graphs: nodes and edges.

use gpusim::abi::{Address, In, Out};
use gpusim::error::Code;
use gpusim::graph::{self, Graph};
use gpusim::graph_calls;

use crate::call::exports;

exports! {
    hipGraphCreate(out: Out<Address>, flags: u32) {
        if flags != 0 {
            return Err(Code::INVALID_VALUE);
        }
        out.require()?;
        out.put(Graph::new().publish())
    }

    hipGraphDestroy(graph: Address) { Graph::destroy(graph) }

    hipGraphClone(out: Out<Address>, graph: Address) {
        out.require()?;
        out.put(Graph::get(graph)?.duplicate().publish())
    }

    hipGraphDestroyNode(node: Address) {
        let node = graph::node(node)?;
        node.graph()?.remove(&node);
        Ok(())
    }

    hipGraphAddDependencies(graph: Address, from: In<Address>, to: In<Address>, count: usize) {
        graph_calls::connect(graph, from, to, count)
    }

    hipGraphRemoveDependencies(graph: Address, from: In<Address>, to: In<Address>, count: usize) {
        graph_calls::disconnect(graph, from, to, count)
    }

    hipGraphGetNodes(graph: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list(&Graph::get(graph)?.nodes(), out, count)
    }

    hipGraphGetRootNodes(graph: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list(&Graph::get(graph)?.roots(), out, count)
    }

    hipGraphGetEdges(graph: Address, from: Out<Address>, to: Out<Address>, count: Out<usize>) {
        graph_calls::list_edges(graph, from, to, count)
    }

    hipGraphNodeGetDependencies(node: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list_before(node, out, count)
    }

    hipGraphNodeGetDependentNodes(node: Address, out: Out<Address>, count: Out<usize>) {
        graph_calls::list_after(node, out, count)
    }
}
