//! The table of hooks against what the real HIP runtimes export (hipsim/abi): every function that
//! concerns a stream is hooked at its node with its own signature, or is listed with the reason why not.
//! And `hip_version.map` against the table; the product's exports are compared in ci/exports.sh.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const TABLE: &str = include_str!("../src/interpose/hip/table.rs");
const LOOKUPS: &str = include_str!("../src/interpose/hip/hooks.rs");
const UNHOOKED: &str = include_str!("../src/interpose/hip/unhooked.csv");
const FUNCTIONS: &str = include_str!("../hipsim/abi/functions.csv");
const MAP: &str = include_str!("../hip_version.map");

/// A function of the real runtimes.
struct Real {
    class: String,
    stream_index: Option<usize>,
    stream_kind: String,
    returns: String,
    parameters: Vec<String>,
    node: String,
}

fn real() -> BTreeMap<String, Real> {
    FUNCTIONS
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split(',').collect();
            let [name, class, index, kind, returns, parameters, node, ..] = fields[..] else {
                panic!("{line}");
            };
            let parameters = parameters.split(';').map(str::trim);
            let real = Real {
                class: class.into(),
                stream_index: index.parse().ok(),
                stream_kind: kind.into(),
                returns: returns.into(),
                parameters: parameters
                    .filter(|&text| !text.is_empty() && text != "void")
                    .map(str::to_owned)
                    .collect(),
                node: node.into(),
            };
            (name.to_owned(), real)
        })
        .collect()
}

/// A row of the table.
struct Row {
    node: String,
    /// Name and type in ABI terms.
    parameters: Vec<(String, String)>,
    returns: String,
    operation: String,
}

fn rows() -> Vec<(String, Row)> {
    let body = TABLE.split_once("$with! {").unwrap().1;
    let body = body
        .split_once("\n    };\n}")
        .unwrap()
        .0
        .trim_end()
        .trim_end_matches('}');
    let rows = body
        .split(";\n")
        .map(str::trim)
        .filter(|row| !row.is_empty());
    rows.map(|row| {
        let (node, rest) = row[1..].split_once("\" ").unwrap();
        let (name, rest) = rest.split_once('(').unwrap();
        let (parameters, rest) = rest.split_once(')').unwrap();
        let (returns, operation) = rest.split_once("=>").unwrap();
        let parameters = parameters
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let row = Row {
            node: node.into(),
            parameters: parameters
                .map(|text| {
                    let (name, kind) = text.split_once(": ").unwrap();
                    (name.to_owned(), kind.to_owned())
                })
                .collect(),
            returns: returns.replace("->", "").trim().into(),
            operation: operation.trim().into(),
        };
        (name.to_owned(), row)
    })
    .collect()
}

fn hooked() -> BTreeMap<String, Row> {
    rows().into_iter().collect()
}

/// Hooked look-ups and their nodes.
fn lookups() -> BTreeMap<String, String> {
    let rows = LOOKUPS.split("node: \"").skip(1);
    rows.filter_map(|row| {
        let (node, rest) = row.split_once("\", name: \"")?;
        Some((rest.split_once('"')?.0.to_owned(), node.to_owned()))
    })
    .collect()
}

/// How a parameter of the C declaration is passed.
fn abi_type(parameter: &str) -> &str {
    if parameter.contains(['*', '&']) {
        return "Pointer";
    }
    let kind = parameter
        .rsplit_once(' ')
        .map_or(parameter, |(kind, _)| kind);
    let kind = ["const ", "enum ", "struct "]
        .iter()
        .fold(kind, |kind, word| kind.strip_prefix(word).unwrap_or(kind));
    match kind.trim() {
        "hipStream_t" => "Stream",
        "hipEvent_t" => "Event",
        "size_t" | "uintptr_t" => "usize",
        "int" | "hipDevice_t" | "hipLimit_t" | "hipMemcpyKind" | "hipStreamCaptureMode" => "i32",
        "unsigned int" | "uint32_t" => "u32",
        "unsigned long long" | "uint64_t" => "u64",
        "unsigned short" => "u16",
        "unsigned char" => "u8",
        "dim3" => "Dim3",
        "hipPitchedPtr" => "PitchedPtr",
        "hipExtent" => "Extent",
        "hipMemLocation" => "MemLocation",
        // Handles: pointers to incomplete types, and surface and texture objects.
        handle if handle.starts_with("hip") && handle.ends_with("_t") => "Pointer",
        other => panic!("how is {other} passed?"),
    }
}

#[test]
fn the_table_is_sorted_and_has_no_name_twice() {
    let names: Vec<_> = rows().into_iter().map(|(name, _)| name).collect();
    assert!(names.is_sorted_by(|a, b| a < b));
}

