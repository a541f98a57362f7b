//! The C API: one file per C object.
//!
//! An export does four things and nothing else: guard against unwinding, convert its arguments,
//! call the safe core, write its outputs. Any thread may call any export.

mod cuda;
mod guard;
mod handle;
mod hint;
mod hip;
mod host;
mod hw;
mod queue;
mod stats;
pub mod types;

pub use cuda::*;
pub use hint::*;
pub use hip::*;
pub use host::*;
pub use hw::*;
pub use queue::*;
pub use stats::*;
