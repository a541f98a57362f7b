//! What functions about graphs have in common: they name nodes by handles, and pass lists of them.

use std::sync::Arc;

use crate::abi::{Address, In, Out};
use crate::error::{Code, Result};
use crate::graph::{self, Exec, Graph, Node};
use crate::handles::handle_of;
use crate::op::Op;

/// Adds a node that comes after the listed ones, and returns its handle.
pub fn add_node(graph: Address, after: In<Address>, count: usize, op: Op) -> Result<Address> {
    let graph = Graph::get(graph)?;
    let after = nodes(after, count)?;
    if !after.iter().all(|node| graph.has(node)) {
        return Err(Code::INVALID_VALUE);
    }
    Ok(handle_of(&graph.add(op, &after)))
}

/// Adds edges, from the nodes of one list to those of the other.
pub fn connect(graph: Address, from: In<Address>, to: In<Address>, count: usize) -> Result {
    let graph = Graph::get(graph)?;
    let pairs = nodes(from, count)?.into_iter().zip(nodes(to, count)?);
    pairs
        .into_iter()
        .try_for_each(|(from, to)| graph.connect(&from, &to))
}

pub fn disconnect(graph: Address, from: In<Address>, to: In<Address>, count: usize) -> Result {
    let graph = Graph::get(graph)?;
    let pairs = nodes(from, count)?.into_iter().zip(nodes(to, count)?);
    pairs
        .into_iter()
        .try_for_each(|(from, to)| graph.disconnect(&from, &to))
}

pub fn nodes(list: In<Address>, count: usize) -> Result<Vec<Arc<Node>>> {
    list.array(count)?.into_iter().map(graph::node).collect()
}

/// Without a list, how many there are; with one, as many as there is room for, and NULL behind
/// them.
pub fn list(nodes: &[Arc<Node>], out: Out<Address>, count: Out<usize>) -> Result {
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

/// The edges of a graph as two such lists.
pub fn list_edges(
    graph: Address,
    from: Out<Address>,
    to: Out<Address>,
    count: Out<usize>,
) -> Result {
    let (before, after): (Vec<_>, Vec<_>) = Graph::get(graph)?.edges().into_iter().unzip();
    let room = count.read()?;
    list(&before, from, count)?;
    count.put(room)?;
    list(&after, to, count)
}

/// The nodes that this one comes after.
pub fn list_before(node: Address, out: Out<Address>, count: Out<usize>) -> Result {
    let edges = edges_of_its_graph(node)?;
    let before = edges.filter(|(_, to)| handle_of(to) == node);
    list(
        &before.map(|(from, _)| from).collect::<Vec<_>>(),
        out,
        count,
    )
}

/// The nodes that come after this one.
pub fn list_after(node: Address, out: Out<Address>, count: Out<usize>) -> Result {
    let edges = edges_of_its_graph(node)?;
    let after = edges.filter(|(from, _)| handle_of(from) == node);
    list(&after.map(|(_, to)| to).collect::<Vec<_>>(), out, count)
}

fn edges_of_its_graph(node: Address) -> Result<impl Iterator<Item = (Arc<Node>, Arc<Node>)>> {
    Ok(graph::node(node)?.graph()?.edges().into_iter())
}

/// Replaces what a node does; it keeps its kind.
pub fn change(node: Address, op: Op) -> Result {
    let node = graph::node(node)?;
    same_kind(&node.op(), &op)?;
    node.set_op(op);
    Ok(())
}

/// As `change`, in an executable only.
pub fn change_in(exec: Address, node: Address, op: Op) -> Result {
    let node = graph::node(node)?;
    same_kind(&node.op(), &op)?;
    Exec::get(exec)?.set_op(&node, op)
}

fn same_kind(old: &Op, new: &Op) -> Result {
    if std::mem::discriminant(old) == std::mem::discriminant(new) {
        Ok(())
    } else {
        Err(Code::INVALID_VALUE)
    }
}
