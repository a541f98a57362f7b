//! The dynamic linker's own functions, past every library that stands in front of them.
//!
//! `dlsym` and `dlvsym` are among the names that this library defines, so it cannot ask them for
//! themselves: it reads the symbol tables of the loaded objects, as the dynamic linker does. The tables
//! and the hash are those of the System V ABI and its GNU extension (DT_GNU_HASH).

use std::ffi::{CStr, c_char, c_int, c_void};
use std::slice;

use crate::device::loaded::base_of;

/// Which definition of a symbol is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The C library's.
    OfTheCLibrary,
    /// The first after this library, in the order in which objects were loaded: what a call would reach
    /// if this library were not there.
    Next,
}

/// The address of `name`'s definition.
pub(super) fn find(name: &CStr, wanted: Wanted) -> Option<*const c_void> {
    let mut search = Search {
        name,
        wanted,
        own_base: base_of(find as *const c_void)?,
        passed_own: false,
        found: None,
    };
    // SAFETY: `visit` is called during this call only, and `search` outlives it.
    unsafe { libc::dl_iterate_phdr(Some(visit), (&raw mut search).cast()) };
    search.found
}

/// True if this address belongs to an object that was loaded before this library.
pub(super) fn precedes_own(address: *const c_void) -> bool {
    let mut order = Order {
        address: address as usize,
        own: precedes_own as *const c_void as usize,
        precedes: false,
    };
    // SAFETY: `compare` is called during this call only, and `order` outlives it.
    unsafe { libc::dl_iterate_phdr(Some(compare), (&raw mut order).cast()) };
    order.precedes
}

struct Order {
    address: usize,
    own: usize,
    precedes: bool,
}

/// Ends at whichever of the two comes first.
unsafe extern "C" fn compare(
    info: *mut libc::dl_phdr_info,
    _size: usize,
    order: *mut c_void,
) -> c_int {
    // SAFETY: the dynamic linker passes a valid description of a loaded object.
    let info = unsafe { &*info };
    // SAFETY: `precedes_own` passes its own `Order`, which nobody else touches meanwhile.
    let order = unsafe { &mut *order.cast::<Order>() };
    let Some(object) = Object::of(info) else {
        return 0;
    };
    let is_own = object.contains(order.own);
    order.precedes = !is_own && object.contains(order.address);
    c_int::from(is_own || order.precedes)
}

struct Search<'a> {
    name: &'a CStr,
    wanted: Wanted,
    own_base: usize,
    passed_own: bool,
    found: Option<*const c_void>,
}

