//! What the streams hold and which command runs next. Pure bookkeeping under the device's one lock:
//! no thread, no time, no user code.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Word;
use super::stream::Completion;
use crate::device::Work;

/// One entry of a stream.
pub(super) enum Item {
    /// Runs on a unit.
    Work(Work),
    /// Complete when reached.
    Marker(Arc<Completion>),
    /// Holds the stream until another stream's marker is complete.
    WaitMarker(Arc<Completion>),
    /// Holds the stream until the word is at least this value.
    WaitValue(Word, u32),
    /// Stores the value when reached.
    WriteValue(Word, u32),
}

/// A command taken by a unit.
pub(super) struct Taken {
    pub(super) stream: u64,
    pub(super) work: Work,
}

#[derive(Default)]
struct Lane {
    items: VecDeque<Item>,
    priority: i32,
    running: bool,
    /// In `candidates` under this number.
    candidate: Option<u64>,
    /// First failure since the last synchronise.
    failure: i32,
}

/// See the module.
#[derive(Default)]
pub(super) struct FrontEnd {
    lanes: BTreeMap<u64, Lane>,
    /// Heads that may run: largest priority first, then the one that became a candidate first.
    candidates: BTreeSet<(Reverse<i32>, u64, u64)>,
    /// Streams whose head waits for a marker or a word.
    blocked: BTreeSet<u64>,
    next_candidate: u64,
    new_candidates: usize,
    reached: bool,
    pub(super) units_started: bool,
}

impl FrontEnd {
    pub(super) fn add_stream(&mut self, id: u64, priority: i32) {
        self.lanes.insert(
            id,
            Lane {
                priority,
                ..Lane::default()
            },
        );
    }

    pub(super) fn remove_stream(&mut self, id: u64) {
        if let Some(Lane {
            priority,
            candidate: Some(number),
            ..
        }) = self.lanes.remove(&id)
        {
            self.candidates.remove(&(Reverse(priority), number, id));
        }
        self.blocked.remove(&id);
    }

    pub(super) fn push(&mut self, id: u64, item: Item) {
        if let Some(lane) = self.lanes.get_mut(&id) {
            lane.items.push_back(item);
            if lane.items.len() == 1 && !lane.running {
                self.advance(id);
            }
        }
    }

    pub(super) fn is_drained(&self, id: u64) -> bool {
        self.lanes
            .get(&id)
            .is_none_or(|lane| lane.items.is_empty() && !lane.running)
    }

    pub(super) fn take_failure(&mut self, id: u64) -> i32 {
        self.lanes
            .get_mut(&id)
            .map_or(0, |lane| std::mem::take(&mut lane.failure))
    }

    pub(super) fn take_new_candidates(&mut self) -> usize {
        std::mem::take(&mut self.new_candidates)
    }

    pub(super) fn take_reached(&mut self) -> bool {
        std::mem::take(&mut self.reached)
    }

    /// The next command to run, if any.
    pub(super) fn take(&mut self) -> Option<Taken> {
        let (_, _, id) = self.candidates.pop_first()?;
        let lane = self.lanes.get_mut(&id)?;
        lane.candidate = None;
        lane.running = true;
        match lane.items.pop_front() {
            Some(Item::Work(work)) => Some(Taken { stream: id, work }),
            _ => None, // Only work becomes a candidate.
        }
    }

    /// A command of the stream has ended with this code.
    pub(super) fn finish(&mut self, id: u64, code: i32) {
        if let Some(lane) = self.lanes.get_mut(&id) {
            lane.running = false;
            if lane.failure == 0 {
                lane.failure = code;
            }
        }
        self.advance(id);
    }

    /// Looks again at every stream that waits for something.
    pub(super) fn advance_blocked(&mut self) {
        for id in std::mem::take(&mut self.blocked) {
            self.advance(id);
        }
    }

    /// Passes everything at the stream's head that needs no unit.
    fn advance(&mut self, id: u64) {
        let mut markers = false;
        while let Some(lane) = self.lanes.get_mut(&id) {
            if lane.running || lane.candidate.is_some() {
                break;
            }
            match lane.items.front() {
                None => break,
                Some(Item::Work(_)) => {
                    let number = self.next_candidate;
                    self.next_candidate += 1;
                    lane.candidate = Some(number);
                    self.candidates.insert((Reverse(lane.priority), number, id));
                    self.new_candidates += 1;
                    break;
                }
                Some(Item::Marker(completion)) => {
                    completion.reach();
                    markers = true;
                }
                Some(Item::WaitMarker(completion)) => {
                    if !completion.is_reached() {
                        self.blocked.insert(id);
                        break;
                    }
                }
                Some(Item::WaitValue(word, value)) => {
                    if word.load(Ordering::Acquire) < *value {
                        self.blocked.insert(id);
                        break;
                    }
                }
                Some(Item::WriteValue(word, value)) => {
                    word.store(*value, Ordering::Release);
                    markers = true;
                }
            }
            lane.items.pop_front();
        }
        if markers {
            self.reached = true;
            // A chain of streams that wait for each other is as deep as it is long, and short.
            self.advance_blocked();
        }
    }
}
