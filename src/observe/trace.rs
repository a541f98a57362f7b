//! A trace of decisions in the Trace Event format (one JSON object, "traceEvents"), which
//! chrome://tracing and Perfetto read. One track per queue: when it was ready, when it was suspended,
//! and by whose arrival.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::sync::Mutex;
use serde::Serialize;

use crate::clock;
use crate::error::{Error, Result};

/// Records kept; later ones are counted and dropped.
const MOST_RECORDS: usize = 1_000_000;

/// What happened to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It has work from here on.
    Ready,
    /// It has none from here on.
    Idle,
    /// It is suspended from here on.
    Suspended,
    /// It is not suspended from here on.
    Resumed,
}

#[derive(Serialize)]
struct Args {
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Record {
    name: &'static str,
    /// "B" begins and "E" ends a span, "b"/"e" are those of an asynchronous one, which may overlap.
    ph: &'static str,
    cat: &'static str,
    id: u64,
    ts: f64,
    pid: u32,
    tid: u64,
    args: Args,
}

struct Recording {
    file: BufWriter<File>,
    records: Vec<Record>,
    names: Vec<(u64, String)>,
    dropped: u64,
}

/// Recording is off, and costs one relaxed load per decision, until `start`.
#[derive(Default)]
pub struct Trace {
    on: AtomicBool,
    recording: Mutex<Option<Recording>>,
}

impl Trace {
    /// Creates the file and starts recording.
    pub fn start(&self, path: &Path) -> Result<()> {
        let mut recording = self.recording.lock();
        if recording.is_some() {
            return Err(Error::NotAllowed(
                "a trace is being recorded already".into(),
            ));
        }
        let file = File::create(path).map_err(|error| {
            Error::invalid(
                "path",
                format!("`{}` cannot be created: {error}", path.display()),
            )
        })?;
        *recording = Some(Recording {
            file: BufWriter::new(file),
            records: Vec::new(),
            names: Vec::new(),
            dropped: 0,
        });
        self.on.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Stops recording and writes the file.
    pub fn stop(&self) -> Result<()> {
        self.on.store(false, Ordering::Relaxed);
        let recording = self.recording.lock().take();
        let recording =
            recording.ok_or_else(|| Error::NotAllowed("no trace is being recorded".into()))?;
        recording
            .write()
            .map_err(|error| Error::Internal(format!("the trace cannot be written: {error}")))
    }

    /// Adds a record. `name` and `by` are asked for only while recording.
    pub(crate) fn record(
        &self,
        queue: u64,
        happened: Happened,
        name: impl FnOnce() -> String,
        by: impl FnOnce() -> Option<String>,
    ) {
        if !self.on.load(Ordering::Relaxed) {
            return;
        }
        let mut recording = self.recording.lock();
        let Some(recording) = recording.as_mut() else {
            return;
        };
        if recording.records.len() >= MOST_RECORDS {
            recording.dropped += 1;
            return;
        }
        if !recording.names.iter().any(|(known, _)| *known == queue) {
            recording.names.push((queue, name()));
        }
        let (span, ph) = match happened {
            Happened::Ready => ("ready", "b"),
            Happened::Idle => ("ready", "e"),
            Happened::Suspended => ("suspended", "b"),
            Happened::Resumed => ("suspended", "e"),
        };
        // Exact up to 2^53 ns, which is 104 days.
        #[allow(clippy::cast_precision_loss)]
        let ts = clock::now_ns() as f64 / 1000.0;
        recording.records.push(Record {
            name: span,
            ph,
            cat: "xsched",
            id: queue,
            ts,
            pid: std::process::id(),
            tid: queue,
            args: Args { by: by() },
        });
    }
}

impl Recording {
    fn write(mut self) -> std::io::Result<()> {
        let names = self.names.iter().map(|(queue, name)| {
            serde_json::json!({
                "name": "thread_name", "ph": "M", "pid": std::process::id(), "tid": queue,
                "args": { "name": name },
            })
        });
        let mut events: Vec<serde_json::Value> = names.collect();
        for record in &self.records {
            events.push(serde_json::to_value(record)?);
        }
        let document = serde_json::json!({
            "displayTimeUnit": "ms",
            "otherData": { "library": concat!("libxsched ", env!("CARGO_PKG_VERSION")), "dropped": self.dropped },
            "traceEvents": events,
        });
        serde_json::to_writer(&mut self.file, &document)?;
        self.file.flush()
    }
}
