//! Earliest deadline first on devices where suspending, stopping and resuming take time.
//!
//! A deadline comes before the next request of its queue: a queue that is still busy when that comes
//! does not become ready again, so the policy cannot tell the two apart.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use common::{run, scenario};
use xsched_sim::Random;

/// All periods divide it.
const HYPERPERIOD_US: u64 = 120_000;
const PERIODS_US: [u64; 8] = [5000, 8000, 10_000, 12_000, 15_000, 24_000, 30_000, 40_000];

#[derive(Clone, Copy, Debug)]
struct Task {
    command_us: u64,
    commands: u64,
    deadline_us: u64,
    period_us: u64,
}

/// What preemption takes.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Of every request: until the next queue can go on, and what stopping another took.
    request_us: u64,
    /// Once: until a suspension acts.
    suspend_us: u64,
    /// Once for each queue with later deadlines: stopping it.
    stop_us: u64,
    /// One command of each queue with later deadlines is past its gate.
    in_flight: bool,
}

/// The processor demand criterion (Baruah, Rosier and Howell, 1990), exact if preemption costs nothing.
fn is_feasible(tasks: &[Task], cost: Cost) -> bool {
    let lengths_us = tasks.iter().flat_map(|task| {
        let count = HYPERPERIOD_US / task.period_us;
        (0..count).map(|nth| task.deadline_us + nth * task.period_us)
    });
    lengths_us.into_iter().all(|length_us| {
        let mut demand_us = 0;
        let mut once_us = 0;
        for task in tasks {
            let due = (length_us + task.period_us - task.deadline_us) / task.period_us;
            demand_us += due * (task.commands * task.command_us + cost.request_us);
            if task.deadline_us > length_us {
                once_us = cost.suspend_us;
                demand_us += cost.stop_us;
                demand_us += if cost.in_flight { task.command_us } else { 0 };
            }
        }
        demand_us + once_us <= length_us
    })
}

fn misses(device: &str, tasks: &[Task], starts_us: &[u64]) -> usize {
    let mut text = scenario("KEDF", 3 * HYPERPERIOD_US / 1000, device);
    for (nth, (task, start_us)) in tasks.iter().zip(starts_us).enumerate() {
        let (commands, command_us) = (task.commands, task.command_us);
        let (deadline_us, period_us) = (task.deadline_us, task.period_us);
        let start_ms = *start_us as f64 / 1000.0;
        text += &format!(
            "[[queue]]\nname = \"q{nth}\"\ncommands = {commands}\ncommand_us = {command_us}\n\
             hint = {{ deadline_us = {deadline_us} }}\nstart_ms = {start_ms:?}\n\
             arrival = {{ kind = \"periodic\", every_us = {period_us} }}\n"
        );
    }
    run(&text).queues.iter().map(|queue| queue.misses()).sum()
}

/// Adds commands as long as the set is feasible.
fn fill(tasks: &mut [Task], cost: Cost) {
    let mut grew = true;
    while std::mem::take(&mut grew) {
        for nth in 0..tasks.len() {
            tasks[nth].commands += 1;
            let fits = is_feasible(tasks, cost);
            tasks[nth].commands -= u64::from(!fits);
            grew |= fits;
        }
    }
}

/// Sets that just fit at that cost, and the same as if preemption cost nothing.
fn meet_deadlines_at(cost: Cost, device: &str) {
    let mut random = Random::new(3, 0);
    let (mut load, mut sets, mut missing) = (0.0, 0, 0);
    while sets < 200 {
        let draw = |_| {
            let nth = usize::try_from(random.between(0, 7)).unwrap();
            let period_us = PERIODS_US[nth];
            Task {
                command_us: random.between(100, 400),
                commands: 1,
                deadline_us: random.between(period_us / 2, period_us - 100),
                period_us,
            }
        };
        let mut tasks: Vec<Task> = (0..2 + sets % 5).map(draw).collect();
        if !is_feasible(&tasks, cost) {
            continue;
        }
        fill(&mut tasks, cost);
        sets += 1;
        let starts_us = tasks.iter().map(|task| random.between(0, task.period_us));
        let starts_us: Vec<u64> = starts_us.collect();
        for starts_us in [&vec![0; tasks.len()], &starts_us] {
            let missed = misses(device, &tasks, starts_us);
            assert_eq!(missed, 0, "{tasks:?} {starts_us:?}");
        }
        let part = |task: &Task| (task.commands * task.command_us) as f64 / task.period_us as f64;
        load += tasks.iter().map(part).sum::<f64>();
        fill(&mut tasks, Cost::default());
        missing += usize::from(misses(device, &tasks, &starts_us) > 0);
    }
    let load = load / f64::from(sets);
    println!("{device:?}: {sets} sets, load {load:.3}; {missing} miss if filled as without cost");
    assert!(load > 0.5 && missing > 0);
}

/// Commands cannot be stopped. One that has passed its gate is not held any more, even if it waits for
/// the device behind another queue's, so each queue can have one in the way.
#[test]
fn deadlines_are_met_if_commands_in_flight_and_delays_fit() {
    let cost = Cost {
        request_us: 20,
        suspend_us: 50,
        stop_us: 0,
        in_flight: true,
    };
    let device = "gate = \"device\"\nbudget_us = 0\nsuspend_us = 50\nresume_us = 20";
    meet_deadlines_at(cost, device);
}

/// Commands can be stopped, at a cost.
#[test]
fn deadlines_are_met_if_interrupts_and_delays_fit() {
    let cost = Cost {
        request_us: 100 + 20,
        suspend_us: 50,
        stop_us: 100,
        in_flight: false,
    };
    let device = "gate = \"interrupt\"\ninterrupt_us = 100\nsuspend_us = 50\nresume_us = 20";
    meet_deadlines_at(cost, device);
}
