//! The system libraries that a static consumer must link are the ones CMakeLists.txt names, for CMake and pkg-config alike.

use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn cmake_names_what_rustc_names() {
    // A program of one empty library is enough: the list is that of the standard library.
    let out = env!("CARGO_TARGET_TMPDIR");
    let source = format!("{out}/empty.rs");
    std::fs::write(&source, "").unwrap();
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let printed = Command::new(rustc)
        .args([
            "--crate-type",
            "staticlib",
            "--print",
            "native-static-libs",
            "--out-dir",
            out,
        ])
        .arg(&source)
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stderr).unwrap();
    let line = printed
        .lines()
        .find_map(|line| line.split_once("native-static-libs:"))
        .unwrap()
        .1;
    // The compiler adds libc itself.
    let needed: BTreeSet<&str> = line
        .split_whitespace()
        .map(|word| word.trim_start_matches("-l"))
        .filter(|l| *l != "c")
        .collect();
    assert!(needed.contains("pthread"), "unexpected: {line}");

    let cmake = include_str!("../CMakeLists.txt");
    let list = cmake
        .split_once("set(xsched_system_libraries ")
        .unwrap()
        .1
        .split_once(')')
        .unwrap()
        .0;
    assert_eq!(list.split_whitespace().collect::<BTreeSet<_>>(), needed);
}
