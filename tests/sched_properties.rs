//! Every policy on random histories, in virtual time: what must hold after every event.
//!
//! A history is a list of numbers, each of which says what happens next and how much later, so that a
//! failing one is shortened to the events that matter.

#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_truncation)] // test helpers

mod sched_common;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sched_common::{Books, conserves_work, for_each_policy, is_timeless};
use xsched::sched::{
    Attributes, Event, Hint, PRIORITY_MAX, PRIORITY_NO_EXECUTE, PolicyHints, PolicyKind, QueueId,
};

const QUEUES: u64 = 7;
const HISTORIES: u32 = 10_000;

/// Takes small numbers out of a large one.
struct Digits(u64);

impl Digits {
    fn take(&mut self, below: u64) -> u64 {
        let digit = self.0 % below;
        self.0 /= below;
        digit
    }

    fn choose<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.take(from.len() as u64)).unwrap()]
    }

    fn priority(&mut self) -> i32 {
        self.choose(&[-2, -1, 0, 0, 1, 2, PRIORITY_NO_EXECUTE, PRIORITY_MAX])
    }
}

/// What happens, and how many microseconds after the event before.
fn decode(number: u64) -> (u64, Event) {
    let mut digits = Digits(number);
    let later_us = digits.choose(&[0, 0, 1, 30, 400, 1_000, 3_000, 12_000]);
    let what = digits.take(32);
    let id = digits.take(QUEUES);
    let event = match what {
        0..=3 => Event::Created(
            id,
            Attributes {
                device: id % 2,
                process: u32::try_from(id / 2 % 3).unwrap(),
                nice: digits.choose(&[-5, 0, 0, 10]),
            },
        ),
        4 => Event::Destroyed(id),
        5..=11 => Event::Ready(id),
        12..=15 => Event::Idle(id),
        16 | 17 => Event::Hint(id, Hint::Priority(digits.priority())),
        18 => Event::Hint(
            id,
            Hint::Utilization(digits.choose(&[0, 1, 25, 50, 75, 100])),
        ),
        19 => Event::Hint(
            id,
            Hint::Deadline(digits.choose(&[-1, 0, 500, 5_000, 40_000])),
        ),
        20 => Event::Hint(
            id,
            Hint::Laxity {
                laxity_us: digits.choose(&[-1, 0, 700, 8_000]),
                lax: digits.priority(),
                critical: digits.priority(),
            },
        ),
        21 | 22 => Event::Waits(id, digits.take(QUEUES)),
        23 | 24 => Event::WaitOver(id, digits.take(QUEUES)),
        25..=28 => Event::UsedNs(id, digits.take(3_000_000)),
        29 => Event::Policy(PolicyHints {
            timeslice_us: digits.choose(&[100, 1_000, 5_000, 10_000_000]),
            concurrency: digits.choose(&[1, 1, 2, 4]),
        }),
        30 => Event::ActiveWindow(digits.choose(&[None, Some(0), Some(1), Some(9)])),
        _ => Event::Tick,
    };
    (later_us, event)
}

/// What the application said, as far as the checks need it.
#[derive(Default)]
struct Said {
    priority: [i32; QUEUES as usize],
    lax_or_critical: [(i64, i32, i32); QUEUES as usize],
}

impl Said {
    fn hear(&mut self, books: &Books, event: Event) {
        match event {
            Event::Destroyed(id) => {
                self.priority[id as usize] = 0;
                self.lax_or_critical[id as usize] = (-1, 0, 0);
            }
            Event::Hint(id, hint) if books.queues.contains_key(&id) => match hint {
                Hint::Priority(priority) => self.priority[id as usize] = priority,
                Hint::Laxity {
                    laxity_us,
                    lax,
                    critical,
                } => self.lax_or_critical[id as usize] = (laxity_us, lax, critical),
                _ => {}
            },
            _ => {}
        }
    }

    /// True if the policy has to let this queue run when nobody else is there.
    fn is_executable(&self, policy: PolicyKind, id: QueueId) -> bool {
        let (laxity_us, lax, critical) = self.lax_or_critical[id as usize];
        if policy == PolicyKind::Laxity && laxity_us >= 0 {
            return lax != PRIORITY_NO_EXECUTE && critical != PRIORITY_NO_EXECUTE;
        }
        self.priority[id as usize] != PRIORITY_NO_EXECUTE
    }
}

fn check(policy: PolicyKind, books: &Books, said: &Said) {
    let scheduler = &books.scheduler;
    let mut held = 0;
    for (&id, queue) in &books.queues {
        assert_eq!(scheduler.is_suspended(id), queue.suspended);
        assert_eq!(scheduler.is_ready(id), queue.ready);
        assert!(queue.ready || !queue.suspended, "idle and suspended: {id}");
        held += usize::from(queue.suspended);
    }
    assert_eq!(scheduler.holds_any(), held > 0);
    scheduler.each_preemptible(|id, may| {
        let suspended = books.queues[&id].suspended;
        assert!(may || !suspended, "nobody expected that {id} is suspended");
    });
    let tick_us = scheduler.next_tick_us();
    assert!(
        tick_us.is_none_or(|tick_us| tick_us > books.now_us),
        "a tick that is overdue"
    );
    if conserves_work(policy) {
        for device in 0..2 {
            let everywhere = policy == PolicyKind::HeterogeneousHighestPriorityFirst;
            let mut here = books.queues.iter().filter(|(_, queue)| {
                queue.ready && (everywhere || queue.attributes.device == device)
            });
            let may = here.clone().any(|(&id, _)| said.is_executable(policy, id));
            let runs = here.any(|(_, queue)| !queue.suspended);
            assert!(runs || !may, "device {device} stands idle");
        }
    }
    if policy == PolicyKind::HighestPriorityFirst {
        check_hpf(books);
    }
}

