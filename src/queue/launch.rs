//! What the application's threads run: the admission point around each driver call, the gate in front
//! of it, the marker behind it. Nothing here takes a lock while nobody competes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::admission::{Entry, Refusal};
use super::gate::DeviceGate;
use super::in_flight::Point;
use super::queue::Queue;
use crate::clock;
use crate::device::{Marker, Placed};
use crate::error::Result;

/// Nothing in flight has completed for this long, and for the time of this many commands: it may be
/// waiting for the very thread that waits for room. Not shorter, because each time lets the work that a
/// suspension may have to wait for grow by a command.
const STALL_NS: u64 = 10_000_000;
const STALL_COMMANDS: u64 = 8;

impl Queue {
    /// Passes the admission point, then makes the driver call. May wait while the queue is stopped
    /// or full. Returns what the call returned.
    #[inline]
    pub fn launch<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        self.launch_counted(call).1
    }

    /// The pass path alone: admits the caller if nobody competes. It then makes its driver call and ends
    /// the admission.
    #[inline]
    pub fn try_pass(&self) -> Option<Admitted<'_>> {
        self.admission
            .try_pass()
            // Not `then_some`: an admission that was not given would be ended.
            .then(|| Admitted { queue: self })
    }

    /// As `launch`, and tells first how many commands were launched by then, this one included.
    #[inline]
    pub fn launch_counted<T>(&self, call: impl FnOnce() -> Result<T>) -> (u64, Result<T>) {
        if self.admission.try_pass() {
            return Admitted { queue: self }.make(call);
        }
        self.launch_tracked(call)
    }

    /// As `launch`, and tells first how many commands are complete, for certain, once this one is.
    pub fn launch_covering<T>(&self, call: impl FnOnce() -> Result<T>) -> (u64, Result<T>) {
        let before = self.command_count_launched();
        let (after, result) = self.launch_counted(call);
        // A thread that launched meanwhile may have done so behind this command.
        let covers = if after == before + 1 { after } else { before };
        (covers, result)
    }

    #[cold]
    #[inline(never)]
    fn launch_tracked<T>(&self, call: impl FnOnce() -> Result<T>) -> (u64, Result<T>) {
        if self.stream.is_capturing() {
            // Captured launches execute nothing; a gate or marker would end up in the graph.
            self.stats.bypass_capture.fetch_add(1, Ordering::Relaxed);
            return (self.command_count_launched(), call());
        }
        let entry = self.admit(false);
        self.launch_admitted(entry, Admitted { queue: self }, call)
    }

    /// The driver call of an admitted thread, between gate and marker.
    pub(super) fn launch_admitted<T>(
        &self,
        entry: Entry,
        admitted: Admitted<'_>,
        call: impl FnOnce() -> Result<T>,
    ) -> (u64, Result<T>) {
        if let Entry::Tracked { stopped } = entry {
            self.before_launch(stopped);
        }
        let (launched, result) = admitted.make(call);
        if result.is_ok() {
            match entry {
                Entry::Tracked { .. } => {
                    self.stats.tracked.fetch_add(1, Ordering::Relaxed);
                    self.after_launch(launched);
                }
                Entry::Bypass => {
                    self.stats.bypass_failed.fetch_add(1, Ordering::Relaxed);
                }
                Entry::Pass => {}
            }
        }
        (launched, result)
    }

    /// Waits until this thread may launch. `at_host`: a stopped queue stops it even if the device gate
    /// would stop the command.
    pub(super) fn admit(&self, at_host: bool) -> Entry {
        loop {
            match self.admission.try_enter(at_host) {
                Ok(entry) => return entry,
                Err(Refusal::NotReady) => self.listener.ready(self),
                Err(Refusal::Stopped) => {
                    let since = clock::now_ns();
                    self.admission.wait_while_stopped();
                    self.stats.held(clock::now_ns().saturating_sub(since));
                }
                Err(Refusal::Full) => self.wait_for_room(),
                Err(Refusal::Crowded) => self.admission.wait_while_crowded(),
            }
        }
    }

    /// Waits, on the launching thread, until something in flight has completed. What is in flight may
    /// itself wait for this thread, as a command that waits for the host does, and a driver would have
    /// taken the next one: so after a while without any completion one more is let through.
    fn wait_for_room(&self) {
        let command_ns = self.time.estimate_ns().unwrap_or(0);
        let patience_ns = STALL_NS.max(command_ns.saturating_mul(STALL_COMMANDS));
        match self.wait_for_completion(clock::now_ns().saturating_add(patience_ns)) {
            Ok(true) => {}
            Ok(false) => {
                let before = self.stats.stalls.fetch_add(1, Ordering::Relaxed);
                self.admission.overdraw();
                if before == 0 {
                    tracing::debug!(
                        "{}: nothing in flight completes; a command goes above the threshold",
                        self.name()
                    );
                }
            }
            Err(error) => self.fail("waiting for room", &error),
        }
    }

    /// False if nothing has completed by then.
    fn wait_for_completion(&self, deadline_ns: u64) -> Result<bool> {
        let before = self.admission.completed();
        loop {
            self.retire()?;
            if self.admission.completed() > before {
                return Ok(true);
            }
            if self.in_flight.oldest().is_none() {
                self.mark()?;
            }
            match self.in_flight.oldest() {
                Some(marker) => return marker.wait_until(deadline_ns),
                // No marker although the queue is full: another thread is between launch and marker.
                None if clock::now_ns() < deadline_ns => std::thread::yield_now(),
                None => return Ok(false),
            }
        }
    }

    fn before_launch(&self, stopped: bool) {
        if !self.preemptible.load(Ordering::Relaxed) && !stopped {
            return;
        }
        // What is launched behind a closed gate would all be let go by its opening.
        let interval = if stopped {
            &self.batch
        } else {
            &self.gate_interval
        };
        if let Some(gate) = &self.gate
            && gate.is_due(stopped, interval.load(Ordering::Relaxed))
            && let Err(error) = self.place_gate(gate)
        {
            self.fail("placing a gate", &error);
        }
        self.note_since();
    }

    /// When the first command behind the last point was launched. Taken before its driver call, as a thread
    /// may sleep behind it for longer than the command runs; again after it, as another thread's point may
    /// have taken the note away.
    fn note_since(&self) {
        if self.since_ns.load(Ordering::Relaxed) == 0 {
            self.since_ns.store(clock::now_ns(), Ordering::Relaxed);
        }
    }

    fn place_gate(&self, gate: &DeviceGate) -> Result<()> {
        let placed = self.in_flight.push(|| {
            self.point_at(|| {
                let Placed { reached, passed } = gate.place(self.stream.as_ref())?;
                Ok((reached, Some(passed)))
            })
        })?;
        if placed {
            self.stats.gates.fetch_add(1, Ordering::Relaxed);
            self.stats.markers.fetch_add(2, Ordering::Relaxed);
        }
        self.retire()
    }

    fn after_launch(&self, launched: u64) {
        if self.stream.is_private()
            && let Err(error) = self.mark()
        {
            // The monitor cannot do it later.
            self.fail("recording a marker", &error);
        }
        if !self.preemptible.load(Ordering::Relaxed) {
            return;
        }
        self.note_since();
        // With a device gate the gates bring the markers, unless the application limits in-flight
        // work itself.
        if self.limited.load(Ordering::Relaxed) {
            let unmarked = launched.saturating_sub(self.marked.load(Ordering::Relaxed));
            if unmarked >= u64::from(self.batch.load(Ordering::Relaxed))
                && let Err(error) = self.mark()
            {
                self.fail("recording a marker", &error);
            }
        }
    }

    /// Takes note of what has completed.
    pub(super) fn retire(&self) -> Result<()> {
        let (covered, used_ns) = self.in_flight.retire(&self.time, self.stopped_ns())?;
        self.admission.complete(covered);
        self.used_ns.store(used_ns, Ordering::Relaxed);
        self.refresh_limits();
        Ok(())
    }

    /// Records a marker behind everything launched so far, unless the stream is captured.
    pub(super) fn mark(&self) -> Result<()> {
        if self.in_flight.push(|| self.point())? {
            self.stats.markers.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A completion point; none in a stream that is captured, where it would end up in the graph. To be
    /// called with the points locked: no capture begins meanwhile (`between_markers`). The launch just made
    /// may have been what took the stream into a capture.
    pub(super) fn point(&self) -> Result<Option<Point>> {
        self.point_at(|| Ok((self.stream.marker()?, None)))
    }

    /// As `point`, with the marker that `record` makes, and the one behind a gate if it places one.
    fn point_at(
        &self,
        record: impl FnOnce() -> Result<(Arc<dyn Marker>, Option<Arc<dyn Marker>>)>,
    ) -> Result<Option<Point>> {
        if self.stream.is_capturing() {
            return Ok(None);
        }
        let covers = self.admission.word().launched();
        let since_ns = self.since_ns.swap(0, Ordering::Relaxed);
        // A device gate stops the stream only at a gate, which ends the span.
        let interrupted =
            self.gate.is_none() && self.stopped_since_ns.load(Ordering::Relaxed) > since_ns;
        let (marker, passed) = record()?;
        self.marked.store(covers, Ordering::Relaxed);
        Ok(Some(Point {
            covers,
            marker,
            passed,
            since_ns,
            stopped_ns: self.stopped_ns(),
            interrupted: interrupted || since_ns == 0,
        }))
    }
}

/// One admission; ends it even if the driver call unwinds.
pub struct Admitted<'a> {
    pub(super) queue: &'a Queue,
}

impl Admitted<'_> {
    /// Makes the driver call and ends the admission. Returns the commands launched by then.
    #[inline]
    fn make<T>(self, call: impl FnOnce() -> Result<T>) -> (u64, Result<T>) {
        let result = call();
        (self.end(result.is_ok()), result)
    }

    /// Ends the admission: the driver call has returned, and has `launched` a command or refused it.
    /// Returns the commands launched by then.
    #[inline]
    pub fn end(self, launched: bool) -> u64 {
        let queue = self.queue;
        std::mem::forget(self);
        let count = queue.admission.exit(launched);
        if !launched {
            queue.stats.launch_errors.fetch_add(1, Ordering::Relaxed);
        }
        count
    }
}

impl Drop for Admitted<'_> {
    #[cold]
    fn drop(&mut self) {
        self.queue.admission.exit(false);
    }
}
