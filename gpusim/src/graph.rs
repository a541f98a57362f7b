//! Graphs, and their executable form: the nodes in an order that respects the edges. A launch puts
//! all of them into the stream, one after the other; branches do not run at the same time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use crate::abi::Address;
use crate::error::{Code, Result};
use crate::handles::{Handles, handle_of};
use crate::op::Op;
use crate::sync::lock;

pub struct Node {
    id: u64,
    graph: Weak<Graph>,
    op: Mutex<Op>,
}

/// See the module.
#[derive(Default)]
pub struct Graph {
    inner: Mutex<Inner>,
    /// Handed to the nodes.
    this: Weak<Graph>,
}

#[derive(Default)]
struct Inner {
    nodes: BTreeMap<u64, Arc<Node>>,
    /// From a node to one that comes after it.
    edges: Vec<(u64, u64)>,
}

static GRAPHS: Handles<Graph> = Handles::new();
static NODES: Handles<Node> = Handles::new();
static EXECS: Handles<Exec> = Handles::new();

impl Node {
    pub fn op(&self) -> Op {
        lock(&self.op).clone()
    }

    pub fn set_op(&self, op: Op) {
        *lock(&self.op) = op;
    }

    pub fn graph(&self) -> Result<Arc<Graph>> {
        self.graph.upgrade().ok_or(Code::INVALID_VALUE)
    }
}

impl Graph {
    pub fn new() -> Arc<Graph> {
        Arc::new_cyclic(|this| Graph {
            inner: Mutex::default(),
            this: this.clone(),
        })
    }

    pub fn get(handle: Address) -> Result<Arc<Graph>> {
        GRAPHS.get(handle).ok_or(Code::INVALID_VALUE)
    }

    /// Gives it a handle.
    pub fn publish(self: Arc<Self>) -> Address {
        GRAPHS.add(self)
    }

    pub fn destroy(handle: Address) -> Result {
        let graph = GRAPHS.remove(handle).ok_or(Code::INVALID_VALUE)?;
        for node in graph.nodes() {
            NODES.remove(handle_of(&node));
        }
        Ok(())
    }

    pub fn add(&self, op: Op, after: &[Arc<Node>]) -> Arc<Node> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let node = Arc::new(Node {
            id,
            graph: self.this.clone(),
            op: Mutex::new(op),
        });
        NODES.add(node.clone());
        let mut inner = lock(&self.inner);
        inner.nodes.insert(id, node.clone());
        inner
            .edges
            .extend(after.iter().map(|before| (before.id, id)));
        node
    }

    pub fn remove(&self, node: &Arc<Node>) {
        NODES.remove(handle_of(node));
        let mut inner = lock(&self.inner);
        inner.nodes.remove(&node.id);
        inner
            .edges
            .retain(|(from, to)| *from != node.id && *to != node.id);
    }

    pub fn has(&self, node: &Arc<Node>) -> bool {
        lock(&self.inner).nodes.contains_key(&node.id)
    }

    /// Adds an edge; an error if it would close a circle.
    pub fn connect(&self, from: &Arc<Node>, to: &Arc<Node>) -> Result {
        if !self.has(from) || !self.has(to) || self.leads_to(to, std::slice::from_ref(from)) {
            return Err(Code::INVALID_VALUE);
        }
        let edge = (from.id, to.id);
        let mut inner = lock(&self.inner);
        if inner.edges.contains(&edge) {
            return Err(Code::INVALID_VALUE);
        }
        inner.edges.push(edge);
        Ok(())
    }

    pub fn disconnect(&self, from: &Arc<Node>, to: &Arc<Node>) -> Result {
        let mut inner = lock(&self.inner);
        let edge = inner
            .edges
            .iter()
            .position(|edge| *edge == (from.id, to.id));
        inner.edges.remove(edge.ok_or(Code::INVALID_VALUE)?);
        Ok(())
    }

    pub fn nodes(&self) -> Vec<Arc<Node>> {
        lock(&self.inner).nodes.values().cloned().collect()
    }

    /// Nodes that come after no other.
    pub fn roots(&self) -> Vec<Arc<Node>> {
        let inner = lock(&self.inner);
        let is_root = |node: &&Arc<Node>| !inner.edges.iter().any(|(_, to)| *to == node.id);
        inner.nodes.values().filter(is_root).cloned().collect()
    }

    pub fn edges(&self) -> Vec<(Arc<Node>, Arc<Node>)> {
        let inner = lock(&self.inner);
        let pair = |(from, to): &(u64, u64)| {
            Some((inner.nodes.get(from)?.clone(), inner.nodes.get(to)?.clone()))
        };
        inner.edges.iter().filter_map(pair).collect()
    }

    /// True if this node is one of `ends` or comes before one.
    pub fn leads_to(&self, node: &Arc<Node>, ends: &[Arc<Node>]) -> bool {
        let inner = lock(&self.inner);
        let mut seen = vec![node.id];
        let mut next = 0;
        while let Some(id) = seen.get(next).copied() {
            next += 1;
            if ends.iter().any(|end| end.id == id) {
                return true;
            }
            for (from, to) in &inner.edges {
                if *from == id && !seen.contains(to) {
                    seen.push(*to);
                }
            }
        }
        false
    }

    /// The nodes, each behind all that it comes after; the oldest first among those without an
    /// order.
    fn ordered(&self) -> Vec<Arc<Node>> {
        let inner = lock(&self.inner);
        let mut left: Vec<&Arc<Node>> = inner.nodes.values().collect();
        let mut ordered = Vec::with_capacity(left.len());
        let is_free = |node: &Arc<Node>, left: &[&Arc<Node>]| {
            let before = inner.edges.iter().filter(|(_, to)| *to == node.id);
            !before
                .into_iter()
                .any(|(from, _)| left.iter().any(|node| node.id == *from))
        };
        while let Some(index) = left.iter().position(|node| is_free(node, &left)) {
            ordered.push(left.remove(index).clone());
        }
        ordered
    }

    pub fn ordered_ops(&self) -> Vec<Op> {
        self.ordered().iter().map(|node| node.op()).collect()
    }

    /// A copy, and which node became which.
    pub fn duplicate(&self) -> Arc<Graph> {
        let copy = Graph::new();
        let mut twins = BTreeMap::new();
        for node in self.ordered() {
            twins.insert(node.id, copy.add(node.op(), &[]));
        }
        let mut inner = lock(&copy.inner);
        for (from, to) in &lock(&self.inner).edges {
            if let (Some(from), Some(to)) = (twins.get(from), twins.get(to)) {
                inner.edges.push((from.id, to.id));
            }
        }
        drop(inner);
        copy
    }
}

