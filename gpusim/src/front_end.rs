//! The device's front end: what the hardware queues hold, and which command goes next.
//!
//! A hardware queue works strictly in order: whatever its head waits for, everything behind it
//! waits too, whichever stream it belongs to. Work goes to the execution units of the software
//! device, one command per queue at a time; host functions go to a thread of their own; the rest is
//! done here, on the thread that brought it or that finished what it waited for. One lock for all
//! devices, because streams of different devices wait for each other. No user code runs under it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock};

use xsched::device::Stream as _;
use xsched::device::host::{HostDevice, HostStream};

use crate::stream::Stream;
use crate::sync::lock;
use crate::wait::Wait;
use crate::{host_thread, wait_thread};

pub type QueueId = u64;
pub type Work = Box<dyn FnOnce() + Send>;

/// What one command does.
pub enum Action {
    /// Runs on an execution unit.
    Work(Work),
    /// Runs on the thread for host functions.
    Host(Work),
    /// Done by the front end in no time; must not call back into it.
    Note(Work),
    /// Holds the queue.
    Wait(Wait),
}

struct Command {
    stream: Arc<Stream>,
    action: Action,
    /// The last of its call.
    ends_entry: bool,
}

struct Queue {
    /// Where the queue's work competes for a unit.
    lane: Arc<HostStream>,
    commands: VecDeque<Command>,
    /// Its last command is with a unit or with the host thread.
    busy: bool,
}

#[derive(Default)]
struct State {
    queues: BTreeMap<QueueId, Queue>,
    next_queue: QueueId,
    /// Queues whose head waits for another stream.
    blocked: BTreeSet<QueueId>,
    /// Queues whose head waits for a value in memory, which anybody may store without a word.
    polling: BTreeSet<QueueId>,
    /// Host threads in `wait_until`.
    waiters: usize,
    completed: bool,
}

/// See the module.
#[derive(Default)]
pub struct FrontEnd {
    state: Mutex<State>,
    /// A command completed.
    progress: Condvar,
    launched: AtomicU64,
    completed: AtomicU64,
}

pub fn get() -> &'static FrontEnd {
    static FRONT_END: OnceLock<FrontEnd> = OnceLock::new();
    FRONT_END.get_or_init(FrontEnd::default)
}

impl FrontEnd {
    /// A queue whose work is served first if `priority` is larger.
    pub fn add_queue(&self, units: &HostDevice, priority: i32) -> QueueId {
        let mut state = lock(&self.state);
        let id = state.next_queue;
        state.next_queue += 1;
        let queue = Queue {
            lane: units.create_stream(priority),
            commands: VecDeque::new(),
            busy: false,
        };
        state.queues.insert(id, queue);
        id
    }

    /// The queue must be empty and belong to one stream, which is gone.
    pub fn remove_queue(&self, queue: QueueId) {
        lock(&self.state).queues.remove(&queue);
    }

    /// Appends commands to a stream, with nothing of another thread between them. They are made
    /// under the lock too: what they wait for was launched before them, so no queue waits for its
    /// own tail.
    pub fn launch(&self, stream: &Arc<Stream>, make: impl FnOnce(&mut Vec<Action>)) {
        self.launch_entry(stream, make, true);
    }

    /// As `launch`, but takes no place in the stream's backlog.
    pub fn follow(&self, stream: &Arc<Stream>, make: impl FnOnce(&mut Vec<Action>)) {
        self.launch_entry(stream, make, false);
    }

    fn launch_entry(
        &self,
        stream: &Arc<Stream>,
        make: impl FnOnce(&mut Vec<Action>),
        is_entry: bool,
    ) {
        let mut state = lock(&self.state);
        let mut actions = Vec::new();
        make(&mut actions);
        self.append(&mut state, stream, stream.queue(), actions, is_entry);
        self.settle(&mut state);
    }

    /// Gives the stream another queue; what it launches from then on follows what it launched
    /// before.
    pub fn move_stream(&self, stream: &Arc<Stream>, queue: QueueId) {
        let mut state = lock(&self.state);
        let wait = Wait::Stream(stream.clone(), stream.launched());
        stream.set_queue(queue);
        self.append(&mut state, stream, queue, vec![Action::Wait(wait)], false);
        self.settle(&mut state);
    }

