//! The only reader of the environment, once, when the runtime is first used.

use std::sync::OnceLock;

/// How streams wait for values in memory (`HIPSIM_WAIT_VALUE`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitValue {
    /// The whole hardware queue waits, other streams in it too: AMD's default.
    Shared,
    /// A stream that waits gets a hardware queue of its own, as with AMD's newer runtimes.
    Own,
    /// No wait ends.
    Never,
    /// No stream waits.
    Ignored,
    /// The calls return `hipErrorNotSupported`.
    Unsupported,
}

/// How a kernel body occupies its unit (`HIPSIM_TIME`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    /// Sleeps while far from the end, then spins.
    Both,
    Spin,
    Sleep,
}

/// One injected fault (`HIPSIM_FAULT`), see `hipsim_fault`.
pub(crate) struct Fault {
    pub(crate) function: String,
    pub(crate) code: i32,
    pub(crate) after: u32,
}

pub(crate) struct Config {
    pub(crate) devices: usize,
    pub(crate) units: usize,
    pub(crate) wait_value: WaitValue,
    pub(crate) time: Time,
    pub(crate) faults: Vec<Fault>,
    /// End the process at the first violation (`HIPSIM_VIOLATION=abort`).
    pub(crate) abort: bool,
}

pub(crate) fn get() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| Config {
        devices: number("HIPSIM_DEVICES", 1, 0),
        units: number("HIPSIM_UNITS", 1, 1),
        wait_value: choice(
            "HIPSIM_WAIT_VALUE",
            &[
                ("shared", WaitValue::Shared),
                ("own", WaitValue::Own),
                ("never", WaitValue::Never),
                ("ignored", WaitValue::Ignored),
                ("unsupported", WaitValue::Unsupported),
            ],
        ),
        time: choice(
            "HIPSIM_TIME",
            &[
                ("both", Time::Both),
                ("spin", Time::Spin),
                ("sleep", Time::Sleep),
            ],
        ),
        faults: faults(&std::env::var("HIPSIM_FAULT").unwrap_or_default()),
        abort: choice("HIPSIM_VIOLATION", &[("report", false), ("abort", true)]),
    })
}

/// FUNCTION:CODE:AFTER, separated by commas.
fn faults(text: &str) -> Vec<Fault> {
    let fault = |entry: &str| {
        let mut parts = entry.split(':');
        let function = parts.next()?.to_owned();
        Some(Fault {
            function,
            code: parts.next()?.parse().ok()?,
            after: parts.next()?.parse().ok()?,
        })
    };
    let entries = text.split(',').filter(|entry| !entry.is_empty());
    let read = entries.map(|entry| {
        let fault = fault(entry);
        if fault.is_none() {
            eprintln!("hipsim: HIPSIM_FAULT: {entry} is not FUNCTION:CODE:AFTER; ignored");
        }
        fault
    });
    read.flatten().collect()
}

fn number(name: &str, default: usize, least: usize) -> usize {
    let Ok(text) = std::env::var(name) else {
        return default;
    };
    match text.parse() {
        Ok(value) if (least..=64).contains(&value) => value,
        _ => {
            eprintln!("hipsim: {name}={text} is not a number from {least} to 64; using {default}");
            default
        }
    }
}

/// The first choice is the default.
fn choice<T: Copy>(name: &str, choices: &[(&str, T)]) -> T {
    let default = choices[0];
    let Ok(text) = std::env::var(name) else {
        return default.1;
    };
    choices.iter().find(|(word, _)| *word == text).map_or_else(
        || {
            eprintln!("hipsim: {name}={text} is unknown; using {}", default.0);
            default.1
        },
        |(_, value)| *value,
    )
}
