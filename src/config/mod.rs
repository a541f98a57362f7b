//! The only reader of the environment: read once, on first use. A bad value is reported once, with the
//! accepted ones, and the default is used.

use std::path::PathBuf;
use std::str::FromStr;

use tracing::level_filters::LevelFilter;

use crate::sched::{PolicyHints, PolicyKind};

mod auto_queue;

pub use self::auto_queue::AutoQueue;

/// Whose settings are the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Part of the executable, which calls the C API itself.
    Embedded,
    /// A library in front of applications that know nothing of it.
    Preloaded,
}

/// Which gate holds a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateChoice {
    /// The device gate where the device can, otherwise the host gate.
    Auto,
    /// The host gate.
    Host,
    /// The device gate.
    Device,
}

/// Settings of one process.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `None` is app-managed.
    pub policy: Option<PolicyKind>,
    /// `XSCHED_GATE`.
    pub gate: GateChoice,
    /// `XSCHED_BUDGET_US`: work that a suspension may have to wait for; `None` is "auto".
    pub budget_us: Option<u64>,
    /// `XSCHED_GRACE_US`: how long a queue without work still counts as ready.
    pub grace_us: u64,
    /// `XSCHED_TRACE`.
    pub trace: Option<PathBuf>,
    /// `XSCHED_DISABLE`: pass everything.
    pub disabled: bool,
    /// `XLOG_LEVEL`.
    pub log_level: LevelFilter,
    /// `XSCHED_AUTO_XQUEUE*`: the queue that every stream seen gets; `None` if the application makes
    /// them.
    pub auto_queue: Option<AutoQueue>,
    /// Initial advice to the policy as a whole.
    pub policy_hints: PolicyHints,
    /// `XSCHED_HIP_LIB`: the HIP runtime to use.
    pub hip_lib: Option<PathBuf>,
    /// `XSCHED_CUDA_LIB`: the CUDA driver to use.
    pub cuda_lib: Option<PathBuf>,
    /// `XSCHED_HOST_UNITS`: execution units of the software device.
    pub host_units: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config::for_delivery(Delivery::Embedded)
    }
}

impl Config {
    fn for_delivery(delivery: Delivery) -> Config {
        let preloaded = delivery == Delivery::Preloaded;
        Config {
            policy: preloaded.then_some(PolicyKind::HighestPriorityFirst),
            gate: GateChoice::Auto,
            budget_us: None,
            grace_us: 200,
            trace: None,
            disabled: false,
            log_level: if preloaded {
                LevelFilter::INFO
            } else {
                LevelFilter::WARN
            },
            auto_queue: preloaded.then(AutoQueue::default),
            policy_hints: PolicyHints::default(),
            hip_lib: None,
            cuda_lib: None,
            host_units: 1,
        }
    }

    /// The process's environment, and what is wrong with it.
    pub fn from_environment(delivery: Delivery) -> (Config, Vec<String>) {
        Config::from_variables(delivery, |name| {
            std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
        })
    }

