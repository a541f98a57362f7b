//! An idle runtime wakes nobody. Process-global, so alone in its file.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)] // test helpers

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use xsched::config::Config;
use xsched::device::Level;
use xsched::runtime::Runtime;
use xsched::sched::{Hint, PolicyKind};

/// Context switches of each thread of this process whose name starts with "xsched-".
fn switches() -> BTreeMap<String, u64> {
    let mut sum = BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let Ok(status) = std::fs::read_to_string(task.unwrap().path().join("status")) else {
            continue;
        };
        let field = |name: &str| {
            status
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap_or("")
                .trim()
                .to_owned()
        };
        let name = field("Name:");
        if name.starts_with("xsched-") {
            let count = |name: &str| field(name).parse::<u64>().unwrap();
            sum.insert(name, count("voluntary_ctxt_switches:"));
        }
    }
    sum
}

#[test]
fn nothing_runs_before_it_is_used_and_nothing_wakes_when_nobody_competes() {
    let config = Config {
        policy: Some(PolicyKind::HighestPriorityFirst),
        ..Config::default()
    };
    let runtime = Runtime::new(config, None);
    let high = runtime.create_host_queue(0);
    let low = runtime.create_host_queue(0);
    let queues = [&high, &low].map(|hw| runtime.create_queue(hw, Level::Block, false).unwrap());
    assert!(switches().is_empty(), "no thread before the first command");

    let launch = |at: usize| {
        let hw_queue = [&high, &low][at];
        queues[at]
            .launch(|| hw_queue.stream().launch(Box::new(|| 0)))
            .unwrap();
    };
    launch(0);
    high.synchronize().unwrap();
    assert_eq!(
        switches().keys().collect::<Vec<_>>(),
        ["xsched-unit-0"],
        "no monitor yet"
    );

    runtime.hint(&queues[0], Hint::Priority(1)).unwrap();
    assert_eq!(
        switches().keys().collect::<Vec<_>>(),
        ["xsched-monitor", "xsched-unit-0", "xsched-watchdog"],
        "whoever is the first to hold somebody does not wait for threads to start"
    );
    for _ in 0..10 {
        launch(1);
        launch(0);
        low.synchronize().unwrap();
        high.synchronize().unwrap();
    }
    // The watching threads look for a while before they park.
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut before = switches();
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let now = switches();
        if now == before {
            break;
        }
        assert!(Instant::now() < deadline, "no thread ever parks");
        before = now;
    }
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(switches(), before, "a thread woke although nobody competes");
}
