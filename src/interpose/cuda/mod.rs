//! CUDA's driver API: one table of hooks (`table.rs`), and what only its functions do.
//!
//! `functions.csv` is what the headers of CUDA 12 and 13 declare, made by ci/cuda_functions.sh; `unhooked.csv`
//! says why a function of it is left alone. tests/cuda_table.rs compares the three.

pub mod hooks;
mod ops;
mod structs;
mod table;
mod variant;

use super::Interposed;
use super::lookup::Hooks;
use crate::device::cuda::Cuda;

impl Interposed for Cuda {
    // That is cuInit's, which is not hooked.
    const FIRST_CALL_INITIALIZES: bool = false;
}

pub(super) static CUDA: Hooks = Hooks {
    functions: hooks::HOOKS,
    lookups: hooks::LOOKUPS,
    prefixes: &["cu"],
    variants: &[
        "", "_ptsz", "_ptds", "_v2", "_v2_ptsz", "_v2_ptds", "_v3", "_v4",
    ],
    library: "libcuda.so",
};
