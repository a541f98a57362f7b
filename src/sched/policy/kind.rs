//! Which policies there are: their names in `XSCHED_POLICY`, their numbers in the C API, and how each is
//! built, in one table.

use super::Policy;
use super::awf::ActiveWindowFirst;
use super::cfs::CompletelyFairScheduler;
use super::chpf::CpuHighestPriorityFirst;
use super::hhpf::HeterogeneousHighestPriorityFirst;
use super::hpf::HighestPriorityFirst;
use super::kedf::KEarliestDeadlineFirst;
use super::lax::LaxityPolicy;
use super::mlfq::MultiLevelFeedbackQueue;
use super::pup::ProcessUtilizationPartition;
use super::spup::StrictProcessUtilizationPartition;
use super::up::UtilizationPartition;

/// A policy, before it has any state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Only the ready queues of the highest priority run, on each device.
    HighestPriorityFirst,
    /// The same over all devices.
    HeterogeneousHighestPriorityFirst,
    /// The same on each device, by the nice value of the process.
    CpuHighestPriorityFirst,
    /// Each queue has a share of its device.
    UtilizationPartition,
    /// Each process has a share of each device.
    ProcessUtilizationPartition,
    /// Each process has a share of each device, and never gets more.
    StrictProcessUtilizationPartition,
    /// The ready queues of the `k` earliest deadlines run.
    KEarliestDeadlineFirst,
    /// A queue has one priority while it can wait, and another afterwards.
    Laxity,
    /// The process of the active window first.
    ActiveWindowFirst,
    /// Queues share their device by priority.
    CompletelyFairScheduler,
    /// Queues that used the device little go first.
    MultiLevelFeedbackQueue,
}

/// Name in `XSCHED_POLICY`; the number in the C API is the position, from 1.
const TABLE: [(PolicyKind, &str); 11] = [
    (PolicyKind::HighestPriorityFirst, "HPF"),
    (PolicyKind::HeterogeneousHighestPriorityFirst, "HHPF"),
    (PolicyKind::CpuHighestPriorityFirst, "CHPF"),
    (PolicyKind::UtilizationPartition, "UP"),
    (PolicyKind::ProcessUtilizationPartition, "PUP"),
    (PolicyKind::StrictProcessUtilizationPartition, "SPUP"),
    (PolicyKind::KEarliestDeadlineFirst, "KEDF"),
    (PolicyKind::Laxity, "LAX"),
    (PolicyKind::ActiveWindowFirst, "AWF"),
    (PolicyKind::CompletelyFairScheduler, "CFS"),
    (PolicyKind::MultiLevelFeedbackQueue, "MLFQ"),
];

impl PolicyKind {
    /// All of them, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = PolicyKind> {
        TABLE.iter().map(|&(kind, _)| kind)
    }

    /// As in `XSCHED_POLICY`.
    pub fn name(self) -> &'static str {
        TABLE
            .iter()
            .find(|&&(kind, _)| kind == self)
            .map_or("?", |&(_, name)| name)
    }

    /// From a value of `XSCHED_POLICY`.
    pub fn parse(name: &str) -> Option<PolicyKind> {
        TABLE
            .iter()
            .find(|&&(_, known)| known == name)
            .map(|&(kind, _)| kind)
    }

    /// From `XPolicyType`, 1 to 11.
    pub fn from_number(number: i32) -> Option<PolicyKind> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        TABLE.get(at).map(|&(kind, _)| kind)
    }

    pub(in crate::sched) fn build(self) -> Box<dyn Policy> {
        match self {
            PolicyKind::HighestPriorityFirst => Box::<HighestPriorityFirst>::default(),
            PolicyKind::HeterogeneousHighestPriorityFirst => {
                Box::<HeterogeneousHighestPriorityFirst>::default()
            }
            PolicyKind::CpuHighestPriorityFirst => Box::<CpuHighestPriorityFirst>::default(),
            PolicyKind::UtilizationPartition => Box::<UtilizationPartition>::default(),
            PolicyKind::ProcessUtilizationPartition => {
                Box::<ProcessUtilizationPartition>::default()
            }
            PolicyKind::StrictProcessUtilizationPartition => {
                Box::<StrictProcessUtilizationPartition>::default()
            }
            PolicyKind::KEarliestDeadlineFirst => Box::<KEarliestDeadlineFirst>::default(),
            PolicyKind::Laxity => Box::<LaxityPolicy>::default(),
            PolicyKind::ActiveWindowFirst => Box::<ActiveWindowFirst>::default(),
            PolicyKind::CompletelyFairScheduler => Box::<CompletelyFairScheduler>::default(),
            PolicyKind::MultiLevelFeedbackQueue => Box::<MultiLevelFeedbackQueue>::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_lead_back() {
        for (number, kind) in (1..).zip(PolicyKind::all()) {
            assert_eq!(PolicyKind::parse(kind.name()), Some(kind));
            assert_eq!(PolicyKind::from_number(number), Some(kind));
        }
        assert_eq!(PolicyKind::parse("hpf"), None);
        for none in [i32::MIN, -1, 0, 12, i32::MAX] {
            assert_eq!(PolicyKind::from_number(none), None);
        }
    }
}
