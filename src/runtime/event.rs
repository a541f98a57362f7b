//! Events of the software device: completion points that other streams and threads wait for.
//!
//! A queue that waits for another one's event lends it its priority, so the wait is told to the
//! scheduler before the waiting command is launched.

use std::sync::Arc;

use crate::sync::Mutex;

use super::hw_queue::HwQueue;
use crate::device::Marker;
use crate::device::host::HostMarker;
use crate::error::Result;
use crate::queue::Queue;

#[derive(Clone)]
struct Recording {
    marker: Arc<HostMarker>,
    /// The recording queue, and how many of its commands the marker covers.
    queue: Option<(Arc<Queue>, u64)>,
}

/// See the module.
#[derive(Default)]
pub struct HostEvent {
    last: Mutex<Option<Recording>>,
}

impl HostEvent {
    /// Records the event in the stream, through its queue's admission point.
    pub fn record(&self, hw_queue: &HwQueue, queue: Option<&Arc<Queue>>) -> Result<()> {
        let stream = hw_queue.host_stream()?;
        let recording = match queue {
            None => Recording {
                marker: stream.record()?,
                queue: None,
            },
            Some(queue) => {
                let (covers, marker) = queue.launch_covering(|| stream.record());
                Recording {
                    marker: marker?,
                    queue: Some((queue.clone(), covers)),
                }
            }
        };
        *self.last.lock() = Some(recording);
        Ok(())
    }

    /// Makes the stream wait for the last recording.
    pub fn wait_in_stream(&self, hw_queue: &HwQueue, queue: Option<&Arc<Queue>>) -> Result<()> {
        let Some(recording) = self.last.lock().clone() else {
            return Ok(());
        };
        let Some(queue) = queue else {
            return hw_queue.host_stream()?.wait_marker(&recording.marker);
        };
        if let Some((target, _)) = &recording.queue {
            hw_queue
                .device()
                .waits(queue, target, recording.marker.clone());
        }
        queue.launch(|| hw_queue.host_stream()?.wait_marker(&recording.marker))
    }

    /// True if the last recording has completed, or there is none.
    pub fn query(&self) -> Result<bool> {
        let last = self.last.lock().clone();
        last.map_or(Ok(true), |recording| recording.marker.is_complete())
    }

    /// Waits for the last recording.
    pub fn synchronize(&self) -> Result<()> {
        let Some(recording) = self.last.lock().clone() else {
            return Ok(());
        };
        recording.marker.wait()?;
        if let Some((queue, covers)) = recording.queue {
            queue.synchronized(covers);
        }
        Ok(())
    }
}
