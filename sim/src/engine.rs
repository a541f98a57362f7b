//! The simulation: a clock that jumps from one thing that happens to the next, the devices, and the
//! scheduler under test.
//!
//! The parts act as those of the runtime do. An application's thread launches a command if the queue's
//! admission point lets it; a queue becomes ready before its first launch, and idle when the application
//! has waited for it or the grace period is over; device time is reported when the commands between two
//! gates have completed; ticks come a little late. An execution unit takes, of all streams whose head may
//! start, the one whose head has been waiting longest.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use xsched::sched::{Action, Attributes, Event, Operation, Scheduler};

use crate::feed::Feed;
use crate::outcome::Outcome;
use crate::random::Random;
use crate::scenario::{Gate, Scenario};
use crate::stream::{Command, Stream, StreamRules};
use crate::time::{ns_from_ms, ns_from_us};
use crate::trace::Trace;

/// What happens at some time. Queues and devices are given by position; a count tells an event that
/// something newer has replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    /// The running head of the stream has completed, unless it was stopped.
    Done { stream: usize, since_ns: u64 },
    /// A unit that was stopping a command is free.
    Free { device: usize },
    /// The next request of the workload comes.
    Request { stream: usize },
    /// The next request comes because the last has completed.
    Again { stream: usize },
    /// The thread can launch again.
    Launch { stream: usize },
    /// A decision about the stream acts.
    Act { stream: usize, decision: u64 },
    /// The grace period is over.
    Grace { stream: usize, launches: u64 },
    /// A hint changes.
    Change { stream: usize, change: usize },
    /// The active window changes.
    Window { change: usize },
    /// The next line of the recording.
    Recorded { line: usize },
    /// The monitor's tick.
    Tick { asked_us: u64 },
}

struct Unit {
    free: usize,
    gate: Gate,
    interrupt_ns: u64,
    suspend_ns: u64,
    resume_ns: u64,
}

