//! The only reader of the environment, once, when the runtime is first used.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use crate::profile::PROFILE;

/// How streams wait for values in memory (`*_WAIT_VALUE`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WaitValue {
    /// Streams share few hardware queues, and whole queues wait: AMD's default.
    Shared,
    /// A stream that waits holds no other: it has a hardware queue of its own.
    Own,
    /// No wait ends.
    Never,
    /// No stream waits.
    Ignored,
    /// The calls return "not supported".
    Unsupported,
}

/// How a kernel body occupies its unit (`*_TIME`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Sleeps while far from the end, then spins.
    Both,
    Spin,
    Sleep,
}

/// One injected fault (`*_FAULT` and `*_TRAP`).
pub struct Fault {
    pub name: String,
    pub code: i32,
    pub after: u32,
}

pub struct Config {
    pub devices: usize,
    pub units: usize,
    pub wait_value: WaitValue,
    pub time: Time,
    pub faults: Vec<Fault>,
    pub traps: Vec<Fault>,
    /// Entries that a stream takes; `None`: any number.
    pub backlog: Option<usize>,
    /// End the process at the first violation (`*_VIOLATION=abort`).
    pub abort: bool,
}

pub fn get() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| Config {
        devices: number("DEVICES", 1, 0..=64),
        units: number("UNITS", 1, 1..=64),
        wait_value: choice(
            "WAIT_VALUE",
            PROFILE.wait_value,
            &[
                ("shared", WaitValue::Shared),
                ("own", WaitValue::Own),
                ("never", WaitValue::Never),
                ("ignored", WaitValue::Ignored),
                ("unsupported", WaitValue::Unsupported),
            ],
        ),
        time: choice(
            "TIME",
            Time::Both,
            &[
                ("both", Time::Both),
                ("spin", Time::Spin),
                ("sleep", Time::Sleep),
            ],
        ),
        faults: faults("FAULT"),
        traps: faults("TRAP"),
        backlog: PROFILE
            .backlog
            .map(|default| number("BACKLOG", default, 1..=1 << 20)),
        abort: choice("VIOLATION", false, &[("report", false), ("abort", true)]),
    })
}

/// The variable's whole name, and its value if it is set.
fn variable(name: &str) -> (String, Option<String>) {
    let name = format!("{}{name}", PROFILE.prefix);
    let value = std::env::var(&name).ok();
    (name, value)
}

/// NAME:CODE:AFTER, separated by commas.
fn faults(name: &str) -> Vec<Fault> {
    let (variable, text) = variable(name);
    let fault = |entry: &str| {
        let mut parts = entry.split(':');
        let name = parts.next()?.to_owned();
        Some(Fault {
            name,
            code: parts.next()?.parse().ok()?,
            after: parts.next()?.parse().ok()?,
        })
    };
    let text = text.unwrap_or_default();
    let entries = text.split(',').filter(|entry| !entry.is_empty());
    let read = entries.map(|entry| {
        let fault = fault(entry);
        if fault.is_none() {
            complain(&format!(
                "{variable}: {entry} is not NAME:CODE:AFTER; ignored"
            ));
        }
        fault
    });
    read.flatten().collect()
}

fn number(name: &str, default: usize, range: RangeInclusive<usize>) -> usize {
    let (variable, Some(text)) = variable(name) else {
        return default;
    };
    match text.parse() {
        Ok(value) if range.contains(&value) => value,
        _ => {
            let (least, most) = (range.start(), range.end());
            complain(&format!(
                "{variable}={text} is not a number from {least} to {most}; using {default}"
            ));
            default
        }
    }
}

/// The value of the variable of this name, which is one of the words.
pub fn choice<T: Copy + PartialEq>(name: &str, default: T, choices: &[(&str, T)]) -> T {
    let (variable, Some(text)) = variable(name) else {
        return default;
    };
    match choices.iter().find(|(word, _)| *word == text) {
        Some((_, value)) => *value,
        None => {
            let word = choices.iter().find(|(_, value)| *value == default);
            let word = word.map_or("the default", |(word, _)| word);
            complain(&format!("{variable}={text} is unknown; using {word}"));
            default
        }
    }
}

fn complain(text: &str) {
    eprintln!("{}: {text}", PROFILE.name);
}