#[test]
fn every_function_that_concerns_a_stream_is_hooked_or_listed_with_a_reason() {
    let hooked = hooked();
    let lookups = lookups();
    let unhooked: BTreeMap<_, _> = UNHOOKED
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .collect();
    for (name, real) in real() {
        let concerns_streams = !matches!(real.class.as_str(), "query" | "spt:query");
        let is_hooked = hooked.contains_key(&name) || lookups.contains_key(&name);
        let reason = unhooked.get(name.as_str());
        assert!(
            !(is_hooked && reason.is_some()),
            "{name} is hooked and listed as not hooked"
        );
        if concerns_streams {
            assert!(
                is_hooked || reason.is_some(),
                "{name} ({}) is missing",
                real.class
            );
        }
        assert!(
            reason.is_none_or(|text| text.len() > 8),
            "{name} has no reason"
        );
    }
    let known: BTreeSet<_> = real().into_keys().collect();
    for name in hooked.keys().chain(lookups.keys()) {
        assert!(known.contains(name), "{name} is no function of HIP");
    }
    for name in unhooked.keys() {
        assert!(known.contains(*name), "{name} is no function of HIP");
    }
}

#[test]
fn hooks_have_the_node_and_the_signature_of_the_real_functions() {
    let real = real();
    for (name, row) in hooked() {
        let real = &real[&name];
        assert_eq!(row.node, real.node, "{name}");
        let given: Vec<_> = row
            .parameters
            .iter()
            .map(|(_, kind)| kind.as_str())
            .collect();
        let expected: Vec<_> = real.parameters.iter().map(|text| abi_type(text)).collect();
        assert_eq!(given, expected, "{name}");
        assert_eq!(row.returns == "()", real.returns == "void", "{name}");
    }
    for (name, node) in lookups() {
        assert_eq!(node, real[&name].node, "{name}");
    }
}

/// The stream that a hook asks admission for is the call's own, and the per-thread variants' is the
/// per-thread stream.
#[test]
fn hooks_take_the_stream_that_the_call_names() {
    let real = real();
    for (name, row) in hooked() {
        let real = &real[&name];
        let class = real.class.trim_start_matches("spt:");
        let named = match (real.stream_index, real.stream_kind.as_str()) {
            (Some(at), "value") => row.parameters[at].0.clone(),
            _ => "NULL".to_owned(),
        };
        let expected = if real.class.starts_with("spt:") {
            format!("per_thread({named})")
        } else {
            named
        };
        if class == "sync_null" || (class != "implicit_sync" && real.stream_kind == "value") {
            assert!(
                row.operation.contains(&format!("({expected}"))
                    || row.operation.contains(&format!(", {expected})")),
                "{name} => {}: no {expected}",
                row.operation
            );
        }
        let fits = match class {
            "launch" => row.operation.starts_with("launch"),
            "stream_async" => ["launch(", "copy(", "free(", "wait_for_any("]
                .iter()
                .any(|o| row.operation.starts_with(o)),
            "sync_null" => ["launch(", "copy(", "block("]
                .iter()
                .any(|o| row.operation.starts_with(o)),
            "implicit_sync" => ["wait_for_all(", "reset_device(", "block("]
                .iter()
                .any(|o| row.operation.starts_with(o)),
            "sync_wait" => ["synchronize", "query"]
                .iter()
                .any(|operation| row.operation.starts_with(operation)),
            _ => true,
        };
        assert!(fits, "{name} of class {class} => {}", row.operation);
    }
}

type Nodes = BTreeMap<String, BTreeSet<String>>;

/// Node to names, and each node with its parent, in order.
fn map() -> (Nodes, Vec<(String, String)>) {
    let mut nodes = BTreeMap::new();
    let mut chain = Vec::new();
    let mut node = String::new();
    for line in MAP.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_suffix(" {") {
            node = name.to_owned();
            nodes.insert(node.clone(), BTreeSet::new());
        } else if let Some(parent) = line.strip_prefix('}') {
            chain.push((node.clone(), parent.trim_matches([' ', ';']).to_owned()));
        } else if let Some(name) = line.strip_prefix("    ")
            && let Some(name) = name.strip_suffix(';')
            && !name.contains(['[', ' '])
        {
            nodes.get_mut(&node).unwrap().insert(name.to_owned());
        }
    }
    (nodes, chain)
}

#[test]
fn a_symbol_at_a_wrong_node_is_caught() {
    let (nodes, chain) = map();
    let mut expected = Nodes::new();
    let hooked = hooked().into_iter().map(|(name, row)| (name, row.node));
    for (name, node) in hooked.chain(lookups()) {
        expected.entry(node).or_default().insert(name);
    }
    for (node, names) in &nodes {
        if node.starts_with("hip_") {
            assert_eq!(
                names,
                expected.get(node).unwrap_or(&BTreeSet::new()),
                "{node}"
            );
        }
    }
    let real_nodes: BTreeSet<_> = real().into_values().map(|real| real.node).collect();
    let ours: BTreeSet<_> = nodes
        .keys()
        .filter(|node| node.starts_with("hip_"))
        .cloned()
        .collect();
    assert_eq!(
        ours, real_nodes,
        "every node of the real runtimes, and no other"
    );
    assert_eq!(ours.len(), 17);
    for pair in chain[..17].windows(2) {
        assert_eq!(pair[1].1, pair[0].0, "the nodes are one chain");
    }
}

#[test]
fn the_version_map_is_up_to_date() {
    let checked = Command::new("ci/hip_map.sh").status().unwrap();
    assert!(checked.success());
}
