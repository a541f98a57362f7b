//! KEDF against an exact test of feasibility, on random sets of jobs.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

use std::fmt::Write;

use xsched_sim::{Outcome, Random, Scenario, Trace, replay};

/// One job of a queue, in microseconds.
#[derive(Clone, Copy)]
struct Job {
    queue: usize,
    release: u64,
    work: u64,
    deadline: u64,
}

/// Jobs of a few queues, each at least a period apart, to be done before the next.
struct Set {
    relative_deadlines: Vec<u64>,
    jobs: Vec<Job>,
}

const HORIZON: u64 = 200_000;

/// `grain`: work is a multiple of this.
fn random_set(seed: u64, grain: u64) -> Set {
    let mut random = Random::new(seed, 0);
    let queues = random.between(2, 6);
    let mut load = 0.9 + 0.4 * random.unit();
    let mut set = Set {
        relative_deadlines: Vec::new(),
        jobs: Vec::new(),
    };
    for queue in 0..usize::try_from(queues).unwrap() {
        let period = random.between(3_000, 40_000);
        let part = load * (0.3 + 0.4 * random.unit());
        load -= part;
        // Of the period; in range, as the parts are.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let work = ((period as f64 * part) as u64 / grain).max(1) * grain;
        let relative = random.between(period * 6 / 10, period).max(work);
        set.relative_deadlines.push(relative);
        let mut release = random.between(0, period);
        while release + relative < HORIZON {
            set.jobs.push(Job {
                queue,
                release,
                work,
                deadline: release + relative,
            });
            release += period + random.between(0, period / 8);
        }
    }
    set.jobs.sort_by_key(|job| (job.release, job.queue));
    set
}

/// True if some schedule meets every deadline, when every job takes `more` than its work: exactly if
/// no stretch of time has more to do than fits (Baruah, Rosier and Howell, 1990).
fn is_feasible(set: &Set, more: u64) -> bool {
    set.jobs.iter().all(|first| {
        let mut inside: Vec<&Job> = set
            .jobs
            .iter()
            .filter(|job| job.release >= first.release)
            .collect();
        inside.sort_by_key(|job| job.deadline);
        let mut demand = 0;
        inside.iter().all(|job| {
            demand += job.work + more;
            demand <= job.deadline - first.release
        })
    })
}

/// Replays the jobs as commands of `command` microseconds; returns how many deadlines were missed.
fn misses(set: &Set, policy: &str, device: &str, command: Option<u64>) -> usize {
    let text = format!(
        "policy = \"{policy}\"\nduration_ms = 200\ngrace_us = 0\n[[device]]\nname = \"device\"\n{device}\n"
    );
    let mut lines = String::new();
    for (queue, relative) in set.relative_deadlines.iter().enumerate() {
        let created = format!("\"created\":{{\"name\":\"q{queue}\"}}");
        // Deadline monotonic, the best there is for fixed priorities.
        let earlier = |other: &&u64| *other < relative;
        let priority = 10 - set.relative_deadlines.iter().filter(earlier).count();
        let hint = format!("\"hint\":{{\"deadline_us\":{relative},\"priority\":{priority}}}");
        writeln!(lines, "{{\"t_us\":0,\"queue\":{queue},{created},{hint}}}").unwrap();
    }
    for job in &set.jobs {
        let command = command.unwrap_or(job.work);
        let commands = vec![command; usize::try_from(job.work / command).unwrap()];
        let (t, queue) = (job.release, job.queue);
        writeln!(
            lines,
            "{{\"t_us\":{t},\"queue\":{queue},\"commands_us\":{commands:?}}}"
        )
        .unwrap();
    }
    let trace = Trace::from_json_lines(&lines, 1).unwrap();
    let outcome: Outcome = replay(&Scenario::from_toml(&text).unwrap(), &trace).unwrap();
    let queues = outcome.queues.iter().zip(&set.relative_deadlines);
    queues
        .map(|(queue, &relative)| {
            let late = |request: &&xsched_sim::Request| {
                request.done_ns.unwrap() - request.arrived_ns > relative * 1000
            };
            queue.requests.iter().filter(late).count()
        })
        .sum()
}

const INTERRUPT: &str = "gate = \"interrupt\"";

#[test]
fn without_latency_no_deadline_of_a_feasible_set_is_missed() {
    let (mut feasible, mut fixed) = (0, 0);
    const SETS: u64 = 400;
    for seed in 0..SETS {
        let set = random_set(seed, 1);
        let missed = misses(&set, "KEDF", INTERRUPT, None);
        // Both ways: where the test says that it cannot be done, something must be late.
        assert_eq!(
            missed == 0,
            is_feasible(&set, 0),
            "set {seed}: {missed} missed"
        );
        feasible += u32::from(missed == 0);
        fixed += u32::from(misses(&set, "HPF", INTERRUPT, None) == 0);
    }
    println!(
        "k = 1, no latency: {feasible} of {SETS} sets are feasible and met; by fixed priorities {fixed}"
    );
    assert!((100..300).contains(&feasible) && fixed < feasible);
}

#[test]
fn with_latency_none_is_missed_if_every_preemption_can_cost_it() {
    const SETS: u64 = 400;
    // Commands that cannot be stopped: of every other queue, one may be past its gate.
    const COMMAND: u64 = 100;
    let device = format!("budget_us = {COMMAND}");
    let (mut feasible, mut sure, mut met) = (0, 0, 0);
    for seed in 0..SETS {
        let set = random_set(seed, COMMAND);
        let latency = COMMAND * (set.relative_deadlines.len() as u64 - 1);
        let all_met = misses(&set, "KEDF", &device, Some(COMMAND)) == 0;
        met += u32::from(all_met);
        feasible += u32::from(is_feasible(&set, 0));
        if is_feasible(&set, latency) {
            sure += 1;
            assert!(all_met, "set {seed}");
        }
    }
    println!(
        "commands of {COMMAND} us: {sure} of {SETS} feasible with, {feasible} without latency; {met} met"
    );
    assert!(sure > 60 && met <= feasible);

    // Commands that can be stopped, at a price.
    const INTERRUPTION: u64 = 500;
    let device = format!("{INTERRUPT}\ninterrupt_us = {INTERRUPTION}");
    let (mut sure, mut met) = (0, 0);
    for seed in 0..SETS {
        let set = random_set(seed, 1);
        let all_met = misses(&set, "KEDF", &device, None) == 0;
        met += u32::from(all_met);
        if is_feasible(&set, INTERRUPTION) {
            sure += 1;
            assert!(all_met, "set {seed}");
        }
    }
    println!("interruptions of {INTERRUPTION} us: {sure} of {SETS} feasible with them; {met} met");
    assert!(sure > 60);
}
