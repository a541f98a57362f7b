//! What a command did that it must not do: counted, kept and printed, each different one once.

use std::collections::BTreeSet;
use std::sync::Mutex;

use crate::config;
use crate::sync::lock;

#[derive(Default)]
struct Violations {
    seen: BTreeSet<String>,
    last: String,
}

static VIOLATIONS: Mutex<Violations> = Mutex::new(Violations {
    seen: BTreeSet::new(),
    last: String::new(),
});

pub(crate) fn report(text: String) {
    let mut violations = lock(&VIOLATIONS);
    if violations.seen.insert(text.clone()) {
        eprintln!("hipsim: violation: {text}");
        violations.last = text;
        if config::get().abort {
            std::process::abort();
        }
    }
}

pub(crate) fn count() -> u64 {
    lock(&VIOLATIONS).seen.len() as u64
}

pub(crate) fn last() -> String {
    lock(&VIOLATIONS).last.clone()
}
