//! The table of hooks against what the headers of CUDA 12 and 13 declare (`functions.csv`): every function
//! is hooked, with its own signature, or listed with the reason why not, and none that takes a stream is
//! left out without one. The product's exports are compared in ci/exports.sh.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = include_str!("../src/interpose/cuda/table.rs");
const LOOKUPS: &str = include_str!("../src/interpose/cuda/hooks.rs");
const VARIANTS: &str = include_str!("../src/interpose/cuda/mod.rs");
const VARIANT: &str = include_str!("../src/interpose/cuda/variant.rs");
const UNHOOKED: &str = include_str!("../src/interpose/cuda/unhooked.csv");
const FUNCTIONS: &str = include_str!("../src/interpose/cuda/functions.csv");

/// A function of the headers.
struct Real {
    base: String,
    /// Its 0 means the calling thread's own default stream.
    per_thread: bool,
    /// `yes`, or `struct`, `pointer`: where a stream may be found; or `no`.
    stream: String,
    parameters: Vec<String>,
}

fn real() -> BTreeMap<String, Real> {
    let lines = FUNCTIONS.lines().skip(1);
    lines
        .map(|line| {
            let fields: Vec<_> = line.split(',').collect();
            let [symbol, base, _version, variant, stream, parameters, ..] = fields[..] else {
                panic!("{line}");
            };
            let real = Real {
                base: base.into(),
                per_thread: variant != "legacy",
                stream: stream.into(),
                parameters: parameters.split_whitespace().map(str::to_owned).collect(),
            };
            (symbol.to_owned(), real)
        })
        .collect()
}

/// A row of the table.
struct Row {
    /// Name and type in ABI terms.
    parameters: Vec<(String, String)>,
    operation: String,
}

fn rows() -> Vec<(String, Row)> {
    let body = TABLE.split_once("$with! {").unwrap().1;
    let body = body.split_once("\n        }\n").unwrap().0;
    let rows = body.trim_end().trim_end_matches(';').split(";\n");
    rows.map(|row| {
        let (name, rest) = row.trim().split_once('(').unwrap();
        let (parameters, operation) = rest.split_once(") => ").unwrap();
        let parameters = parameters
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let row = Row {
            parameters: parameters
                .map(|text| {
                    let (name, kind) = text.split_once(": ").unwrap();
                    (name.to_owned(), kind.to_owned())
                })
                .collect(),
            operation: operation.trim().into(),
        };
        (name.to_owned(), row)
    })
    .collect()
}

fn hooked() -> BTreeMap<String, Row> {
    rows().into_iter().collect()
}

/// Hooked look-ups.
fn lookups() -> BTreeSet<String> {
    let rows = LOOKUPS.split("address: cu").skip(1);
    rows.map(|row| format!("cu{}", row.split_once(' ').unwrap().0))
        .collect()
}

fn unhooked() -> BTreeMap<&'static str, &'static str> {
    let lines = UNHOOKED.lines().skip(1);
    lines.map(|line| line.split_once(',').unwrap()).collect()
}

#[test]
fn the_table_is_sorted_and_has_no_name_twice() {
    let names: Vec<_> = rows().into_iter().map(|(name, _)| name).collect();
    assert!(names.is_sorted_by(|a, b| a < b));
    assert!(names.len() > 200, "the table was not found");
}

#[test]
fn every_function_is_hooked_or_listed_with_a_reason() {
    let (hooked, lookups, unhooked, real) = (hooked(), lookups(), unhooked(), real());
    assert_eq!(lookups.len(), 2);
    for name in real.keys() {
        let is_hooked = hooked.contains_key(name) || lookups.contains(name);
        let reason = unhooked.get(name.as_str());
        assert!(is_hooked || reason.is_some(), "{name} is missing");
        assert!(
            !(is_hooked && reason.is_some()),
            "{name} is hooked and listed as not hooked"
        );
        assert!(
            reason.is_none_or(|text| text.len() > 8),
            "{name} has no reason"
        );
    }
    for name in hooked.keys().chain(&lookups) {
        assert!(real.contains_key(name), "{name} is no function of CUDA");
    }
    for name in unhooked.keys() {
        assert!(real.contains_key(*name), "{name} is no function of CUDA");
    }
}

/// Of the functions that name a stream only those are left alone that put nothing into it.
#[test]
fn what_takes_a_stream_is_hooked_unless_it_asks_captures_or_sets() {
    for (name, reason) in unhooked() {
        let takes_one = real()[name].stream != "no";
        let enqueues_nothing = reason.starts_with("asks") || reason.ends_with("enqueues nothing");
        assert!(!takes_one || enqueues_nothing, "{name}: {reason}");
    }
}

