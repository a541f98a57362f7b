//! What the application's threads run: the admission point around each driver call, the gate in front
//! of it, the marker behind it. Nothing here takes a lock while nobody competes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::admission::Entry;
use super::gate::{DeviceGate, Spacing};
use super::points::Point;
use super::prediction::Kind;
use super::queue::Queue;
use super::room::Ticket;
use crate::clock;
use crate::device::driver::has_captured;
use crate::device::{Marker, Placed};
use crate::error::Result;

/// Where launches are paced there are about so many markers per budget of work: few cost the launching thread
/// little (0.1 us to record one, 0.3 to ask for it, on an H200), many tell sooner what has completed.
const MARKERS_PER_BUDGET: u64 = 4;
/// With so many gates to pass the stream has something to do for a while.
const BUSY_GATES: u32 = 3;
/// Whoever places gates looks what has completed after so many.
const GATES_PER_LOOK: u32 = 4;

impl Queue {
    /// Passes the admission point, then makes the driver call. May wait while the queue is stopped
    /// or full. Returns what the call returned.
    #[inline]
    pub fn launch<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        self.launch_kind(|| Kind::UNKNOWN, call)
    }

    /// As `launch`, of a command whose `kind` the caller can tell; it is asked only if somebody competes.
    #[inline]
    pub fn launch_kind<T>(
        &self,
        kind: impl FnOnce() -> Kind,
        call: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        if self.admission.try_pass() {
            return Admitted { queue: self }.make(call).1;
        }
        self.launch_tracked(kind(), call).1
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
        self.launch_tracked(Kind::UNKNOWN, call)
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
    fn launch_tracked<T>(&self, kind: Kind, call: impl FnOnce() -> Result<T>) -> (u64, Result<T>) {
        if has_captured() && self.stream.is_capturing() {
            // Captured launches execute nothing; a gate or marker would end up in the graph.
            self.stats.bypass_capture.fetch_add(1, Ordering::Relaxed);
            return (self.command_count_launched(), call());
        }
        let ticket = self.admit(kind, false);
        self.launch_admitted(ticket, Admitted { queue: self }, call)
    }

    /// The driver call of an admitted thread, between gate and marker.
    pub(super) fn launch_admitted<T>(
        &self,
        ticket: Ticket<'_>,
        admitted: Admitted<'_>,
        call: impl FnOnce() -> Result<T>,
    ) -> (u64, Result<T>) {
        if let Entry::Tracked { stopped } = ticket.entry {
            self.before_launch(stopped, ticket.predicted_ns);
        }
        let (launched, result) = admitted.make(call);
        if result.is_ok() {
            match ticket.entry {
                Entry::Tracked { .. } => {
                    self.stats.tracked.fetch_add(1, Ordering::Relaxed);
                    self.after_launch(launched, &ticket);
                }
                Entry::Bypass => {
                    self.stats.bypass_failed.fetch_add(1, Ordering::Relaxed);
                }
                Entry::Pass => {}
            }
        }
        (launched, result)
    }

    fn before_launch(&self, stopped: bool, predicted_ns: u64) {
        if !self.preemptible.load(Ordering::Relaxed) && !stopped {
            return;
        }
        // What is launched behind a closed gate would all be let go by its opening: gates stand there, too.
        let spacing = self.spacing(stopped);
        if let Some(gate) = &self.gate
            && gate.is_due(stopped, spacing, predicted_ns)
            && let Err(error) = self.place_gate(gate, spacing, predicted_ns)
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

    fn place_gate(&self, gate: &DeviceGate, spacing: Spacing, predicted_ns: u64) -> Result<()> {
        let placed = self.in_flight.push_gate(|timing, kinds| {
            self.point_at(|| {
                let launched = self.admission.word().launched();
                timing.before_gate(kinds, launched)?;
                let stream = self.stream.as_ref();
                let Placed { reached, passed } = gate.place(stream, spacing, predicted_ns)?;
                timing.after_gate(launched, self.in_flight.gates() >= BUSY_GATES)?;
                Ok((reached, Some(passed)))
            })
        })?;
        if placed {
            self.stats.gates.fetch_add(1, Ordering::Relaxed);
            self.stats.markers.fetch_add(2, Ordering::Relaxed);
        }
        // Each look costs some calls of the driver.
        if self.in_flight.gates().is_multiple_of(GATES_PER_LOOK) {
            self.retire()?;
        }
        Ok(())
    }

    fn after_launch(&self, launched: u64, ticket: &Ticket<'_>) {
        if !self.preemptible.load(Ordering::Relaxed) {
            // The monitor cannot do it later.
            self.mark_if(self.private);
            return;
        }
        // With the host gate nobody asks what a command will take.
        let unmarked_ns = self.gate.as_ref().map_or(0, |_| {
            let budget_ns = self.budget.least_ns();
            self.in_flight
                .launched(ticket.kind, ticket.predicted_ns, budget_ns)
        });
        self.note_since();
        // With a device gate the gates bring the markers, unless the host limits what is in flight.
        let unmarked = launched.saturating_sub(self.marked.load(Ordering::Relaxed));
        let paced = self.paced.load(Ordering::Relaxed);
        let explicit = self.gate_commands.load(Ordering::Relaxed) != 0;
        let limited = self.gate.is_none() || paced || explicit;
        let many = unmarked >= u64::from(self.batch.load(Ordering::Relaxed));
        let long = unmarked_ns >= self.budget.least_ns() / MARKERS_PER_BUDGET;
        self.mark_if(self.private || limited && many || paced && long);
    }

    pub(super) fn mark_if(&self, due: bool) {
        if due && let Err(error) = self.mark() {
            self.fail("recording a marker", &error);
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
        // A device gate stops the stream mostly at a gate, which ends the span.
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
            went_on_ns: self.went_on_ns.load(Ordering::Relaxed),
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
