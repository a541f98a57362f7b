//! Generates the C header from `src/abi` into `OUT_DIR`.
//!
//! The committed `include/xsched.h` is what users get; `tests/header.rs` fails when the two differ and
//! `make header` copies the generated one over it. Nothing outside `OUT_DIR` is written by a build.

use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=src/abi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("set by cargo"));

    let mut config =
        cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    // The version macros come from Cargo.toml, the only place that states the version.
    let version =
        |part: &str| std::env::var(format!("CARGO_PKG_VERSION_{part}")).expect("set by cargo");
    config.after_includes = Some(format!(
        "\n#define XSCHED_VERSION_MAJOR {}\n#define XSCHED_VERSION_MINOR {}\n#define XSCHED_VERSION_PATCH {}",
        version("MAJOR"),
        version("MINOR"),
        version("PATCH")
    ));

    let mut builder = cbindgen::Builder::new().with_config(config);
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("src/abi"))
        .expect("src/abi exists")
        .map(|entry| entry.expect("src/abi is readable").path())
        .filter(|path| !path.ends_with("mod.rs"))
        .collect();
    // `types` first, the rest by name: the header's order must not depend on the file system.
    files.sort_by_key(|path| (!path.ends_with("types.rs"), path.clone()));
    for file in files {
        builder = builder.with_src(file);
    }
    builder
        .generate()
        .expect("src/abi is valid for cbindgen")
        .write_to_file(out.join("xsched.h"));
}
