//! When a queue counts as idle although nobody synchronised it: its last marker has completed and
//! nothing was submitted for the grace period.
//!
//! Run by the monitor only. It takes no time stamp on the launch path: that nothing was submitted
//! shows in two looks at the same count.

/// What the monitor remembers of one queue between two looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdleWatch {
    launched: u64,
    since_ns: Option<u64>,
}

impl IdleWatch {
    /// One look: `launched` commands so far, `complete` if all of them are. True if idle.
    pub fn look(&mut self, launched: u64, complete: bool, now_ns: u64, grace_us: u64) -> bool {
        if !complete || self.launched != launched {
            *self = IdleWatch {
                launched,
                since_ns: complete.then_some(now_ns),
            };
            return false;
        }
        let since = *self.since_ns.get_or_insert(now_ns);
        now_ns.saturating_sub(since) >= grace_us.saturating_mul(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_only_after_the_grace_without_a_launch() {
        let mut watch = IdleWatch::default();
        assert!(!watch.look(5, true, 0, 200));
        assert!(!watch.look(5, true, 199_000, 200));
        assert!(watch.look(5, true, 200_000, 200));
    }

    #[test]
    fn a_launch_or_unfinished_work_starts_the_grace_anew() {
        let mut watch = IdleWatch::default();
        assert!(!watch.look(5, true, 0, 200));
        assert!(!watch.look(6, true, 150_000, 200));
        assert!(!watch.look(6, true, 300_000, 200));
        assert!(!watch.look(6, false, 340_000, 200));
        assert!(!watch.look(6, true, 400_000, 200));
        assert!(watch.look(6, true, 600_000, 200));
    }
}
