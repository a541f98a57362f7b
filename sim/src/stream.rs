//! A queue: what its application has submitted, what lies in its stream on the device, and where gates
//! stand in it.

use std::collections::VecDeque;

use crate::scenario::Gate;

/// One command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    /// Device time left.
    pub(crate) ns: u64,
    /// It waits for this many commands of that stream instead of doing work.
    pub(crate) wait: Option<(usize, u64)>,
    /// The last one of this request.
    pub(crate) ends: Option<usize>,
    /// A gate stands in front of it.
    gated: bool,
}

impl Command {
    pub(crate) fn work(ns: u64, ends: Option<usize>) -> Command {
        Command {
            ns,
            wait: None,
            ends,
            gated: false,
        }
    }

    pub(crate) fn wait(stream: usize, count: u64) -> Command {
        Command {
            ns: 0,
            wait: Some((stream, count)),
            ends: None,
            gated: false,
        }
    }
}

/// What a device makes of all its streams.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamRules {
    pub(crate) gate: Gate,
    /// Most commands in flight.
    pub(crate) limit: usize,
    pub(crate) budget_ns: u64,
    pub(crate) gate_ns: u64,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) device: usize,
    rules: StreamRules,
    /// Submitted by the application and not launched.
    pub(crate) pending: VecDeque<Command>,
    /// In the stream, the head first, whether it runs or not.
    pub(crate) launched: VecDeque<Command>,
    pub(crate) launched_count: u64,
    pub(crate) completed_count: u64,
    /// Since when the head runs.
    pub(crate) running_since_ns: Option<u64>,
    /// Since when the head could start.
    pub(crate) eligible_ns: Option<u64>,
    /// The scheduler knows that it has work.
    pub(crate) ready: bool,
    /// The scheduler has suspended it.
    pub(crate) suspended: bool,
    /// The suspension acts: the thread waits, or the gates are closed.
    pub(crate) closed: bool,
    /// Grows with every decision, so that one that is still on its way can be told to be old.
    pub(crate) decisions: u64,
    /// Grows with every launch.
    pub(crate) launches: u64,
    /// Device time used and not reported.
    pub(crate) unreported_ns: u64,
    /// When the application's thread can launch again.
    pub(crate) next_launch_ns: u64,
    /// The engine will look at it again at that time.
    pub(crate) planned_ns: u64,
    launch_ns: u64,
    since_gate_ns: Option<u64>,
}

impl Stream {
    pub(crate) fn new(device: usize, rules: StreamRules, launch_ns: u64) -> Stream {
        Stream {
            device,
            rules,
            pending: VecDeque::new(),
            launched: VecDeque::new(),
            launched_count: 0,
            completed_count: 0,
            running_since_ns: None,
            eligible_ns: None,
            ready: false,
            suspended: false,
            closed: false,
            decisions: 0,
            launches: 0,
            unreported_ns: 0,
            next_launch_ns: 0,
            planned_ns: 0,
            launch_ns,
            since_gate_ns: None,
        }
    }

    /// True if neither the application nor the device has anything left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.pending.is_empty() && self.launched.is_empty()
    }

    /// True if the application's thread gets past the admission point.
    pub(crate) fn admits(&self) -> bool {
        let held = self.rules.gate == Gate::Host && (self.suspended || self.closed);
        self.ready && !held && self.launched.len() < self.rules.limit
    }

    /// Launches the next pending command.
    pub(crate) fn launch(&mut self, now_ns: u64) -> Option<Command> {
        let mut command = self.pending.pop_front()?;
        match self.rules.gate {
            Gate::Host => {}
            Gate::Interrupt => command.gated = true,
            Gate::Device if command.wait.is_some() => {}
            Gate::Device => {
                let since_ns = self.since_gate_ns.map(|since_ns| since_ns + command.ns);
                let fits = since_ns.filter(|&since_ns| since_ns <= self.rules.budget_ns);
                command.gated = fits.is_none();
                self.since_gate_ns = Some(fits.unwrap_or(command.ns));
                if command.gated {
                    command.ns += self.rules.gate_ns;
                }
            }
        }
        self.launched_count += 1;
        self.launches += 1;
        self.next_launch_ns = now_ns + self.launch_ns;
        self.launched.push_back(command);
        Some(command)
    }

    /// The scheduler has decided. What is launched from now on stands behind a gate.
    pub(crate) fn decide(&mut self, suspended: bool) {
        self.suspended = suspended;
        self.decisions += 1;
        if suspended {
            self.since_gate_ns = None;
        }
    }

    /// True if the head could start if an execution unit were free. A head that gets past its gate
    /// cannot be held any more, whether it starts at once or not.
    pub(crate) fn may_start(&mut self) -> bool {
        if self.running_since_ns.is_some() {
            return false;
        }
        let Some(head) = self.launched.front_mut() else {
            return false;
        };
        if head.wait.is_some() || head.gated && self.closed {
            return false;
        }
        head.gated &= self.rules.gate == Gate::Interrupt;
        true
    }

    /// True if the head closes a span of commands after which the runtime looks at the device.
    pub(crate) fn marks(&self) -> bool {
        let next = self.launched.front();
        self.rules.gate != Gate::Device || next.is_none_or(|next| next.gated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(gate: Gate, budget_ns: u64) -> Stream {
        let rules = StreamRules {
            gate,
            limit: 4,
            budget_ns,
            gate_ns: 0,
        };
        let mut stream = Stream::new(0, rules, 0);
        stream.ready = true;
        stream
    }

    #[test]
    fn gates_stand_after_the_budget_and_after_a_suspension() {
        let mut stream = stream(Gate::Device, 100);
        stream.pending = [40, 40, 40, 200, 10, 10]
            .map(|ns| Command::work(ns, None))
            .into();
        let gated: Vec<bool> = (0..5).map(|_| stream.launch(0).unwrap().gated).collect();
        assert_eq!(gated, [true, false, true, true, true]);
        stream.decide(true);
        assert!(stream.launch(0).unwrap().gated);
    }

    #[test]
    fn a_host_gate_holds_the_thread_and_not_the_stream() {
        let mut stream = stream(Gate::Host, 100);
        stream.pending = [Command::work(10, None); 6].into();
        while stream.admits() {
            stream.launch(0).unwrap();
        }
        assert_eq!(stream.launched.len(), 4);
        stream.launched.pop_front();
        stream.decide(true);
        stream.closed = true;
        assert!(!stream.admits() && stream.may_start());
    }
}
