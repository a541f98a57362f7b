//! What the monitor does for the queues of a device while one of them is held: finds out which of the
//! others have become idle without anybody synchronising them, and which waits between queues are over.

use std::sync::Arc;
use std::time::Duration;

use super::local::DeviceQueues;
use crate::clock;
use crate::queue::{Activity, Queue};
use crate::sync::Mutex;

impl DeviceQueues {
    pub(super) fn wake_monitor(&self) {
        let all = self.all.clone();
        // Twice per grace period, so that a queue is found idle after one to one and a half of them.
        let period = Duration::from_micros((self.grace_us / 2).max(50));
        self.monitor.wake(period, move || poll_all(&all));
    }

    /// One look of the monitor at this device.
    fn poll(&self) -> Activity {
        let running: Vec<(Arc<Queue>, u64)> = {
            let mut state = self.state.lock();
            self.end_waits(&mut state);
            match &state.scheduler {
                Some(scheduler) if scheduler.holds_any() => {}
                _ => return Activity::Nothing,
            }
            let ready = |member: &&super::local::Member| {
                member.queue.is_ready() && !member.queue.is_stopped()
            };
            state
                .members
                .iter()
                .filter(ready)
                .map(|m| (m.queue.clone(), m.seen))
                .collect()
        };
        let mut activity = Activity::Unchanged;
        for (queue, seen) in running {
            let (launched, complete) = queue.poll(queue.command_count_launched() == seen);
            let mut state = self.state.lock();
            let Some(member) = state.member(queue.id().0) else {
                continue;
            };
            if launched != member.seen || complete {
                activity = Activity::Moving;
            }
            member.seen = launched;
            if member
                .watch
                .look(launched, complete, clock::now_ns(), self.grace_us)
            {
                self.idle(&mut state, &queue, launched);
            }
        }
        activity
    }
}

fn poll_all(all: &Mutex<Vec<Arc<DeviceQueues>>>) -> Activity {
    let devices = all.lock().clone();
    let mut sum = Activity::Nothing;
    for device in devices {
        sum = match (sum, device.poll()) {
            (Activity::Moving, _) | (_, Activity::Moving) => Activity::Moving,
            (Activity::Nothing, other) => other,
            (Activity::Unchanged, _) => Activity::Unchanged,
        };
    }
    sum
}
