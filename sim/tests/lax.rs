//! LAX in the video conference: it meets deadlines that no fixed priorities meet.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

use xsched_sim::{Scenario, simulate};

const CONFERENCE: &str = include_str!("../scenarios/video_conference.toml");

/// Missed deadlines of video and analysis.
fn misses(policy: &str, priorities: [i32; 2]) -> [usize; 2] {
    let mut scenario = Scenario::from_toml(CONFERENCE).unwrap();
    scenario.policy = Some(policy.to_owned());
    for (queue, priority) in scenario.queue.iter_mut().zip(priorities) {
        queue.hint.priority = Some(priority);
    }
    let outcome = simulate(&scenario).unwrap();
    let counts = outcome.queues.iter().map(|queue| queue.requests.len());
    assert_eq!(counts.collect::<Vec<_>>(), [600, 200]);
    let found = [0, 1].map(|queue| outcome.queues[queue].misses());
    println!(
        "{policy} {priorities:?}: video missed {} of 600, analysis {} of 200",
        found[0], found[1]
    );
    found
}

#[test]
fn fixed_priorities_miss_deadlines_that_laxity_meets() {
    let [_, analysis] = misses("HPF", [2, 1]);
    assert!(analysis > 10, "video first");
    let [video, _] = misses("HPF", [1, 2]);
    assert!(video > 100, "analysis first");
    let [video, analysis] = misses("HPF", [1, 1]);
    assert!(video + analysis > 20, "both alike");
    assert_eq!(misses("LAX", [1, 1]), [0, 0]);
}