pub fn node(handle: Address) -> Result<Arc<Node>> {
    NODES.get(handle).ok_or(Code::INVALID_VALUE)
}

/// A graph as it was when it was instantiated.
pub struct Exec {
    pub flags: u64,
    steps: Mutex<Vec<Step>>,
}

struct Step {
    /// The node that this was made from, by which it can be changed.
    node: u64,
    op: Op,
    enabled: bool,
}

impl Exec {
    pub fn instantiate(graph: &Graph, flags: u64) -> Address {
        let step = |node: &Arc<Node>| Step {
            node: node.id,
            op: node.op(),
            enabled: true,
        };
        let steps = graph.ordered().iter().map(step).collect();
        EXECS.add(Arc::new(Exec {
            flags,
            steps: Mutex::new(steps),
        }))
    }

    pub fn get(handle: Address) -> Result<Arc<Exec>> {
        EXECS.get(handle).ok_or(Code::INVALID_VALUE)
    }

    pub fn destroy(handle: Address) -> Result {
        EXECS.remove(handle).map(drop).ok_or(Code::INVALID_VALUE)
    }

    /// What one launch puts into its stream.
    pub fn ops(&self) -> Vec<Op> {
        let steps = lock(&self.steps);
        steps
            .iter()
            .filter(|step| step.enabled)
            .map(|step| step.op.clone())
            .collect()
    }

    fn change(&self, node: &Arc<Node>, change: impl FnOnce(&mut Step)) -> Result {
        let mut steps = lock(&self.steps);
        let step = steps.iter_mut().find(|step| step.node == node.id);
        change(step.ok_or(Code::INVALID_VALUE)?);
        Ok(())
    }

    pub fn set_op(&self, node: &Arc<Node>, op: Op) -> Result {
        self.change(node, |step| step.op = op)
    }

    pub fn set_enabled(&self, node: &Arc<Node>, enabled: bool) -> Result {
        self.change(node, |step| step.enabled = enabled)
    }

    pub fn is_enabled(&self, node: &Arc<Node>) -> Result<bool> {
        let mut enabled = false;
        self.change(node, |step| enabled = step.enabled)?;
        Ok(enabled)
    }

    /// Takes over the operations of a graph of the same shape.
    pub fn update(&self, graph: &Graph) -> Result {
        let nodes = graph.ordered();
        let mut steps = lock(&self.steps);
        let kind = |op: &Op| std::mem::discriminant(op);
        let same = nodes.len() == steps.len()
            && nodes
                .iter()
                .zip(&*steps)
                .all(|(node, step)| kind(&node.op()) == kind(&step.op));
        if !same {
            return Err(Code::GRAPH_EXEC_UPDATE_FAILURE);
        }
        for (node, step) in nodes.iter().zip(&mut *steps) {
            step.op = node.op();
        }
        Ok(())
    }
}
