//! Which queue waits, on the device, for work of which other one, and who profits from it.
//!
//! A queue that waits cannot go on before the queue it waits for has, so that one must be treated as
//! if it were the waiting one (priority inheritance: Sha, Rajkumar and Lehoczky, "Priority Inheritance
//! Protocols", IEEE Transactions on Computers 39, 1990). Waits form chains, and in a broken program even
//! cycles. Only a ready queue's waits count: an idle one has nothing that could wait.

use super::table::QueueView;

/// What queues are compared by when one lends its place to another: smaller goes first.
pub(super) type Key = (i64, u64, u64);

#[derive(Clone, Copy, Debug)]
struct Edge {
    waiter: usize,
    target: usize,
    count: u32,
}

/// See the module. Queues are given by their row.
#[derive(Default)]
pub(super) struct Waits {
    /// In the order of waiter and target.
    edges: Vec<Edge>,
    // What follows has a meaning within one call only and is kept for its memory.
    sources: Vec<(Key, usize)>,
    reached: Vec<bool>,
    stack: Vec<usize>,
}

impl Waits {
    /// One more wait.
    pub(super) fn add(&mut self, waiter: usize, target: usize) {
        match self.find(waiter, target) {
            Ok(at) => self.edges[at].count = self.edges[at].count.saturating_add(1),
            Err(at) => self.edges.insert(
                at,
                Edge {
                    waiter,
                    target,
                    count: 1,
                },
            ),
        }
    }

    /// One wait less. True if it was the last of these two.
    pub(super) fn end(&mut self, waiter: usize, target: usize) -> bool {
        let Ok(at) = self.find(waiter, target) else {
            return false;
        };
        self.edges[at].count -= 1;
        let last = self.edges[at].count == 0;
        if last {
            self.edges.remove(at);
        }
        last
    }

    /// The row `at` is forgotten, and the row `moved` takes its place.
    pub(super) fn forget(&mut self, at: usize, moved: usize) {
        self.edges
            .retain(|edge| edge.waiter != at && edge.target != at);
        for edge in &mut self.edges {
            for end in [&mut edge.waiter, &mut edge.target] {
                if *end == moved {
                    *end = at;
                }
            }
        }
        self.edges
            .sort_unstable_by_key(|edge| (edge.waiter, edge.target));
        if self.edges.is_empty() {
            *self = Waits::default();
        } else if self.edges.capacity() > 4 * self.edges.len() {
            self.edges.shrink_to(2 * self.edges.len());
        }
    }

    fn find(&self, waiter: usize, target: usize) -> Result<usize, usize> {
        self.edges
            .binary_search_by_key(&(waiter, target), |edge| (edge.waiter, edge.target))
    }

    /// Calls `lend` with every queue that some ready queue waits for, however indirectly, and with the
    /// first of those by `key`. Queues whose key is `None` lend nothing.
    pub(super) fn each_lent(
        &mut self,
        queues: &mut [QueueView],
        key: impl Fn(&QueueView) -> Option<Key>,
        mut lend: impl FnMut(&mut [QueueView], usize, usize),
    ) {
        if self.edges.is_empty() {
            return;
        }
        self.sources.clear();
        for waiters in self.edges.chunk_by(|a, b| a.waiter == b.waiter) {
            let waiter = waiters[0].waiter;
            if queues[waiter].ready
                && let Some(key) = key(&queues[waiter])
            {
                self.sources.push((key, waiter));
            }
        }
        self.sources.sort_unstable();
        self.reached.clear();
        self.reached.resize(queues.len(), false);
        for &(_, source) in &self.sources {
            // Reached from an earlier one: then so was all that can be reached from here.
            if std::mem::replace(&mut self.reached[source], true) {
                continue;
            }
            self.stack.push(source);
            while let Some(waiter) = self.stack.pop() {
                let first = self.edges.partition_point(|edge| edge.waiter < waiter);
                for edge in self.edges[first..]
                    .iter()
                    .take_while(|edge| edge.waiter == waiter)
                {
                    if !std::mem::replace(&mut self.reached[edge.target], true) {
                        lend(queues, edge.target, source);
                        if queues[edge.target].ready {
                            self.stack.push(edge.target);
                        }
                    }
                }
            }
        }
    }

    /// Lets every ready queue run that a running one waits for.
    pub(super) fn run_targets(&mut self, queues: &mut [QueueView]) {
        self.each_lent(
            queues,
            |queue| queue.run.then_some((0, 0, 0)),
            |queues, target, _| queues[target].run = true,
        );
    }
}
