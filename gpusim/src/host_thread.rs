//! The thread on which host functions and callbacks run, one after the other. Started by the first.

use std::cell::Cell;
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, OnceLock};

use crate::front_end::Work;
use crate::profile::PROFILE;
use crate::sync::lock;

thread_local! {
    static IS_THIS: Cell<bool> = const { Cell::new(false) };
}

/// True on that thread.
pub fn is_this() -> bool {
    IS_THIS.get()
}

pub(crate) fn run(function: Work) {
    static FUNCTIONS: OnceLock<Mutex<Sender<Work>>> = OnceLock::new();
    let functions = FUNCTIONS.get_or_init(|| {
        let (sender, receiver) = mpsc::channel::<Work>();
        let started = std::thread::Builder::new()
            .name(format!("{}-host", PROFILE.name))
            .spawn(move || {
                IS_THIS.set(true);
                receiver.into_iter().for_each(|function| function());
            });
        if let Err(error) = started {
            let name = PROFILE.name;
            eprintln!("{name}: no thread for host functions, they never run: {error}");
        }
        Mutex::new(sender)
    });
    // Fails only without a thread, which was said.
    let _ = lock(functions).send(function);
}
