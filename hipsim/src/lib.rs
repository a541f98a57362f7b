//! hipsim: a stand-in for AMD's HIP runtime, for tests, on libxsched's software device. There is no
//! GPU in it. `README.md` says what it models, `build.sh` makes the libraries from this archive.
//!
//! ```text
//!     api        exported functions: convert, call, write outputs; `call`: what each does first
//!      |
//!     capture, graph, module, stream, event      one concept of the API each
//!      |
//!     op         what can be put into a stream, or a graph
//!      |
//!     front_end  hardware queues, and what their heads wait for
//!      |
//!     memory     every access of a command is checked here
//! ```

mod abi;
mod api;
mod array;
mod call;
mod capture;
mod config;
mod device;
mod error;
mod event;
mod front_end;
mod graph;
mod handles;
mod host_thread;
mod kernel;
mod memory;
mod module;
mod op;
mod plt;
mod runtime;
mod stream;
mod sync;
mod wait;
mod wait_thread;