    /// As `from_environment`, from any source of variables.
    pub fn from_variables(
        delivery: Delivery,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> (Config, Vec<String>) {
        let mut complaints = Vec::new();
        let mut config = Config::for_delivery(delivery);
        let mut choose = |name: &str, accepted: &str, take: &mut dyn FnMut(&str) -> bool| {
            if let Some(value) = lookup(name).filter(|value| !value.is_empty())
                && !take(value.as_str())
            {
                complaints.push(format!(
                    "{name}={value} is not understood; accepted: {accepted}; the default is used"
                ));
            }
        };

        let mut policy = PolicyKind::HighestPriorityFirst;
        let policies: Vec<_> = PolicyKind::all().map(PolicyKind::name).collect();
        choose("XSCHED_POLICY", &policies.join(", "), &mut |value| {
            let known = PolicyKind::parse(value);
            policy = known.unwrap_or(policy);
            known.is_some()
        });
        config.policy = config.policy.map(|_| policy);
        choose(
            "XSCHED_SCHEDULER",
            "APP, LCL (GLB is not available in this version)",
            &mut |value| {
                let known = matches!(value, "APP" | "LCL");
                if known {
                    config.policy = (value == "LCL").then_some(policy);
                }
                known
            },
        );
        choose("XSCHED_GATE", "auto, host, device", &mut |value| {
            config.gate = match value {
                "auto" => GateChoice::Auto,
                "host" => GateChoice::Host,
                "device" => GateChoice::Device,
                _ => return false,
            };
            true
        });
        choose("XSCHED_BUDGET_US", "auto, 0 to 1000000", &mut |value| {
            let mut us = 0;
            let given = number(value, 0, 1_000_000, &mut us);
            config.budget_us = given.then_some(us);
            given || value == "auto"
        });
        choose("XSCHED_GRACE_US", "0 to 1000000", &mut |value| {
            number(value, 0, 1_000_000, &mut config.grace_us)
        });
        choose("XSCHED_TRACE", "a file name", &mut |value| {
            config.trace = Some(PathBuf::from(value));
            true
        });
        choose("XSCHED_DISABLE", "ON, OFF", &mut |value| {
            config.disabled = value == "ON";
            matches!(value, "ON" | "OFF")
        });
        choose("XSCHED_HIP_LIB", "a file name", &mut |value| {
            config.hip_lib = Some(PathBuf::from(value));
            true
        });
        choose("XSCHED_CUDA_LIB", "a file name", &mut |value| {
            config.cuda_lib = Some(PathBuf::from(value));
            true
        });
        config.auto_queue =
            auto_queue::read(config.auto_queue, &mut config.policy_hints, &mut choose);
        choose("XLOG_LEVEL", "ERRO, WARN, INFO, DEBG", &mut |value| {
            config.log_level = match value {
                "ERRO" => LevelFilter::ERROR,
                "WARN" => LevelFilter::WARN,
                "INFO" => LevelFilter::INFO,
                "DEBG" => LevelFilter::DEBUG,
                _ => return false,
            };
            true
        });
        choose("XSCHED_HOST_UNITS", "1 to 1024", &mut |value| {
            number(value, 1, 1024, &mut config.host_units)
        });
        (config, complaints)
    }
}

fn number<T: FromStr + PartialOrd>(value: &str, low: T, high: T, setting: &mut T) -> bool {
    match value.parse() {
        Ok(number) if (low..=high).contains(&number) => {
            *setting = number;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sched::{Hint, PRIORITY_MAX};

    fn read(variables: &[(&str, &str)]) -> (Config, Vec<String>) {
        read_for(Delivery::Embedded, variables)
    }

    fn read_for(delivery: Delivery, variables: &[(&str, &str)]) -> (Config, Vec<String>) {
        Config::from_variables(delivery, |name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_set_is_the_default() {
        assert_eq!(read(&[]), (Config::default(), Vec::new()));
    }

    #[test]
    fn local_scheduler_needs_no_policy() {
        let (config, complaints) = read(&[("XSCHED_SCHEDULER", "LCL")]);
        assert_eq!(config.policy, Some(PolicyKind::HighestPriorityFirst));
        assert!(complaints.is_empty());
    }

    #[test]
    fn a_preloaded_library_schedules_unless_told_otherwise() {
        let (config, complaints) = read_for(Delivery::Preloaded, &[("XSCHED_POLICY", "CFS")]);
        assert_eq!(config.policy, PolicyKind::parse("CFS"));
        assert_eq!(config.auto_queue, Some(AutoQueue::default()));
        assert!(complaints.is_empty());
        let told = [("XSCHED_SCHEDULER", "APP"), ("XSCHED_AUTO_XQUEUE", "OFF")];
        let (config, _) = read_for(Delivery::Preloaded, &told);
        assert_eq!((config.policy, config.auto_queue), (None, None));
    }

    #[test]
    fn every_variable_is_read() {
        let (config, complaints) = read(&[
            ("XSCHED_GATE", "host"),
            ("XSCHED_BUDGET_US", "0"),
            ("XSCHED_GRACE_US", "1000"),
            ("XSCHED_TRACE", "t.json"),
            ("XSCHED_DISABLE", "ON"),
            ("XLOG_LEVEL", "DEBG"),
            ("XSCHED_HOST_UNITS", "4"),
            ("XSCHED_HIP_LIB", "libamdhip64.so.6"),
            ("XSCHED_CUDA_LIB", "libcuda.so.1"),
            ("XSCHED_AUTO_XQUEUE", "ON"),
            ("XSCHED_AUTO_XQUEUE_LEVEL", "2"),
            ("XSCHED_AUTO_XQUEUE_THRESHOLD", "8"),
            ("XSCHED_AUTO_XQUEUE_BATCH_SIZE", "4"),
            ("XSCHED_AUTO_XQUEUE_PRIORITY", "-7"),
            ("XSCHED_AUTO_XQUEUE_UTILIZATION", "30"),
            ("XSCHED_AUTO_XQUEUE_TIMESLICE", "2000"),
            ("XSCHED_AUTO_XQUEUE_DEADLINE", "900"),
            ("XSCHED_AUTO_XQUEUE_KDEADLINE", "2"),
            ("XSCHED_AUTO_XQUEUE_LAXITY", "400"),
        ]);
        let expected = Config {
            policy: None,
            gate: GateChoice::Host,
            budget_us: Some(0),
            grace_us: 1000,
            trace: Some(PathBuf::from("t.json")),
            disabled: true,
            log_level: LevelFilter::DEBUG,
            host_units: 4,
            hip_lib: Some(PathBuf::from("libamdhip64.so.6")),
            cuda_lib: Some(PathBuf::from("libcuda.so.1")),
            policy_hints: PolicyHints {
                timeslice_us: 2000,
                concurrency: 2,
            },
            auto_queue: Some(AutoQueue {
                level: 2,
                threshold: 8,
                batch: 4,
                hints: vec![
                    Hint::Priority(-7),
                    Hint::Utilization(30),
                    Hint::Deadline(900),
                    Hint::Laxity {
                        laxity_us: 400,
                        lax: -7,
                        critical: PRIORITY_MAX,
                    },
                ],
            }),
        };
        assert_eq!((config, complaints), (expected, Vec::new()));
    }

    #[test]
    fn bad_values_are_reported_with_the_accepted_ones_and_change_nothing() {
        let bad = [
            ("XSCHED_SCHEDULER", "GLB"),
            ("XSCHED_POLICY", "FIFO"),
            ("XSCHED_GATE", "Host"),
            ("XSCHED_BUDGET_US", "-1"),
            ("XSCHED_GRACE_US", "soon"),
            ("XSCHED_DISABLE", "yes"),
            ("XLOG_LEVEL", "info"),
            ("XSCHED_HOST_UNITS", "0"),
            ("XSCHED_AUTO_XQUEUE", "on"),
            ("XSCHED_AUTO_XQUEUE_LEVEL", "4"),
            ("XSCHED_AUTO_XQUEUE_THRESHOLD", "many"),
            ("XSCHED_AUTO_XQUEUE_BATCH_SIZE", "-1"),
            ("XSCHED_AUTO_XQUEUE_PRIORITY", "300"),
            ("XSCHED_AUTO_XQUEUE_UTILIZATION", "101"),
            ("XSCHED_AUTO_XQUEUE_TIMESLICE", "1"),
            ("XSCHED_AUTO_XQUEUE_DEADLINE", "-2"),
            ("XSCHED_AUTO_XQUEUE_KDEADLINE", "0"),
            ("XSCHED_AUTO_XQUEUE_LAXITY", "-2"),
        ];
        let (config, complaints) = read(&bad);
        assert_eq!(config, Config::default());
        assert_eq!(complaints.len(), bad.len());
        for (name, value) in bad {
            assert!(
                complaints
                    .iter()
                    .any(|text| text.contains(&format!("{name}={value}")))
            );
        }
        assert!(complaints.iter().all(|text| text.contains("accepted: ")));
    }
}
