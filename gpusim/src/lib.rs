//! What hipsim and cudasim, the stand-ins for two vendors' runtimes, have in common: streams on
//! hardware queues, events, captures, graphs, memory, faults. There is no GPU in it; work runs on
//! libxsched's software device. The two are front ends: they export a vendor's functions, and tell
//! the engine by a `Profile` where they differ.
//!
//! ```text
//!     a front end: exported functions, names of errors, modules, contexts that are current
//!      |
//!     capture, graph, kernel, context, stream, event      one concept each
//!      |
//!     op         what can be put into a stream, or a graph
//!      |
//!     front_end  hardware queues, and what their heads wait for
//!      |
//!     memory     every access of a command is checked here
//! ```

pub mod abi;
pub mod array;
pub mod call;
pub mod capture;
pub mod capture_info;
pub mod config;
pub mod context;
pub mod copy_batch;
pub mod device;
pub mod error;
pub mod event;
pub mod fault;
pub mod front_end;
pub mod graph;
pub mod graph_calls;
pub mod handles;
pub mod host_thread;
pub mod kernel;
pub mod memory;
pub mod op;
pub mod profile;
pub mod runtime;
pub mod stream;
pub mod stream_handle;
pub mod sync;
pub mod transfer;
pub mod wait;
mod wait_thread;
