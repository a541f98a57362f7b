//! Graphs: nodes and edges.

use gpusim::abi::{Address, In, Out};
use gpusim::error::{Code, Result};
use gpusim::graph::{self, Graph};
use gpusim::handles::handle_of;

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
        let graph = Graph::get(graph)?;
        for (from, to) in from.array(count)?.into_iter().zip(to.array(count)?) {
            graph.connect(&graph::node(from)?, &graph::node(to)?)?;
        }
        Ok(())
    }

    hipGraphRemoveDependencies(graph: Address, from: In<Address>, to: In<Address>, count: usize) {
        let graph = Graph::get(graph)?;
        for (from, to) in from.array(count)?.into_iter().zip(to.array(count)?) {
            graph.disconnect(&graph::node(from)?, &graph::node(to)?)?;
        }
        Ok(())
    }

    hipGraphGetNodes(graph: Address, out: Out<Address>, count: Out<usize>) {
        list(&Graph::get(graph)?.nodes(), out, count)
    }

    hipGraphGetRootNodes(graph: Address, out: Out<Address>, count: Out<usize>) {
        list(&Graph::get(graph)?.roots(), out, count)
    }

    hipGraphGetEdges(graph: Address, from: Out<Address>, to: Out<Address>, count: Out<usize>) {
        let (before, after): (Vec<_>, Vec<_>) = Graph::get(graph)?.edges().into_iter().unzip();
        let room = count.read()?;
        list(&before, from, count)?;
        count.put(room)?;
        list(&after, to, count)
    }

    hipGraphNodeGetDependencies(node: Address, out: Out<Address>, count: Out<usize>) {
        let node = graph::node(node)?;
        let edges = node.graph()?.edges().into_iter();
        let before = edges.filter(|(_, to)| handle_of(to) == handle_of(&node));
        list(&before.map(|(from, _)| from).collect::<Vec<_>>(), out, count)
    }

    hipGraphNodeGetDependentNodes(node: Address, out: Out<Address>, count: Out<usize>) {
        let node = graph::node(node)?;
        let edges = node.graph()?.edges().into_iter();
        let after = edges.filter(|(from, _)| handle_of(from) == handle_of(&node));
        list(&after.map(|(_, to)| to).collect::<Vec<_>>(), out, count)
    }
}

/// As every such function: without a list, how many there are; with one, as many as there is room
/// for, and NULL behind them.
fn list(nodes: &[std::sync::Arc<graph::Node>], out: Out<Address>, count: Out<usize>) -> Result {
    count.require()?;
    if out.is_null() {
        return count.put(nodes.len());
    }
    let room = count.read()?;
    let handles = nodes
        .iter()
        .map(handle_of)
        .chain(std::iter::repeat(Address(0)));
    out.put_all(handles.take(room))?;
    count.put(room.min(nodes.len()))
}
