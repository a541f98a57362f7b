//! Which variant of a function a driver chooses for a version and flags. All drivers that were looked at
//! answer with the address of the variant that they export, and then the address tells. For one that
//! answers with another, this is the rule that they follow.

use std::ffi::CStr;

use super::CUDA;
use crate::interpose::hook::Hook;

const FUNCTIONS: &str = include_str!("functions.csv");

/// `CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM`
const PER_THREAD: u64 = 2;

/// The newest version that the list speaks of.
const NEWEST: i32 = 13050;

struct Variant {
    symbol: &'static str,
    version: i32,
    per_thread: bool,
}

/// The variants of the function.
fn variants_of(base: &str) -> impl Iterator<Item = Variant> {
    // Symbols begin with their base.
    let lines = FUNCTIONS.lines().filter(move |line| line.starts_with(base));
    lines.filter_map(move |line| {
        let mut fields = line.split(',');
        let symbol = fields.next()?;
        if fields.next()? != base {
            return None;
        }
        Some(Variant {
            symbol,
            version: fields.next()?.parse().ok()?,
            per_thread: fields.next()? != "legacy",
        })
    })
}

/// The hook of the newest variant that is not newer than the version asked for, of those that the driver
/// has. `None` for a version that the list does not reach: what the driver found may be newer, and be
/// called in another way.
pub(super) fn chosen(name: &CStr, version: i32, flags: u64) -> Option<&'static Hook> {
    let base = name.to_str().ok()?;
    if version > NEWEST {
        return None;
    }
    let per_thread = flags & PER_THREAD != 0 && variants_of(base).any(|variant| variant.per_thread);
    variants_of(base)
        .filter(|variant| variant.per_thread == per_thread && variant.version <= version)
        .filter_map(|variant| Some((variant.version, CUDA.named(variant.symbol.as_bytes())?)))
        .filter(|(_, hook)| !hook.original.get().is_null())
        .max_by_key(|(version, _)| *version)
        .map(|(_, hook)| hook)
}