/// The ready queues of the highest effective priority run on each device, and no others.
fn check_hpf(books: &Books) {
    for device in 0..2 {
        let here = || {
            let ready = books
                .queues
                .iter()
                .filter(move |(_, queue)| queue.ready && queue.attributes.device == device);
            ready.map(|(&id, queue)| (id, queue, books.scheduler.priority(id).unwrap()))
        };
        let highest = here().map(|(_, _, (_, effective))| effective).max();
        for (id, queue, (hint, effective)) in here() {
            assert!(effective >= hint, "priority is lent, never taken");
            let runs = effective != PRIORITY_NO_EXECUTE && Some(effective) == highest;
            assert_eq!(runs, !queue.suspended, "queue {id} of {highest:?}");
        }
    }
}

/// When the others have no work any more, each queue in turn must be let go.
fn check_nobody_is_stranded(policy: PolicyKind, books: &mut Books) {
    let ids: Vec<QueueId> = books.queues.keys().copied().collect();
    for &id in &ids {
        for hint in [
            Hint::Priority(0),
            Hint::Utilization(20),
            Hint::Laxity {
                laxity_us: -1,
                lax: 0,
                critical: 0,
            },
        ] {
            books.handle(Event::Hint(id, hint));
        }
        books.handle(Event::Ready(id));
    }
    for (at, &id) in ids.iter().enumerate() {
        for &other in &ids[at + 1..] {
            books.handle(Event::Idle(other));
        }
        let mut ticks = 0;
        while !books.is_running(id) {
            assert!(books.tick(), "{policy:?}: queue {id} is stranded");
            ticks += 1;
            assert!(ticks < 10, "queue {id} waits for {ticks} ticks");
        }
        for &other in &ids[at + 1..] {
            books.handle(Event::Ready(other));
        }
        books.handle(Event::Idle(id));
    }
    for id in ids {
        books.handle(Event::Destroyed(id));
    }
    assert!(!books.scheduler.holds_any());
    assert_eq!(books.scheduler.next_tick_us(), None);
}

fn keeps_its_promises(policy: PolicyKind) {
    const LATER_US: u64 = 77_000_000;
    let mut runner = TestRunner::new(Config {
        cases: HISTORIES,
        failure_persistence: None,
        ..Config::default()
    });
    let histories = prop::collection::vec(any::<u64>(), 1..60);
    let outcome = runner.run(&histories, |history| {
        let mut books = Books::new(policy);
        // Another one with another clock.
        let mut again = Books::new(policy);
        again.now_us = LATER_US;
        let mut said = Said::default();
        said.lax_or_critical.fill((-1, 0, 0));
        for (later_us, event) in history.into_iter().map(decode) {
            books.now_us += later_us;
            again.now_us += if is_timeless(policy) { 3 } else { later_us };
            said.hear(&books, event);
            books.handle(event);
            again.handle(event);
            prop_assert_eq!(&books.operations, &again.operations);
            check(policy, &books, &said);
        }
        check_nobody_is_stranded(policy, &mut books);
        Ok(())
    });
    outcome.unwrap();
}

mod random_histories {
    use super::for_each_policy;
    for_each_policy!(super::keeps_its_promises);
}

/// Any policy may follow any other at any time: what it decides at once is what it would have decided
/// after the same events, nobody is left behind by the one before, and time goes on.
#[test]
fn policies_follow_each_other() {
    let mut runner = TestRunner::new(Config {
        cases: 3_000,
        failure_persistence: None,
        ..Config::default()
    });
    let histories = prop::collection::vec(any::<u64>(), 1..60);
    let outcome = runner.run(&histories, |history| {
        let mut policy = PolicyKind::HighestPriorityFirst;
        let mut books = Books::new(policy);
        let mut said = Said::default();
        said.lax_or_critical.fill((-1, 0, 0));
        for number in history {
            let (later_us, event) = decode(number);
            books.now_us += later_us;
            said.hear(&books, event);
            books.handle(event);
            if number % 5 == 0 {
                policy = PolicyKind::all().nth((number / 5 % 11) as usize).unwrap();
                books.operations.clear();
                let mut operations = Vec::new();
                books
                    .scheduler
                    .set_policy(books.now_us, policy, &mut operations);
                books.operations = operations;
                books.apply();
            }
            check(policy, &books, &said);
        }
        check_nobody_is_stranded(policy, &mut books);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn equal_priorities_all_run() {
    let mut books = Books::new(PolicyKind::HighestPriorityFirst);
    for id in 0..QUEUES {
        books.create(id, 0, 0);
        books.handle(Event::Ready(id));
        assert!(books.operations.is_empty(), "nobody is suspended");
    }
    books
        .scheduler
        .each_preemptible(|id, may| assert!(!may, "queue {id}"));
}
