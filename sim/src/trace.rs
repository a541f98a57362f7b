//! Recordings of real runs, to be replayed under any policy and on any device.
//!
//! One JSON object per line, in the order of `t_us`. The first line of a queue has `created`; queues are
//! numbered from 0 in the order of those lines.
//!
//! ```json
//! {"t_us":0,"queue":0,"created":{"name":"video","device":0,"process":7,"nice":0},"hint":{"priority":2}}
//! {"t_us":120.5,"queue":0,"commands_us":[85.2,40,310]}
//! {"t_us":121,"queue":1,"waits":0}
//! ```
//!
//! `commands_us` are device times of commands that were launched at that time, one request. `waits` makes the
//! queue wait for all that the other one has submitted so far. `hint` is as in a scenario.

use serde::Deserialize;

use crate::scenario::Advice;
use crate::time::ns_from_us;

/// One line.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Microseconds from the start.
    pub t_us: f64,
    /// Whom it concerns.
    pub queue: usize,
    /// The queue is new.
    #[serde(default)]
    pub created: Option<Created>,
    /// Advice changes.
    #[serde(default)]
    pub hint: Advice,
    /// Commands are submitted.
    #[serde(default)]
    pub commands_us: Vec<f64>,
    /// It waits for that queue.
    #[serde(default)]
    pub waits: Option<usize>,
}

/// A new queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// For the report.
    pub name: String,
    /// The position of its device in the scenario.
    #[serde(default)]
    pub device: usize,
    /// Its process.
    #[serde(default)]
    pub process: u32,
    /// That process's nice value.
    #[serde(default)]
    pub nice: i32,
}

/// A recording.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub(crate) lines: Vec<Recorded>,
}

impl Recorded {
    pub(crate) fn at_ns(&self) -> u64 {
        ns_from_us(self.t_us)
    }
}

impl Trace {
    /// Reads a recording for a scenario with this many devices. A line that makes no sense is named.
    pub fn from_json_lines(text: &str, devices: usize) -> Result<Trace, String> {
        let mut lines: Vec<Recorded> = Vec::new();
        let mut queues = 0;
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let recorded: Recorded =
                serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
            let wrong = if let Some(created) = &recorded.created {
                queues += 1;
                (recorded.queue != queues - 1 || created.device >= devices)
                    .then_some("queues come in order, on devices of the scenario")
            } else {
                (recorded.queue >= queues).then_some("the queue was not created")
            };
            let wrong = wrong
                .or_else(|| {
                    let unknown = recorded.waits.is_some_and(|target| target >= queues);
                    unknown.then_some("it waits for a queue that was not created")
                })
                .or_else(|| {
                    let back = lines.last().is_some_and(|last| last.t_us > recorded.t_us);
                    back.then_some("time goes back")
                });
            if let Some(wrong) = wrong {
                return Err(format!("line {number}: {wrong}"));
            }
            lines.push(recorded);
        }
        Ok(Trace { lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_description_is_read_and_mistakes_are_named() {
        let first =
            r#"{"t_us":0,"queue":0,"created":{"name":"a","process":7},"hint":{"priority":2}}"#;
        let good = format!(
            "{first}\n\n{}\n",
            r#"{"t_us":1.5,"queue":0,"commands_us":[85.2,40]}"#
        );
        let trace = Trace::from_json_lines(&good, 1).unwrap();
        assert_eq!(trace.lines.len(), 2);
        assert_eq!(trace.lines[1].at_ns(), 1500);
        for (bad, why) in [
            (
                r#"{"t_us":0,"queue":1}"#,
                "line 2: the queue was not created",
            ),
            (
                r#"{"t_us":0,"queue":0,"waits":3}"#,
                "line 2: it waits for a queue",
            ),
            (r#"{"t_us":-1,"queue":0}"#, "line 2: time goes back"),
            (r#"{"t_us":0,"queue":0,"color":1}"#, "line 2: unknown field"),
        ] {
            let error = Trace::from_json_lines(&format!("{first}\n{bad}"), 1).unwrap_err();
            assert!(error.starts_with(why), "{error}");
        }
    }
}
