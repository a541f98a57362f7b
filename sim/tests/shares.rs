//! UP, PUP and SPUP: how well shares are kept, what that costs, and what becomes of a share that is not
//! used.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use common::{MS, run, saturating, scenario, share};
use xsched_sim::Outcome;

const DURATION_MS: u64 = 2000;
const WINDOW: u64 = 100 * MS;
const SECOND: u64 = 1000 * MS;

/// The largest errors of all queues, in points: over any tenth of a second, and over any second.
fn errors(outcome: &Outcome, shares: &[u32]) -> (f64, f64) {
    let all = (0, DURATION_MS * MS);
    let worst = |window_ns| {
        let error = |(queue, &share): (usize, &u32)| {
            outcome.share_error(&[queue], f64::from(share) / 100.0, window_ns, all)
        };
        shares.iter().enumerate().map(error).fold(0.0, f64::max) * 100.0
    };
    (worst(WINDOW), worst(SECOND))
}

fn keeps_shares(policy: &str, device: &str, commands_us: &[&str], shares: &[u32]) {
    let delays = format!("suspend_us = 2\nresume_us = 10\n{device}");
    let mut text = scenario(policy, DURATION_MS, &delays);
    for (queue, share) in shares.iter().enumerate() {
        let more = format!("process = {queue}\nhint = {{ utilization = {share} }}");
        let command_us = commands_us[queue % commands_us.len()];
        text += &saturating(&format!("q{queue}"), command_us, &more);
    }
    let outcome = run(&text);
    let (window, second) = errors(&outcome, shares);
    let loss = 100.0 * (1.0 - outcome.utilisation(0, 0, DURATION_MS * MS));
    let turns: usize = outcome.queues.iter().map(|queue| queue.suspensions).sum();
    let turns = turns as u64 * 1000 / DURATION_MS;
    println!("{policy} {shares:?} {commands_us:?}: {window:.2} {second:.2} {loss:.2} {turns}");
    assert!(window <= 5.0, "{window} points in a tenth of a second");
    assert!(second <= 2.0, "{second} points in a second");
    assert!(loss <= 1.5, "{loss} % lost");
}

const SHARES: [&[u32]; 3] = [&[75, 25], &[50, 30, 20], &[90, 10]];
const ALL: &str = "{ uniform_us = [10, 2000] }";

fn keeps_all_shares(policy: &str) {
    println!("policy, shares, command us: points in 100 ms, in 1 s, % lost, suspensions per s");
    for shares in SHARES {
        for commands_us in [
            &["10"][..],
            &["200"],
            &["2000"],
            &[ALL],
            &["2000", "10", "300"],
        ] {
            keeps_shares(policy, "gate = \"device\"", commands_us, shares);
        }
        for commands_us in [&["2000"], &[ALL]] {
            keeps_shares(
                policy,
                "gate = \"host\"\nthreshold = 2",
                commands_us,
                shares,
            );
        }
        let interrupt = "gate = \"interrupt\"\ninterrupt_us = 10";
        keeps_shares(policy, interrupt, &[ALL], shares);
    }
}

#[test]
fn up_keeps_shares() {
    keeps_all_shares("UP");
}

#[test]
fn pup_keeps_shares() {
    keeps_all_shares("PUP");
}

#[test]
fn spup_keeps_shares() {
    keeps_all_shares("SPUP");
}

/// Applications that wait for each request have work most of the time only. They keep what they are
/// entitled to while they think.
#[test]
fn shares_hold_between_applications_that_wait_for_their_requests() {
    for policy in ["UP", "PUP", "SPUP"] {
        for (commands, us) in [(10, 200), (100, 50), (40, 500)] {
            for second in ["saturating\"", "closed\", think_us = 50"] {
                let mut text = scenario(policy, DURATION_MS, "suspend_us = 2\nresume_us = 10");
                for (queue, (share, kind)) in [(75, "closed\", think_us = 50"), (25, second)]
                    .into_iter()
                    .enumerate()
                {
                    text += &format!(
                        "[[queue]]\nname = \"q{queue}\"\nprocess = {queue}\ncommands = {commands}\n\
                         command_us = {us}\nhint = {{ utilization = {share} }}\n\
                         arrival = {{ kind = \"{kind} }}\n"
                    );
                }
                let outcome = run(&text);
                let shares =
                    ["q0", "q1"].map(|queue| 100.0 * share(&outcome, queue, 0, DURATION_MS * MS));
                println!("{policy} {commands} x {us} us, {second}: {shares:.2?}");
                assert!((shares[0] - 75.0).abs() < 2.0 && (shares[1] - 25.0).abs() < 2.0);
            }
        }
    }
}

