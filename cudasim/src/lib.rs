//! cudasim: a stand-in for NVIDIA's CUDA driver library, for tests. There is no GPU in it.
//! `README.md` says what it models, `build.sh` makes the libraries from this archive.
//!
//! ```text
//!     api        exported functions: convert, call, write outputs; `call`: what each does first
//!      |
//!     context, module, symbols     CUDA's own concepts
//!      |
//!     gpusim     the engine: streams, events, captures, graphs, memory
//! ```

mod api;
mod call;
mod context;
mod default_stream;
mod error;
mod module;
mod profile;
mod ptx;
mod symbols;
