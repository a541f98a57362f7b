//! Generates the C header from `src/abi` into `OUT_DIR`.
//!
//! The committed `include/xsched.h` is what users get; `tests/header.rs` fails when the two differ and
//! `make header` copies the generated one over it. Nothing outside `OUT_DIR` is written by a build.

use std::env::var;
use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src/abi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    let root = PathBuf::from(var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(var("OUT_DIR")?);

    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml"))?;
    // The version macros come from Cargo.toml, the only place that states the version.
    let mut macros = String::new();
    for part in ["MAJOR", "MINOR", "PATCH"] {
        let number = var(format!("CARGO_PKG_VERSION_{part}"))?;
        macros += &format!("\n#define XSCHED_VERSION_{part} {number}");
    }
    config.after_includes = Some(macros);

    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in sources(&root.join("src/abi"))? {
        builder = builder.with_src(file);
    }
    builder.generate()?.write_to_file(out.join("xsched.h"));
    Ok(())
}

/// `types` first, the rest by name: the header's order must not depend on the file system.
fn sources(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.retain(|path| !path.ends_with("mod.rs"));
    files.sort_by_key(|path| (!path.ends_with("types.rs"), path.clone()));
    Ok(files)
}
