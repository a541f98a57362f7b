//! MLFQ: an interactive queue beside batch queues that nobody marked as such.

#![allow(clippy::unwrap_used, clippy::panic)] // tests

mod common;

use common::{MS, latency_us, run, saturating, scenario, share};
use xsched_sim::Outcome;

const DURATION_MS: u64 = 10_000;
const DEVICE: &str = "suspend_us = 2\nresume_us = 10";

/// Requests of 20 x 200 us, ten per second.
const INTERACTIVE: &str = "[[queue]]\nname = \"interactive\"\ncommands = 20\ncommand_us = 200\n\
                           arrival = { kind = \"poisson\", per_s = 10 }\n";

fn beside_batch(policy: &str, queues: usize, command_us: &str) -> Outcome {
    let mut text = scenario(policy, DURATION_MS, DEVICE);
    text += INTERACTIVE;
    for queue in 0..queues {
        text += &saturating(&format!("batch {queue}"), command_us, "");
    }
    run(&text)
}

/// The longest time in which the queue did not run.
fn longest_pause_ms(outcome: &Outcome, queue: &str) -> f64 {
    let ran = &outcome.queues[outcome.find(queue).unwrap()].ran;
    let pauses = ran.windows(2).map(|runs| runs[1].0 - runs[0].1);
    pauses.max().unwrap() as f64 / 1e6
}

#[test]
fn an_interactive_queue_is_hardly_slower_and_no_batch_queue_starves() {
    println!(
        "batch command us: P99 alone, beside four without a policy, beside four; least share of a batch queue"
    );
    for command_us in ["100", "500", "{ uniform_us = [10, 2000] }"] {
        let alone = latency_us(&beside_batch("", 0, command_us), "interactive", 99);
        let native = latency_us(&beside_batch("", 4, command_us), "interactive", 99);
        let outcome = beside_batch("MLFQ", 4, command_us);
        let found = latency_us(&outcome, "interactive", 99);
        let shares =
            (0..4).map(|queue| share(&outcome, &format!("batch {queue}"), 0, DURATION_MS * MS));
        let least = shares.fold(1.0, f64::min);
        println!(
            "{command_us}: {alone:.0} {native:.0} {found:.0} ({:.2}x); {:.1} %",
            found / alone,
            100.0 * least
        );
        assert!(found <= 1.5 * alone);
        assert!(
            least > 0.20,
            "of a quarter, less what the interactive queue takes"
        );
        for queue in 0..4 {
            // Three turns of the others on the lowest level, and the interactive queue in between.
            let pause_ms = longest_pause_ms(&outcome, &format!("batch {queue}"));
            assert!(pause_ms < 250.0, "{pause_ms}");
        }
    }
}

/// Interactive queues that together leave nothing over: whoever waits for a second is let in.
#[test]
fn nobody_starves_beside_a_crowd() {
    let mut text = scenario("MLFQ", DURATION_MS, DEVICE);
    for queue in 0..8 {
        // Each uses an eighth of the device and sleeps long enough to stay on the highest level.
        text += &format!(
            "[[queue]]\nname = \"crowd {queue}\"\ncommands = 20\ncommand_us = 200\n\
             arrival = {{ kind = \"periodic\", every_us = 32000, jitter_us = 1000 }}\n"
        );
    }
    text += &saturating("batch", "500", "");
    let outcome = run(&text);
    let pause_ms = longest_pause_ms(&outcome, "batch");
    let batch = share(&outcome, "batch", 0, DURATION_MS * MS);
    println!(
        "batch had {:.2} %, longest pause {pause_ms:.0} ms",
        100.0 * batch
    );
    assert!(batch > 0.01 && pause_ms < 1100.0);
}

/// A queue that was batch and becomes interactive is back on the highest level soon.
#[test]
fn a_queue_recovers() {
    let mut text = scenario("MLFQ", 3000, DEVICE);
    text += "[[queue]]\nname = \"turns\"\ncommands = 3000\ncommand_us = 100\nstop_ms = 1\n\
             arrival = { kind = \"closed\", think_us = 0 }\n";
    text += &saturating("batch", "500", "");
    text += "[[queue]]\nname = \"other\"\ncommands = 10\ncommand_us = 100\nstart_ms = 1500\n\
             arrival = { kind = \"periodic\", every_us = 20000 }\n";
    let outcome = run(&text);
    // One long request of 300 ms takes twice that beside the batch queue.
    let long_ms = latency_us(&outcome, "turns", 100) / 1000.0;
    assert!((550.0..650.0).contains(&long_ms), "{long_ms}");
    assert!(latency_us(&outcome, "other", 100) < 1000.0 + 500.0 + 20.0);
}

/// Going idle just before the end of each turn does not keep a queue on the highest level, and does not
/// lose it what other batch queues get.
#[test]
fn pausing_gains_nothing_and_loses_little() {
    let mut text = scenario("MLFQ", 3000, DEVICE);
    text += "[[queue]]\nname = \"pauses\"\ncommands = 48\ncommand_us = 100\n\
             arrival = { kind = \"closed\", think_us = 100 }\n";
    text += &saturating("batch", "100", "");
    let outcome = run(&text);
    let pauses = share(&outcome, "pauses", 1000 * MS, 3000 * MS);
    println!(
        "a queue that pauses before its turn is over has {:.1} %",
        100.0 * pauses
    );
    assert!((0.45..0.55).contains(&pauses));
}
