//! HIP: one table of hooks (`table.rs`), what each does (`ops.rs`), and how clients reach them that do
//! not link against HIP (`lookup.rs`).

pub mod hooks;
mod lookup;
mod ops;
mod original;
mod structs;
mod table;

pub(super) use self::lookup::{answer, hook_named};