#[test]
fn hooks_have_the_signature_of_the_real_functions() {
    let real = real();
    for (name, row) in hooked() {
        let given = row.parameters.iter().map(|(_, kind)| match kind.as_str() {
            "Pointer" => "pointer",
            "Stream" => "stream",
            "Event" => "event",
            "MemLocation" => "CUmemLocation_v1",
            "EglFrame" => "CUeglFrame_v1",
            "IpcMemHandle" => "CUipcMemHandle_v1",
            plain => plain,
        });
        assert!(given.eq(real[&name].parameters.iter()), "{name}");
    }
}

/// The stream that a hook asks admission for is the call's own, and the per-thread variants' is the
/// per-thread stream.
#[test]
fn hooks_take_the_stream_that_the_call_names() {
    let real = real();
    for (name, row) in hooked() {
        let real = &real[&name];
        let operation = &row.operation;
        assert_eq!(
            real.per_thread,
            operation.contains("per_thread("),
            "{name} => {operation}"
        );
        if real.stream == "yes" {
            let stream = row.parameters.iter().find(|(_, kind)| kind == "Stream");
            let stream = &stream.unwrap().0;
            let expected = if real.per_thread {
                format!("per_thread({stream})")
            } else {
                stream.clone()
            };
            let arguments = operation.split_once('(').unwrap().1.trim_end_matches(')');
            let expected = expected.trim_end_matches(')');
            assert!(
                arguments
                    .split(", ")
                    .any(|it| it.trim_end_matches(')') == expected),
                "{name} => {operation}: no {expected}"
            );
        }
    }
}

/// The caller waits for some commands and not for others.
#[test]
fn operations_fit_the_functions() {
    for (name, row) in hooked() {
        let operation = row.operation.split_once('(').unwrap().0;
        let base = &real()[&name].base;
        let expected: &[&str] = match base.as_str() {
            "cuMemcpyHtoD" | "cuMemcpyDtoH" | "cuMemcpyHtoA" | "cuMemcpyAtoH" => &["block"],
            "cuMemcpy" | "cuMemcpy2D" | "cuMemcpy2DUnaligned" | "cuMemcpy3D" => &["may_block"],
            "cuStreamSynchronize" => &["synchronize_stream"],
            "cuStreamQuery" => &["query_stream"],
            "cuEventRecord" | "cuEventRecordWithFlags" => &["record"],
            "cuEventSynchronize" => &["synchronize_event"],
            "cuStreamBatchMemOp" => &["memory_operations"],
            it if it.starts_with("cuLaunchCooperativeKernelM") => &["launch_on_each"],
            it if it.starts_with("cuLaunch") && it.contains("Kernel") => &["launch_of"],
            it if it.starts_with("cuLaunch") || it.starts_with("cuMemset") => &["launch"],
            it if it.starts_with("cuMemcpy") => &["launch"],
            it if it.contains("StreamWait") || it.starts_with("cuWaitExternal") => {
                &["wait_event", "wait_for_any"]
            }
            it if it.contains("StreamCreate") => &["create_stream"],
            it if it.contains("BeginCapture") => &["begin_capture"],
            "cuMemFree" | "cuMemFreeHost" => &["wait_for_all"],
            it if it.contains("Unload") => &["wait_for_all"],
            it if it.contains("Load") || it.contains("Register") => &["may_wait"],
            it if it.starts_with("cuMem") && it.contains("Alloc") && !it.ends_with("Async") => {
                &["may_wait"]
            }
            _ => continue,
        };
        assert!(expected.contains(&operation), "{name} => {operation}");
    }
}

/// A look-up of the driver's is asked for a base name, and answers with a variant that a hook is looked for.
#[test]
fn every_variant_is_reached_from_its_base() {
    let (hooked, lookups) = (hooked(), lookups());
    let endings = VARIANTS.split_once("variants: &[").unwrap().1;
    let endings = endings.split_once(']').unwrap().0;
    let endings: Vec<_> = endings
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| text.trim_matches('"'))
        .collect();
    let real = real();
    for name in hooked.keys().chain(&lookups) {
        let base = &real[name].base;
        assert!(
            hooked.contains_key(base) || lookups.contains(base),
            "{base} is not hooked, {name} is"
        );
        let ending = name.strip_prefix(base.as_str()).unwrap();
        assert!(
            endings.contains(&ending),
            "{name}: no variant ends in {ending}"
        );
    }
    // All variants of a function or none: a look-up warns of what it does not know.
    for name in unhooked().keys() {
        assert!(!hooked.contains_key(&real[*name].base), "{name}");
    }
}

/// The rule by which variants are chosen ends where the list does.
#[test]
fn the_newest_version_is_the_list_s() {
    let versions = FUNCTIONS.lines().skip(1).map(|line| {
        let version = line.split(',').nth(2).unwrap();
        version.parse::<i32>().unwrap()
    });
    let newest = versions.max().unwrap();
    assert!(VARIANT.contains(&format!("const NEWEST: i32 = {newest};")));
    for (symbol, real) in real() {
        assert!(symbol.starts_with(&real.base), "{symbol}");
    }
}
