//! `dlsym` and `dlvsym`: a client that asks the real runtime's handle for a function gets the hook.
//!
//! Every other question goes on to whoever would have answered it without this library, by a jump: the
//! dynamic linker looks at its caller's address (RTLD_NEXT), and must see the application's.

use std::arch::naked_asm;
use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::elf::{Wanted, find, precedes_own};
use super::hook_named;
use super::other::in_charge;
use crate::device::driver::{OwnCall, in_own_call};

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
compile_error!("the interposer is written for Linux on x86-64, where ROCm and CUDA run");

type Dlsym = unsafe extern "C" fn(*mut c_void, *const c_char) -> *mut c_void;

/// The answer, or NULL and the function to jump to: returned in RAX and RDX.
#[repr(C)]
struct Answer {
    address: *const c_void,
    otherwise: *const c_void,
}

/// As the dynamic linker's own, but for the drivers' functions that this library hooks.
///
/// # Safety
/// As for the dynamic linker's.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void {
    naked_asm!(
        "mov rdx, [rsp]", // The caller.
        "push rdi",
        "push rsi",
        "sub rsp, 8",
        "call {answer}",
        "add rsp, 8",
        "pop rsi",
        "pop rdi",
        "test rax, rax",
        "jne 2f",
        "jmp rdx",
        "2: ret",
        answer = sym answer_dlsym,
    )
}

/// As `dlsym`, for a symbol at a version.
///
/// # Safety
/// As for the dynamic linker's.
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlvsym(
    handle: *mut c_void,
    name: *const c_char,
    version: *const c_char,
) -> *mut c_void {
    naked_asm!(
        "mov rcx, [rsp]", // The caller.
        "push rdi",
        "push rsi",
        "push rdx",
        "call {answer}",
        "mov rcx, rdx",
        "pop rdx",
        "pop rsi",
        "pop rdi",
        "test rax, rax",
        "jne 2f",
        "jmp rcx",
        "2: ret",
        answer = sym answer_dlvsym,
    )
}

unsafe extern "C" fn answer_dlsym(
    handle: *mut c_void,
    name: *const c_char,
    caller: *const c_void,
) -> Answer {
    static NEXT: Resolved = Resolved::new(c"dlsym");
    // SAFETY: the caller's arguments are those of `dlsym`.
    let ask = || c_library_dlsym(handle, unsafe { CStr::from_ptr(name) });
    answer(&NEXT, name, ask, handle, caller)
}

unsafe extern "C" fn answer_dlvsym(
    handle: *mut c_void,
    name: *const c_char,
    version: *const c_char,
    caller: *const c_void,
) -> Answer {
    static NEXT: Resolved = Resolved::new(c"dlvsym");
    static OF_C: Resolved = Resolved::new(c"dlvsym");
    type Dlvsym = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> *mut c_void;
    let ask = || {
        let found = OF_C.get(Wanted::OfTheCLibrary);
        if found.is_null() {
            return ptr::null();
        }
        // SAFETY: the C library's function of this name has this type.
        let real = unsafe { std::mem::transmute::<*const c_void, Dlvsym>(found) };
        // SAFETY: the caller's arguments are those of `dlvsym`.
        unsafe { real(handle, name, version) }.cast_const()
    };
    answer(&NEXT, name, ask, handle, caller)
}

/// `ask` asks the C library the same question.
fn answer(
    next: &Resolved,
    name: *const c_char,
    ask: impl FnOnce() -> *const c_void,
    handle: *mut c_void,
    caller: *const c_void,
) -> Answer {
    let otherwise = next.get(Wanted::Next);
    let pass = Answer {
        address: ptr::null(),
        otherwise,
    };
    if name.is_null() {
        return pass;
    }
    // SAFETY: not NULL; a NUL-terminated string by the contract of `dlsym`.
    let text = unsafe { CStr::from_ptr(name) };
    // In a call of our own, too: such a library asks when it is first called, perhaps by us, and keeps the answer.
    if handle == libc::RTLD_NEXT {
        return next_after(caller, text).map_or(pass, |address| Answer { address, otherwise });
    }
    if in_own_call() {
        return pass;
    }
    let Some((hooks, hook)) = hook_named(text.to_bytes()) else {
        return pass;
    };
    let answered = catch_unwind(AssertUnwindSafe(|| {
        let hooks_answer = in_charge();
        let _own = OwnCall::begin();
        if hooks_answer {
            hooks.answer(hook, ask())
        } else {
            hook.bypassed(ask())
        }
    }));
    match answered {
        Ok(Some(address)) if address.is_null() => {
            // Ours is there, the runtime's is not: to the application there is no such function, and
            // `dlerror` must say so.
            fail_to_find(text);
            Answer {
                address: ptr::null(),
                otherwise: nothing as *const c_void,
            }
        }
        Ok(Some(address)) => Answer { address, otherwise },
        Ok(None) | Err(_) => pass,
    }
}

/// Another library that stands in front of the dynamic linker asks whom to go on to. If it comes before
/// this one, that is this one; it would not be found, as such a library asks for the C library's version.
fn next_after(caller: *const c_void, name: &CStr) -> Option<*const c_void> {
    let own = match name.to_bytes() {
        b"dlsym" => dlsym as *const c_void,
        b"dlvsym" => dlvsym as *const c_void,
        _ => return None,
    };
    let answered = catch_unwind(|| precedes_own(caller) && in_charge());
    answered.unwrap_or(false).then_some(own)
}

/// Leaves the error of a look-up that finds nothing.
fn fail_to_find(name: &CStr) {
    // SAFETY: the C library is loaded in every process that gets here, and stays.
    let c_library =
        unsafe { libc::dlopen(c"libc.so.6".as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD) };
    c_library_dlsym(c_library, name);
}

extern "C" fn nothing() -> *mut c_void {
    ptr::null_mut()
}

/// The C library's `dlsym`.
pub(super) fn c_library_dlsym(handle: *mut c_void, name: &CStr) -> *const c_void {
    static OF_C: Resolved = Resolved::new(c"dlsym");
    let found = OF_C.get(Wanted::OfTheCLibrary);
    if found.is_null() {
        return ptr::null();
    }
    // SAFETY: the C library's function of this name has this type.
    let real = unsafe { std::mem::transmute::<*const c_void, Dlsym>(found) };
    // SAFETY: a NUL-terminated name; a handle is what the caller got from the dynamic linker.
    unsafe { real(handle, name.as_ptr()) }.cast_const()
}

/// A function of the dynamic linker, found once.
struct Resolved {
    name: &'static CStr,
    address: AtomicPtr<c_void>,
}

impl Resolved {
    const fn new(name: &'static CStr) -> Resolved {
        Resolved {
            name,
            address: AtomicPtr::new(ptr::null_mut()),
        }
    }

    fn get(&self, wanted: Wanted) -> *const c_void {
        let known = self.address.load(Ordering::Relaxed);
        if !known.is_null() {
            return known;
        }
        let found = find(self.name, wanted)
            // Nothing in between: the C library's.
            .or_else(|| find(self.name, Wanted::OfTheCLibrary))
            .unwrap_or(ptr::null());
        self.address.store(found.cast_mut(), Ordering::Relaxed);
        found
    }
}
