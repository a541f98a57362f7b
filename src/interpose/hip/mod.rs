//! HIP: one table of hooks (`table.rs`), and what only HIP's functions do.

pub mod hooks;
mod ops;
mod structs;
mod table;

use super::Interposed;
use super::lookup::Hooks;
use crate::device::hip::Hip;

impl Interposed for Hip {
    // Whose answer to a first call may differ from later ones (5.7.1 without a device).
    const FIRST_CALL_INITIALIZES: bool = true;
}

pub(super) static HIP: Hooks = Hooks {
    functions: hooks::HOOKS,
    lookups: hooks::LOOKUPS,
    prefixes: &["hip", "__hip", "_Z"],
    variants: &["", "_spt", "_v2", "_v2_spt"],
    library: "libamdhip64",
};
