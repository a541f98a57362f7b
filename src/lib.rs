//! libxsched: an embedded scheduling runtime for GPU commands.
//!
//! The product is the C API in `include/xsched.h`; the Rust modules are its implementation and may
//! change at any time. Dependencies run one way only (`ci/layers.sh` checks it):
//!
//! ```text
//!      abi,  interpose      C callers: guard, convert, call, write outputs; a driver's own callers
//!             |
//!          process          what exists once per process; fork and exit
//!             |
//!          runtime          owns queues and devices; events to sched, operations to queues
//!          /  |  \
//!     sched   |   queue     sched: pure state machine; queue: admission, gates, idleness
//!             |     |
//!             |   device    the trait, and behind it the software device and HIP
//!             |     |
//!          observe ---      statistics and traces
//! ```
//!
//! `error`, `config`, `log`, `clock`, `sync` and `thread` are leaves that any module may use. Start reading at
//! `queue/README.md`: the admission protocol is what everything else serves.

#![warn(missing_docs)]

#[cfg(not(loom))]
pub mod abi;
#[cfg(not(loom))]
pub(crate) mod clock;
#[cfg(not(loom))]
pub mod config;
#[cfg(not(loom))]
pub mod device;
#[cfg(not(loom))]
pub mod error;
#[cfg(all(any(feature = "interpose-hip", feature = "interpose-cuda"), not(loom)))]
pub mod interpose;
#[cfg(not(loom))]
pub mod log;
#[cfg(not(loom))]
pub mod observe;
#[cfg(not(loom))]
pub mod process;
pub mod queue;
#[cfg(not(loom))]
pub mod runtime;
#[cfg(not(loom))]
pub mod sched;
pub(crate) mod sync;
#[cfg(not(loom))]
pub(crate) mod thread;