/// See the module.
pub(crate) struct Engine<'a> {
    scenario: &'a Scenario,
    trace: Option<&'a Trace>,
    scheduler: Option<Scheduler>,
    now_ns: u64,
    agenda: BinaryHeap<Reverse<(u64, u64, Happening)>>,
    numbered: u64,
    /// What the scheduler has not been told yet.
    news: VecDeque<Event>,
    operations: Vec<Operation>,
    streams: Vec<Stream>,
    feeds: Vec<Feed>,
    units: Vec<Unit>,
    /// (waiter, target, commands of the target).
    waits: Vec<(usize, usize, u64)>,
    asked_us: Option<u64>,
    outcome: Outcome,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(
        scenario: &'a Scenario,
        trace: Option<&'a Trace>,
        outcome: Outcome,
    ) -> Result<Engine<'a>, String> {
        scenario.check()?;
        let policy = scenario.policy()?;
        let end_ns = ns_from_ms(scenario.duration_ms);
        let mut engine = Engine {
            scenario,
            trace,
            scheduler: policy.map(Scheduler::new),
            now_ns: 0,
            agenda: BinaryHeap::new(),
            numbered: 0,
            news: VecDeque::from([Event::Policy(scenario.policy_hints())]),
            operations: Vec::new(),
            streams: Vec::new(),
            feeds: Vec::new(),
            units: Vec::new(),
            waits: Vec::new(),
            asked_us: None,
            outcome,
        };
        for device in &scenario.device {
            engine.units.push(Unit {
                free: device.units,
                gate: device.gate,
                interrupt_ns: ns_from_us(device.interrupt_us),
                suspend_ns: ns_from_us(device.suspend_us),
                resume_ns: ns_from_us(device.resume_us),
            });
        }
        for (stream, workload) in scenario.queue.iter().enumerate() {
            let device = scenario.device_of(workload).unwrap_or(0);
            let attributes = Attributes {
                device: device as u64,
                process: workload.process,
                nice: workload.nice,
            };
            engine.add_stream(device, workload.launch_us, attributes);
            let random = Random::new(scenario.seed, stream as u64);
            engine.feeds.push(Feed::new(workload, end_ns, random));
            let id = stream as u64;
            let hints = workload.hint.hints();
            engine.news.extend(hints.map(|hint| Event::Hint(id, hint)));
            for (change, at) in workload.change.iter().enumerate() {
                engine.plan(ns_from_ms(at.at_ms), Happening::Change { stream, change });
            }
            engine.plan_request(stream);
        }
        for (change, window) in scenario.window.iter().enumerate() {
            engine.plan(ns_from_ms(window.at_ms), Happening::Window { change });
        }
        if let Some(first) = trace.and_then(|trace| trace.lines.first()) {
            engine.plan(first.at_ns(), Happening::Recorded { line: 0 });
        }
        Ok(engine)
    }

    fn add_stream(&mut self, device: usize, launch_us: f64, attributes: Attributes) -> usize {
        let row = &self.scenario.device[device];
        let rules = StreamRules {
            gate: row.gate,
            limit: match row.gate {
                Gate::Host => row.threshold.min(row.outstanding),
                Gate::Device | Gate::Interrupt => row.outstanding,
            },
            budget_ns: ns_from_us(row.budget_us),
            gate_ns: ns_from_us(row.gate_us),
        };
        let stream = self.streams.len();
        self.streams
            .push(Stream::new(device, rules, ns_from_us(launch_us)));
        self.news
            .push_back(Event::Created(stream as u64, attributes));
        stream
    }

    fn plan(&mut self, at_ns: u64, what: Happening) {
        self.numbered += 1;
        self.agenda
            .push(Reverse((at_ns.max(self.now_ns), self.numbered, what)));
    }

    /// Runs until nothing happens any more.
    pub(crate) fn run(mut self) -> Outcome {
        self.settle();
        while let Some(&Reverse((at_ns, _, _))) = self.agenda.peek() {
            self.now_ns = at_ns;
            // What happens at one time happens before anybody decides.
            while let Some(&Reverse((next_ns, _, what))) = self.agenda.peek()
                && next_ns == at_ns
            {
                self.agenda.pop();
                self.happen(what);
            }
            self.settle();
        }
        self.outcome.end_ns = self.outcome.end_ns.max(self.now_ns);
        self.outcome
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Done { stream, since_ns } => {
                if self.streams[stream].running_since_ns == Some(since_ns) {
                    self.complete_head(stream);
                }
            }
            Happening::Free { device } => self.units[device].free += 1,
            Happening::Request { stream } => {
                self.submit_request(stream);
                self.plan_request(stream);
            }
            Happening::Again { stream } => self.submit_request(stream),
            // `settle` looks at every stream.
            Happening::Launch { .. } => {}
            Happening::Act { stream, decision } => {
                if self.streams[stream].decisions == decision {
                    self.act(stream);
                }
            }
            Happening::Grace { stream, launches } => {
                let queue = &self.streams[stream];
                if queue.is_done() && queue.launches == launches {
                    self.become_idle(stream);
                }
            }
            Happening::Change { stream, change } => {
                let hints = self.scenario.queue[stream].change[change].hint.hints();
                let events = hints.map(|hint| Event::Hint(stream as u64, hint));
                self.news.extend(events);
            }
            Happening::Window { change } => {
                let process = self.scenario.window[change].process;
                self.news.push_back(Event::ActiveWindow(process));
            }
            Happening::Recorded { line } => self.play(line),
            Happening::Tick { asked_us } => {
                if self.asked_us == Some(asked_us) {
                    self.asked_us = None;
                    self.news.push_back(Event::Tick);
                }
            }
        }
    }

    // ---- requests -------------------------------------------------------------------------------

    fn plan_request(&mut self, stream: usize) {
        if let Some(at_ns) = self.feeds[stream].next_ns() {
            self.plan(at_ns, Happening::Request { stream });
        }
    }

    fn submit_request(&mut self, stream: usize) {
        let times_ns = self.feeds[stream].request();
        self.submit(stream, &times_ns, self.now_ns);
    }

    fn submit(&mut self, stream: usize, times_ns: &[u64], arrived_ns: u64) {
        let request = self.outcome.begin_request(stream, arrived_ns);
        let last = times_ns.len().saturating_sub(1);
        let queue = &mut self.streams[stream];
        for (at, &ns) in times_ns.iter().enumerate() {
            let ends = (at == last).then_some(request);
            queue.pending.push_back(Command::work(ns, ends));
        }
    }

    fn play(&mut self, line: usize) {
        let Some(trace) = self.trace else {
            return;
        };
        let recorded = &trace.lines[line];
        if let Some(created) = &recorded.created {
            let attributes = Attributes {
                device: created.device as u64,
                process: created.process,
                nice: created.nice,
            };
            self.add_stream(created.device, 0.0, attributes);
            self.outcome.add_queue(&created.name, created.device);
        }
        let (stream, id) = (recorded.queue, recorded.queue as u64);
        let hints = recorded.hint.hints();
        self.news.extend(hints.map(|hint| Event::Hint(id, hint)));
        if let Some(target) = recorded.waits {
            let target_queue = &self.streams[target];
            let count = target_queue.launched_count + target_queue.pending.len() as u64;
            let wait = Command::wait(target, count);
            self.streams[stream].pending.push_back(wait);
        }
        if !recorded.commands_us.is_empty() {
            let times_us = recorded.commands_us.iter();
            let times_ns: Vec<u64> = times_us.map(|&us| ns_from_us(us).max(1)).collect();
            self.submit(stream, &times_ns, self.now_ns);
        }
        if let Some(next) = trace.lines.get(line + 1) {
            self.plan(next.at_ns(), Happening::Recorded { line: line + 1 });
        }
    }

    // ---- the application's threads --------------------------------------------------------------

    /// Lets every thread launch what it can and tells the scheduler, until neither has anything to do.
    fn settle(&mut self) {
        loop {
            while let Some(event) = self.news.pop_front() {
                self.tell(event);
            }
            for stream in 0..self.streams.len() {
                self.launch(stream);
                self.pass_waits(stream);
            }
            if self.news.is_empty() {
                break;
            }
        }
        for device in 0..self.units.len() {
            self.dispatch(device);
        }
        self.ask_for_tick();
    }

    fn launch(&mut self, stream: usize) {
        loop {
            let saturates = self
                .feeds
                .get(stream)
                .is_some_and(|feed| feed.saturates(self.now_ns));
            if self.streams[stream].pending.is_empty() && saturates {
                self.submit_request(stream);
            }
            let queue = &mut self.streams[stream];
            if queue.pending.is_empty() {
                return;
            }
            if !queue.ready {
                queue.ready = true;
                self.news.push_back(Event::Ready(stream as u64));
                return;
            }
            if !queue.admits() {
                return;
            }
            if queue.next_launch_ns > self.now_ns {
                let at_ns = queue.next_launch_ns;
                if std::mem::replace(&mut queue.planned_ns, at_ns) != at_ns {
                    self.plan(at_ns, Happening::Launch { stream });
                }
                return;
            }
            if let Some((target, count)) = queue.launch(self.now_ns).and_then(|c| c.wait)
                && self.streams[target].completed_count < count
            {
                self.waits.push((stream, target, count));
                let (waiter, target) = (stream as u64, target as u64);
                self.news.push_back(Event::Waits(waiter, target));
            }
        }
    }

    fn become_idle(&mut self, stream: usize) {
        if std::mem::replace(&mut self.streams[stream].ready, false) {
            self.report_use(stream);
            self.news.push_back(Event::Idle(stream as u64));
        }
    }

    // ---- the scheduler --------------------------------------------------------------------------

    fn tell(&mut self, event: Event) {
        let Some(scheduler) = &mut self.scheduler else {
            return;
        };
        scheduler.handle(self.now_ns / 1000, event, &mut self.operations);
        for operation in std::mem::take(&mut self.operations) {
            let Ok(stream) = usize::try_from(operation.queue) else {
                continue;
            };
            let suspend = operation.action == Action::Suspend;
            let queue = &mut self.streams[stream];
            queue.decide(suspend);
            let unit = &self.units[queue.device];
            let delay_ns = if suspend {
                unit.suspend_ns
            } else {
                unit.resume_ns
            };
            // The thread that would launch next sees the decision at once.
            let idle = suspend && queue.launched.is_empty();
            self.outcome.note_operation(stream, self.now_ns, suspend);
            if delay_ns == 0 || idle {
                self.act(stream);
            } else {
                let decision = queue.decisions;
                self.plan(self.now_ns + delay_ns, Happening::Act { stream, decision });
            }
        }
    }

    fn ask_for_tick(&mut self) {
        let next_us = self.scheduler.as_ref().and_then(Scheduler::next_tick_us);
        if next_us == self.asked_us {
            return;
        }
        self.asked_us = next_us;
        if let Some(asked_us) = next_us {
            let at_ns = asked_us.saturating_mul(1000) + ns_from_us(self.scenario.tick_late_us);
            self.plan(at_ns, Happening::Tick { asked_us });
        }
    }

    /// The last decision about the stream acts on the device.
    fn act(&mut self, stream: usize) {
        let queue = &mut self.streams[stream];
        queue.closed = queue.suspended;
        let device = queue.device;
        if !queue.closed || self.units[device].gate != Gate::Interrupt {
            return;
        }
        let Some(since_ns) = queue.running_since_ns.take() else {
            return;
        };
        let ran_ns = self.now_ns - since_ns;
        queue.unreported_ns += ran_ns;
        if let Some(head) = queue.launched.front_mut() {
            head.ns = head.ns.saturating_sub(ran_ns);
        }
        self.outcome.note_ran(stream, since_ns, self.now_ns);
        self.report_use(stream);
        let free_ns = self.now_ns + self.units[device].interrupt_ns;
        if free_ns == self.now_ns {
            self.units[device].free += 1;
        } else {
            self.plan(free_ns, Happening::Free { device });
        }
    }

    // ---- the device -----------------------------------------------------------------------------

    fn dispatch(&mut self, device: usize) {
        for queue in self.streams.iter_mut().filter(|s| s.device == device) {
            if !queue.may_start() {
                queue.eligible_ns = None;
            } else if queue.eligible_ns.is_none() {
                queue.eligible_ns = Some(self.now_ns);
            }
        }
        while self.units[device].free > 0 {
            let first = (0..self.streams.len())
                .filter(|&stream| self.streams[stream].device == device)
                .filter_map(|stream| Some((self.streams[stream].eligible_ns?, stream)))
                .min();
            let Some((_, stream)) = first else {
                return;
            };
            let queue = &mut self.streams[stream];
            queue.eligible_ns = None;
            queue.running_since_ns = Some(self.now_ns);
            let ns = queue.launched.front().map_or(0, |head| head.ns);
            self.units[device].free -= 1;
            let since_ns = self.now_ns;
            self.plan(since_ns + ns, Happening::Done { stream, since_ns });
        }
    }

    fn complete_head(&mut self, stream: usize) {
        let queue = &mut self.streams[stream];
        let device = queue.device;
        self.units[device].free += 1;
        if let Some(since_ns) = queue.running_since_ns.take() {
            queue.unreported_ns += self.now_ns - since_ns;
            self.outcome.note_ran(stream, since_ns, self.now_ns);
        }
        self.pop_head(stream);
    }

    /// Waits at the head of the stream that are over are gone.
    fn pass_waits(&mut self, stream: usize) {
        while let Some(&head) = self.streams[stream].launched.front()
            && let Some((target, count)) = head.wait
            && self.streams[target].completed_count >= count
        {
            self.pop_head(stream);
        }
    }

    fn pop_head(&mut self, stream: usize) {
        let queue = &mut self.streams[stream];
        let done = queue.launched.pop_front();
        queue.completed_count += 1;
        let (completed, launches) = (queue.completed_count, queue.launches);
        let (marks, empty) = (queue.marks(), queue.is_done());
        if let Some(request) = done.and_then(|command| command.ends) {
            self.outcome.end_request(request, self.now_ns);
            if let Some(again_ns) = self.feeds.get(stream).and_then(|f| f.after_ns(self.now_ns)) {
                self.plan(again_ns, Happening::Again { stream });
            }
        }
        if marks {
            self.report_use(stream);
        }
        let mut over = Vec::new();
        self.waits.retain(|&(waiter, target, count)| {
            let waits = target != stream || completed < count;
            if !waits {
                over.push(Event::WaitOver(waiter as u64, target as u64));
            }
            waits
        });
        self.news.extend(over);
        if empty {
            let workload = self.scenario.queue.get(stream);
            if workload.is_some_and(|workload| workload.synchronous) {
                self.become_idle(stream);
            } else {
                let at_ns = self.now_ns + ns_from_us(self.scenario.grace_us);
                self.plan(at_ns, Happening::Grace { stream, launches });
            }
        }
    }

    fn report_use(&mut self, stream: usize) {
        let ns = std::mem::take(&mut self.streams[stream].unreported_ns);
        if ns > 0 {
            self.news.push_back(Event::UsedNs(stream as u64, ns));
        }
    }
}
