//! hipsim: a stand-in for AMD's HIP runtime, for tests. There is no GPU in it. `README.md` says
//! what it models, `build.sh` makes the libraries from this archive.
//!
//! ```text
//!     api        exported functions: convert, call, write outputs; `call`: what each does last
//!      |
//!     module, current     HIP's own concepts
//!      |
//!     gpusim     the engine: streams, events, captures, graphs, memory
//! ```

mod api;
mod call;
mod current;
mod error;
mod module;
mod plt;
mod profile;
