//! Simulates libxsched's policies in virtual time.
//!
//! | module | what |
//! |---|---|
//! | `scenario` | what is simulated, from a TOML file |
//! | `trace` | recordings of real runs, from JSON lines |
//! | `engine`, `stream`, `feed` | the simulation: devices, queues, applications |
//! | `outcome`, `report`, `timeline` | what came out: numbers, table, picture |
//! | `random`, `time` | leaves |
//!
//! Nothing here reads a clock, and randomness comes from the scenario's seed, so the same scenario always
//! has the same outcome.

#![forbid(unsafe_code)]

mod engine;
mod feed;
mod outcome;
mod random;
mod report;
mod scenario;
mod stream;
mod time;
mod timeline;
mod trace;

pub use self::outcome::{Outcome, QueueOutcome, Request, percentile};
pub use self::random::Random;
pub use self::report::table;
pub use self::scenario::{
    Advice, Arrival, Change, Device, Duration, Gate, Laxity, Scenario, Window, Workload,
};
pub use self::timeline::svg;
pub use self::trace::{Created, Recorded, Trace};

/// Simulates a scenario until every request has come to its end, or nothing can happen any more.
pub fn simulate(scenario: &Scenario) -> Result<Outcome, String> {
    let outcome = Outcome::new(scenario);
    Ok(engine::Engine::new(scenario, None, outcome)?.run())
}

/// Replays a recording on the devices and under the policy of a scenario without queues of its own.
pub fn replay(scenario: &Scenario, trace: &Trace) -> Result<Outcome, String> {
    if !scenario.queue.is_empty() {
        return Err("the queues of a replay come from the recording".into());
    }
    let outcome = Outcome::new(scenario);
    Ok(engine::Engine::new(scenario, Some(trace), outcome)?.run())
}