unsafe extern "C" fn visit(
    info: *mut libc::dl_phdr_info,
    _size: usize,
    search: *mut c_void,
) -> c_int {
    // SAFETY: the dynamic linker passes a valid description of a loaded object.
    let info = unsafe { &*info };
    // SAFETY: `find` passes its own `Search`, which nobody else touches meanwhile.
    let search = unsafe { &mut *search.cast::<Search<'_>>() };
    let Some(object) = Object::of(info) else {
        return 0;
    };
    if object.contains(search.own_base) {
        search.passed_own = true;
        return 0;
    }
    let eligible = match search.wanted {
        Wanted::Next => search.passed_own,
        Wanted::OfTheCLibrary => is_c_library(info),
    };
    if eligible {
        search.found = object.symbol(search.name);
    }
    c_int::from(search.found.is_some())
}

/// glibc before 2.34 has `dlsym` in a library of its own.
fn is_c_library(info: &libc::dl_phdr_info) -> bool {
    // SAFETY: the dynamic linker's names are NUL-terminated strings.
    let path = unsafe { CStr::from_ptr(info.dlpi_name) }.to_bytes();
    let file = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
    matches!(file, b"libc.so.6" | b"libdl.so.2")
}

/// One loaded object: its load address, extent, and dynamic tables.
struct Object {
    load: usize,
    end: usize,
    first: usize,
    symbols: *const libc::Elf64_Sym,
    strings: *const c_char,
    hash: *const u32,
}

const PT_DYNAMIC: u32 = 2;
const PT_LOAD: u32 = 1;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;
const DT_GNU_HASH: u64 = 0x6fff_fef5;

#[repr(C)]
struct Dynamic {
    tag: u64,
    value: u64,
}

impl Object {
    fn of(info: &libc::dl_phdr_info) -> Option<Object> {
        let load = usize::try_from(info.dlpi_addr).ok()?;
        // SAFETY: `dlpi_phnum` program headers stand at `dlpi_phdr` for as long as the object is loaded.
        let headers =
            unsafe { slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum)) };
        let address = |offset: u64| {
            usize::try_from(offset)
                .ok()
                .map(|offset| load.wrapping_add(offset))
        };
        let loads = || headers.iter().filter(|header| header.p_type == PT_LOAD);
        let first = loads().filter_map(|header| address(header.p_vaddr)).min()?;
        let end = loads()
            .filter_map(|header| address(header.p_vaddr + header.p_memsz))
            .max()?;
        let dynamic = headers.iter().find(|header| header.p_type == PT_DYNAMIC)?;
        let mut object = Object {
            load,
            end,
            first,
            symbols: std::ptr::null(),
            strings: std::ptr::null(),
            hash: std::ptr::null(),
        };
        let mut entry = address(dynamic.p_vaddr)? as *const Dynamic;
        loop {
            // SAFETY: the dynamic section ends with an entry of tag 0, at which this loop ends.
            let Dynamic { tag, value } = unsafe { entry.read() };
            let table = object.relocated(value);
            match tag {
                0 => break,
                DT_STRTAB => object.strings = table as *const c_char,
                DT_SYMTAB => object.symbols = table as *const libc::Elf64_Sym,
                DT_GNU_HASH => object.hash = table as *const u32,
                _ => {}
            }
            entry = entry.wrapping_add(1);
        }
        let complete =
            !object.symbols.is_null() && !object.strings.is_null() && !object.hash.is_null();
        complete.then_some(object)
    }

    /// glibc relocates the addresses in a dynamic section, except where it is read-only (the vDSO).
    fn relocated(&self, value: u64) -> usize {
        let value = usize::try_from(value).unwrap_or(0);
        if self.contains(value) {
            value
        } else {
            self.load.wrapping_add(value)
        }
    }

    fn contains(&self, address: usize) -> bool {
        (self.first..self.end).contains(&address)
    }

    /// The header of DT_GNU_HASH: buckets, first hashed symbol, Bloom words; then the tables.
    fn symbol(&self, name: &CStr) -> Option<*const c_void> {
        // SAFETY: a GNU hash table begins with four words.
        let header = unsafe { slice::from_raw_parts(self.hash, 4) };
        let [bucket_count, first_hashed, bloom_words, _] = *header else {
            return None;
        };
        // Each Bloom word has 64 bits; the filter only saves time, so it is skipped.
        let buckets = self
            .hash
            .wrapping_add(4)
            .wrapping_add(2 * bloom_words as usize);
        let chains = buckets.wrapping_add(bucket_count as usize);
        let hash = gnu_hash(name);
        let bucket = buckets.wrapping_add((hash % bucket_count.max(1)) as usize);
        // SAFETY: there are `bucket_count` buckets; an object without symbols has one, which is 0.
        let mut index = unsafe { bucket.read() };
        if index < first_hashed {
            return None;
        }
        loop {
            let link = chains.wrapping_add((index - first_hashed) as usize);
            // SAFETY: every chain ends with a hash whose lowest bit is set, at which this loop ends.
            let candidate = unsafe { link.read() };
            if candidate | 1 == hash | 1
                && let Some(found) = self.definition(index, name)
            {
                return Some(found);
            }
            if candidate & 1 == 1 {
                return None;
            }
            index += 1;
        }
    }

    fn definition(&self, index: u32, name: &CStr) -> Option<*const c_void> {
        let at = self.symbols.wrapping_add(index as usize);
        // SAFETY: the hash table only names symbols of this table.
        let symbol = unsafe { at.read() };
        let text = self.strings.wrapping_add(symbol.st_name as usize);
        // SAFETY: a symbol's name is a NUL-terminated string in the string table.
        let text = unsafe { CStr::from_ptr(text) };
        if text != name || symbol.st_shndx == 0 {
            return None;
        }
        let offset = usize::try_from(symbol.st_value).ok()?;
        Some(self.load.wrapping_add(offset) as *const c_void)
    }
}

/// The hash function of DT_GNU_HASH (Bernstein's, 33 times plus the byte).
fn gnu_hash(name: &CStr) -> u32 {
    name.to_bytes().iter().fold(5381, |hash: u32, &byte| {
        hash.wrapping_mul(33).wrapping_add(u32::from(byte))
    })
}