    fn append(
        &self,
        state: &mut State,
        stream: &Arc<Stream>,
        id: QueueId,
        actions: Vec<Action>,
        is_entry: bool,
    ) {
        let count = actions.len() as u64;
        if is_entry && count > 0 {
            stream.add_entry();
        }
        self.launched.fetch_add(count, Ordering::Relaxed);
        stream.add_launched(count);
        if let Some(queue) = state.queues.get_mut(&id) {
            queue
                .commands
                .extend((1..).zip(actions).map(|(number, action)| Command {
                    stream: stream.clone(),
                    action,
                    ends_entry: is_entry && number == count,
                }));
        }
        self.advance(state, id);
    }

    /// Waits until `condition` holds; it may change whenever a command completes.
    pub fn wait_until(&self, condition: impl Fn() -> bool) {
        let mut state = lock(&self.state);
        state.waiters += 1;
        while !condition() {
            state = self
                .progress
                .wait(state)
                .unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        state.waiters -= 1;
    }

    /// Does the condition hold, not in the middle of a step but before or after one? A device that reads a word
    /// and goes on shows that within microseconds; here the thread that does may sleep in between.
    pub fn shows(&self, condition: impl Fn() -> bool) -> bool {
        condition() || {
            let _between_steps = lock(&self.state);
            condition()
        }
    }

    /// Looks again at what waits for values; false if nothing does.
    pub fn poll(&self) -> bool {
        let mut state = lock(&self.state);
        for id in std::mem::take(&mut state.polling) {
            self.advance(&mut state, id);
        }
        self.settle(&mut state);
        !state.polling.is_empty()
    }

    /// Commands launched, and completed.
    pub fn counters(&self) -> (u64, u64) {
        (
            self.launched.load(Ordering::Relaxed),
            self.completed.load(Ordering::Relaxed),
        )
    }

    /// A unit or the host thread is done with the queue's command.
    fn finish(&self, id: QueueId, stream: &Stream, ends_entry: bool) {
        let mut state = lock(&self.state);
        if let Some(queue) = state.queues.get_mut(&id) {
            queue.busy = false;
        }
        self.complete(&mut state, stream, ends_entry);
        self.advance(&mut state, id);
        self.settle(&mut state);
    }

    fn complete(&self, state: &mut State, stream: &Stream, ends_entry: bool) {
        stream.add_completed();
        if ends_entry {
            stream.end_entry();
        }
        self.completed.fetch_add(1, Ordering::Relaxed);
        state.completed = true;
    }

    /// After completions: looks at every waiting queue until nothing changes, then wakes host
    /// threads.
    fn settle(&self, state: &mut State) {
        let mut completed = false;
        while std::mem::take(&mut state.completed) {
            completed = true;
            let mut waiting = std::mem::take(&mut state.blocked);
            waiting.append(&mut state.polling);
            for id in waiting {
                self.advance(state, id);
            }
        }
        if completed && state.waiters > 0 {
            self.progress.notify_all();
        }
    }

    /// Starts or passes what is at the queue's head.
    fn advance(&self, state: &mut State, id: QueueId) {
        while let Some(queue) = state.queues.get_mut(&id) {
            if queue.busy {
                return;
            }
            match queue.commands.front() {
                None => return,
                // In a context that failed nothing holds anybody.
                Some(Command {
                    stream,
                    action: Action::Wait(wait),
                    ..
                }) if stream.context.failure().is_none() && !wait.is_over() => {
                    if wait.is_for_value() {
                        state.polling.insert(id);
                        wait_thread::wake();
                    } else {
                        state.blocked.insert(id);
                    }
                    return;
                }
                Some(_) => {}
            }
            let Some(Command {
                stream,
                action,
                ends_entry,
            }) = queue.commands.pop_front()
            else {
                return;
            };
            match action {
                Action::Work(_) | Action::Host(_) if stream.context.failure().is_some() => {}
                Action::Work(work) => {
                    queue.busy = true;
                    let lane = queue.lane.clone();
                    let launched = lane.launch(Box::new(move || {
                        work();
                        get().finish(id, &stream, ends_entry);
                        0
                    }));
                    // The software device refuses only when told to, and nobody tells it.
                    debug_assert!(launched.is_ok());
                    return;
                }
                Action::Host(function) => {
                    queue.busy = true;
                    host_thread::run(Box::new(move || {
                        function();
                        get().finish(id, &stream, ends_entry);
                    }));
                    return;
                }
                Action::Note(note) => note(),
                Action::Wait(_) => {}
            }
            self.complete(state, &stream, ends_entry);
        }
    }
}
