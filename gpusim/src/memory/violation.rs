//! What a command did that it must not do: counted, kept and printed, each different one once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::{CString, c_char};
use std::sync::Mutex;

use crate::config;
use crate::profile::PROFILE;
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

pub fn report(text: String) {
    let mut violations = lock(&VIOLATIONS);
    if violations.seen.insert(text.clone()) {
        eprintln!("{}: violation: {text}", PROFILE.name);
        violations.last = text;
        if config::get().abort {
            std::process::abort();
        }
    }
}

pub fn count() -> u64 {
    lock(&VIOLATIONS).seen.len() as u64
}

/// The last one's text, for C; valid until the calling thread asks again.
pub fn last_text() -> *const c_char {
    thread_local! {
        static TEXT: RefCell<CString> = RefCell::default();
    }
    TEXT.with_borrow_mut(|text| {
        *text = CString::new(lock(&VIOLATIONS).last.clone()).unwrap_or_default();
        text.as_ptr()
    })
}
