//! CFS: how far any queue is from its share at any time, and what sleepers and newcomers get.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use common::{MS, run, saturating, scenario, share};
use xsched_sim::{Outcome, Random};

/// The weights of Linux's nice levels, for priorities from -20 to 20.
const WEIGHTS: [f64; 41] = [
    12.0, 15.0, 18.0, 23.0, 29.0, 36.0, 45.0, 56.0, 70.0, 87.0, 110.0, 137.0, 172.0, 215.0, 272.0,
    335.0, 423.0, 526.0, 655.0, 820.0, 1024.0, 1277.0, 1586.0, 1991.0, 2501.0, 3121.0, 3906.0,
    4904.0, 6100.0, 7620.0, 9548.0, 11916.0, 14949.0, 18705.0, 23254.0, 29154.0, 36291.0, 46273.0,
    56483.0, 71755.0, 88761.0,
];

fn weight(priority: i64) -> f64 {
    WEIGHTS[usize::try_from(priority.clamp(-20, 20) + 20).unwrap()]
}

/// The most that the queue was behind or ahead of its share of the time that all had, in milliseconds.
fn lag_ms(outcome: &Outcome, queue: usize, share: f64, until_ns: u64) -> f64 {
    let mut used_ns = 0;
    let mut worst: f64 = 0.0;
    for &(start_ns, end_ns) in &outcome.queues[queue].ran {
        if end_ns > until_ns {
            break;
        }
        // Extreme where it begins and where it ends.
        worst = worst.max((share * start_ns as f64 - used_ns as f64).abs());
        used_ns += end_ns - start_ns;
        worst = worst.max((share * end_ns as f64 - used_ns as f64).abs());
    }
    worst / 1e6
}

#[test]
fn lag_is_bounded_by_a_slice_and_a_command_for_any_weights() {
    const SETS: u64 = 60;
    const MOST_COMMAND_MS: f64 = 2.0;
    let mut worst: f64 = 0.0;
    for set in 0..SETS {
        let mut random = Random::new(set, 0);
        let queues = random.between(2, 8);
        let slice_ms = [1.0, 5.0, 12.0][usize::try_from(random.between(0, 2)).unwrap()];
        let mut text = format!("timeslice_us = {}\n", slice_ms * 1000.0);
        text += &scenario("CFS", 1500, "");
        text = text.replace("tick_late_us = 60", "tick_late_us = 0");
        let mut priorities = Vec::new();
        for queue in 0..queues {
            let priority = i64::try_from(random.between(0, 40)).unwrap() - 20;
            let longest_us = random.between(50, 2000);
            let command_us = format!("{{ uniform_us = [40, {longest_us}] }}");
            let more = format!("hint = {{ priority = {priority} }}");
            text += &saturating(&format!("q{queue}"), &command_us, &more);
            priorities.push(priority);
        }
        let outcome = run(&text);
        let all: f64 = priorities.iter().map(|&priority| weight(priority)).sum();
        // A choice is made in whole microseconds; a gate stands after 100 us of short commands.
        let bound_ms = slice_ms + MOST_COMMAND_MS + 0.1;
        for (queue, &priority) in priorities.iter().enumerate() {
            let lag_ms = lag_ms(&outcome, queue, weight(priority) / all, 1500 * MS);
            worst = worst.max(lag_ms / bound_ms);
            assert!(
                lag_ms <= bound_ms,
                "set {set}, {priorities:?}: {lag_ms} of {bound_ms}"
            );
        }
    }
    println!(
        "worst lag in {SETS} sets: {:.1} % of a slice plus a command",
        100.0 * worst
    );
}

#[test]
fn shares_follow_the_weights() {
    let mut text = scenario("CFS", 5000, "");
    for priority in [0, 5, 10] {
        let more = format!("hint = {{ priority = {priority} }}");
        text += &saturating(&format!("p{priority}"), "100", &more);
    }
    let outcome = run(&text);
    let all = weight(0) + weight(5) + weight(10);
    for priority in [0, 5, 10] {
        let expected = weight(priority) / all;
        let found = share(&outcome, &format!("p{priority}"), 0, 5000 * MS);
        println!(
            "priority {priority}: {:.2} % of {:.2} %",
            100.0 * found,
            100.0 * expected
        );
        assert!((found - expected).abs() < 0.005);
    }
}

/// A queue that comes after a second, or comes back after one, among three that were there.
fn gain_ms(first: &str) -> f64 {
    let mut text = scenario("CFS", 2000, "");
    for queue in 0..3 {
        text += &saturating(&format!("q{queue}"), "100", "");
    }
    text += &saturating("late", "100", &format!("start_ms = 1000\n{first}"));
    let outcome = run(&text);
    let late = &outcome.queues[3];
    // What it has had beyond its quarter, at any time after it came.
    let gains = late.ran.iter().map(|&(_, end_ns)| {
        let since_ns = end_ns - 1000 * MS;
        late.used_ns(1000 * MS, end_ns) as f64 - since_ns as f64 / 4.0
    });
    gains.fold(0.0, f64::max) / 1e6
}

#[test]
fn newcomers_and_sleepers_gain_no_more_than_half_a_slice() {
    // One slice of 5 ms and a gate's budget, which any queue may be ahead, and half a slice.
    let bound_ms = 5.0 + 0.1 + 2.5;
    let newcomer_ms = gain_ms("");
    println!("a newcomer was {newcomer_ms:.2} ms ahead at most, of {bound_ms:.2}");
    assert!(newcomer_ms <= bound_ms);

    // One that works for 20 ms and then sleeps for 300.
    let mut text = scenario("CFS", 3000, "");
    for queue in 0..3 {
        text += &saturating(&format!("q{queue}"), "100", "");
    }
    text += "[[queue]]\nname = \"sleeper\"\ncommands = 200\ncommand_us = 100\n\
             arrival = { kind = \"closed\", think_us = 300000 }\n";
    let outcome = run(&text);
    let sleeper = &outcome.queues[3];
    assert!(sleeper.requests.len() > 5);
    let mut worst: f64 = 0.0;
    for request in &sleeper.requests {
        let from_ns = request.arrived_ns;
        for &(_, end_ns) in sleeper.ran.iter().filter(|run| run.0 >= from_ns) {
            if request.done_ns.is_some_and(|done_ns| end_ns <= done_ns) {
                let used_ns = sleeper.used_ns(from_ns, end_ns) as f64;
                worst = worst.max(used_ns - (end_ns - from_ns) as f64 / 4.0);
            }
        }
    }
    println!(
        "a sleeper was {:.2} ms ahead at most, of {bound_ms:.2}",
        worst / 1e6
    );
    assert!(worst / 1e6 <= bound_ms);
}