/// Three queues of two processes: one has two of them.
fn two_processes(policy: &str, shares: [u32; 3]) -> [f64; 3] {
    let mut text = scenario(policy, DURATION_MS, "");
    for (queue, share) in shares.iter().enumerate() {
        let process = queue / 2;
        let more = format!("process = {process}\nhint = {{ utilization = {share} }}");
        text += &saturating(&format!("q{queue}"), "100", &more);
    }
    let outcome = run(&text);
    ["q0", "q1", "q2"].map(|queue| 100.0 * share(&outcome, queue, 0, DURATION_MS * MS))
}

fn assert_near(found: [f64; 3], expected: [f64; 3]) {
    let near = found
        .iter()
        .zip(&expected)
        .all(|(f, e)| (f - e).abs() < 1.0);
    assert!(near, "{found:.2?} are not {expected:?}");
}

#[test]
fn a_share_is_a_queues_or_a_processes() {
    assert_near(two_processes("UP", [40, 40, 20]), [40.0, 40.0, 20.0]);
    // The smaller hint of the two queues of a process counts, and they share it.
    assert_near(two_processes("PUP", [100, 80, 20]), [40.0, 40.0, 20.0]);
    assert_near(two_processes("SPUP", [100, 80, 20]), [40.0, 40.0, 20.0]);
}

#[test]
fn shares_are_relative_unless_they_are_strict() {
    assert_near(two_processes("UP", [10, 10, 20]), [25.0, 25.0, 50.0]);
    assert_near(two_processes("PUP", [100, 10, 10]), [25.0, 25.0, 50.0]);
    assert_near(two_processes("SPUP", [100, 10, 10]), [5.0, 5.0, 10.0]);
    // More than there is.
    assert_near(two_processes("SPUP", [100, 100, 100]), [25.0, 25.0, 50.0]);
}

#[test]
fn a_share_of_nothing_is_what_nobody_wants() {
    assert_near(two_processes("UP", [0, 50, 50]), [0.0, 50.0, 50.0]);
    assert_near(two_processes("UP", [0, 0, 0]), [100.0 / 3.0; 3]);
    assert_near(two_processes("SPUP", [0, 100, 60]), [0.0, 0.0, 60.0]);
}

/// A queue that has nothing to do half of the time: its share is lent, or is not.
fn beside_a_pausing_queue(policy: &str) -> [f64; 2] {
    let mut text = scenario(policy, 1000, "resume_us = 10\noutstanding = 16");
    let hint = |process, share| format!("process = {process}\nhint = {{ utilization = {share} }}");
    text += &saturating("pauses", "100", &format!("stop_ms = 500\n{}", hint(1, 80)));
    text += &saturating("stays", "100", &hint(2, 20));
    let outcome = run(&text);
    [(0, 500), (500, 1000)].map(|(from, to)| 100.0 * share(&outcome, "stays", from * MS, to * MS))
}

#[test]
fn an_unused_share_is_lent_unless_it_is_strict() {
    for policy in ["UP", "PUP"] {
        let [before, after] = beside_a_pausing_queue(policy);
        assert!((before - 20.0).abs() < 2.0, "{policy}: {before}");
        assert!(after > 90.0, "{policy}: {after}");
    }
    let [before, after] = beside_a_pausing_queue("SPUP");
    assert!(
        (before - 20.0).abs() < 2.0 && (after - 20.0).abs() < 2.0,
        "{before} {after}"
    );
}
