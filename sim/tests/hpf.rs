//! Highest priority first: how long the highest priority waits, and what equal priorities get.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use common::{MS, latency_us, run, saturating, scenario, share};

const SUSPEND_US: f64 = 2.0;
const RESUME_US: f64 = 10.0;
/// Ten commands of 50 us.
const WORK_US: f64 = 500.0;

/// The longest that a request of the high queue waited beyond its own work.
fn longest_wait_us(device: &str, low_queues: usize, command_us: &str) -> f64 {
    let delays = format!("suspend_us = {SUSPEND_US}\nresume_us = {RESUME_US}\n{device}");
    let mut text = scenario("HPF", 1000, &delays);
    text += "[[queue]]\nname = \"high\"\nhint = { priority = 10 }\ncommands = 10\ncommand_us = 50\n\
             arrival = { kind = \"periodic\", every_us = 3000, jitter_us = 2500 }\n";
    for low in 0..low_queues {
        text += &saturating(&format!("low {low}"), command_us, "");
    }
    let outcome = run(&text);
    assert!(outcome.queues[0].requests.len() > 300);
    for queue in &outcome.queues[1..] {
        assert!(
            queue.used_ns(0, 1000 * MS) > 100 * MS,
            "low queues use the rest"
        );
    }
    latency_us(&outcome, "high", 100) - WORK_US
}

/// What the mechanism promises: the commands that are past their gates.
#[test]
fn the_highest_priority_waits_no_longer_than_preemption_takes() {
    println!("device gate (budget 100 us), low queues, command us: longest wait, bound");
    for (command_us, longest) in [
        ("10", 10.0),
        ("100", 100.0),
        ("500", 500.0),
        ("2000", 2000.0),
        ("{ uniform_us = [10, 2000] }", 2000.0),
    ] {
        for low_queues in [1, 4] {
            let bound_us = low_queues as f64 * f64::max(longest, 100.0) + SUSPEND_US;
            let wait_us = longest_wait_us("gate = \"device\"", low_queues, command_us);
            println!("{low_queues} {command_us}: {wait_us:.1} {bound_us:.1}");
            assert!(wait_us <= bound_us, "{low_queues} {command_us}");
        }
    }
    println!("host gate, threshold, command us: longest wait, bound");
    for (threshold, us) in [(1, 500), (2, 500), (8, 100)] {
        let device = format!("gate = \"host\"\nthreshold = {threshold}");
        // Commands that are in the stream already run.
        let bound_us = f64::from(threshold * us) + SUSPEND_US;
        let wait_us = longest_wait_us(&device, 1, &us.to_string());
        println!("{threshold} {us}: {wait_us:.1} {bound_us:.1}");
        assert!(wait_us <= bound_us);
    }
    println!("interrupt (30 us), command us: longest wait, bound");
    for us in [500, 2000] {
        let bound_us = 30.0 + SUSPEND_US;
        let wait_us = longest_wait_us(
            "gate = \"interrupt\"\ninterrupt_us = 30",
            1,
            &us.to_string(),
        );
        println!("{us}: {wait_us:.1} {bound_us:.1}");
        assert!(wait_us <= bound_us);
    }
}

#[test]
fn without_a_policy_it_waits_longer() {
    let mut text = scenario("", 1000, "");
    text += "[[queue]]\nname = \"high\"\nhint = { priority = 10 }\ncommands = 10\ncommand_us = 50\n\
             arrival = { kind = \"periodic\", every_us = 10000, jitter_us = 2500 }\n";
    text += &saturating("low", "500", "");
    let outcome = run(&text);
    // A command of the other queue between any two of its own.
    assert!(latency_us(&outcome, "high", 50) > 9.0 * 500.0);
}

#[test]
fn equal_priorities_share_first_come_first_served() {
    let mut text = scenario("HPF", 1000, "");
    let commands_us = [100_u64, 100, 300, 1000];
    for (queue, us) in commands_us.iter().enumerate() {
        text += &saturating(&format!("q{queue}"), &us.to_string(), "");
    }
    let outcome = run(&text);
    let round_us: u64 = commands_us.iter().sum();
    for (queue, &us) in outcome.queues.iter().zip(&commands_us) {
        assert_eq!(queue.suspensions, 0);
        // One command in each round, and never a longer pause than the commands of the others.
        let expected = us as f64 / round_us as f64;
        assert!((share(&outcome, &queue.name, 0, 1000 * MS) - expected).abs() < 0.005);
        let pauses = queue.ran.windows(2).map(|runs| runs[1].0 - runs[0].1);
        assert_eq!(pauses.max().unwrap(), (round_us - us) * 1000);
    }
}
