//! Log lines: `[LEVEL @ T<tid> @ HH:MM:SS.micros] text` on stderr, times in UTC.
//!
//! Lines are written with one system call and without a lock, so that a child forked in the middle of
//! a line cannot hang on it; and without thread-local memory, whose first use in a thread takes the
//! dynamic linker's lock (see `thread.rs`): which is why this is not tracing-subscriber's formatter. In a
//! process that has a `tracing` subscriber already, ours stays away.

use std::fmt::{Debug, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Starts logging to stderr, unless the process has a subscriber of its own.
pub fn start(level: LevelFilter) {
    // Fails only if there is a subscriber; then it gets our events.
    let _ = tracing::subscriber::set_global_default(Lines { level });
}

struct Lines {
    level: LevelFilter,
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = header(*event.metadata().level());
        event.record(&mut Text(&mut line));
        line.push('\n');
        // There is nobody to tell that stderr is closed.
        let _ = rustix::io::write(rustix::stdio::stderr(), line.as_bytes());
    }

    // The library makes no spans; an application that does has a subscriber of its own.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn header(level: Level) -> String {
    let level = match level {
        Level::ERROR => "ERRO",
        Level::WARN => "WARN",
        Level::INFO => "INFO",
        Level::DEBUG | Level::TRACE => "DEBG",
    };
    let thread = rustix::thread::gettid().as_raw_nonzero();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let (seconds, micros) = (now.as_secs() % 86_400, now.subsec_micros());
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("[{level} @ T{thread} @ {hour:02}:{minute:02}:{second:02}.{micros:06}] ")
}

/// Appends an event's message; the library's events have no other field.
struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            let _ = write!(self.0, "{value:?}"); // a String takes everything
        }
    }
}
