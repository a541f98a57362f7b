//! Log lines: `[LEVEL @ T<tid> @ HH:MM:SS.micros] text` on stderr, times in UTC.
//!
//! Lines are written with one system call and without a lock, so that a child forked in the middle of
//! a line cannot hang on it. In a process that has a `tracing` subscriber already, ours stays away.

use std::fmt;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Starts logging to stderr, unless the process has a subscriber of its own.
pub fn start(level: LevelFilter) {
    let ours = tracing_subscriber::fmt()
        .with_max_level(level)
        .event_format(Line)
        .with_writer(|| Stderr)
        .finish();
    // Fails only if there is a subscriber; then it gets our events.
    let _ = tracing::subscriber::set_global_default(ours);
}

struct Stderr;

impl io::Write for Stderr {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(rustix::stdio::stderr(), line)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = match *event.metadata().level() {
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
        write!(
            writer,
            "[{level} @ T{thread} @ {hour:02}:{minute:02}:{second:02}.{micros:06}] "
        )?;
        context
            .field_format()
            .format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
