//! C types of the APIs, and what a C caller promises about its pointers: every pointer argument
//! has one of these types, so the unsafe reads and writes of the whole API are here.

use std::ffi::{CStr, c_char, c_void};

use crate::error::{Code, Result};

/// An address that the runtime checks itself, or that only commands use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(transparent)]
pub struct Address(pub usize);

impl Address {
    pub fn is_null(self) -> bool {
        self.0 == 0
    }

    pub fn offset(self, bytes: usize) -> Address {
        Address(self.0.wrapping_add(bytes))
    }

    pub fn as_ptr(self) -> *mut c_void {
        std::ptr::with_exposed_provenance_mut(self.0)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:#x}", self.0)
    }
}

/// NULL, or valid for one read of `T` during the call.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct In<T>(*const T);

impl<T: Copy> In<T> {
    /// For arguments whose layout depends on the release.
    pub fn at(address: Address) -> In<T> {
        In(address.as_ptr().cast_const().cast())
    }

    pub fn get(self) -> Result<T> {
        self.optional().ok_or(Code::INVALID_VALUE)
    }

    pub fn optional(self) -> Option<T> {
        // SAFETY: `T` is a C structure without invalid values; the C caller upholds that the
        // pointer is NULL or valid for a read, possibly unaligned.
        (!self.0.is_null()).then(|| unsafe { self.0.read_unaligned() })
    }

    /// The first `count` elements of the array it points to.
    pub fn array(self, count: usize) -> Result<Vec<T>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        if self.0.is_null() {
            return Err(Code::INVALID_VALUE);
        }
        // SAFETY: the C caller upholds that the array has `count` elements and is aligned as C
        // asks.
        Ok(unsafe { std::slice::from_raw_parts(self.0, count) }.to_vec())
    }
}

/// NULL, or valid for one write of `T` during the call.
#[repr(transparent)]
pub struct Out<T>(*mut T);

// Derived, these would ask for a `T` that can be copied.
impl<T> Clone for Out<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Out<T> {}

impl<T> Out<T> {
    /// For memory of the runtime's own, which must be live and large enough.
    pub fn at(address: Address) -> Out<T> {
        Out(address.as_ptr().cast())
    }

    pub fn put(self, value: T) -> Result {
        if self.0.is_null() {
            return Err(Code::INVALID_VALUE);
        }
        self.put_optional(value);
        Ok(())
    }

    /// Writes nothing after an error.
    pub fn put_result(self, result: Result<T>) -> Result {
        self.require()?;
        self.put(result?)
    }

    /// As `put`, but NULL means that the caller does not want it.
    pub fn put_optional(self, value: T) {
        if !self.0.is_null() {
            // SAFETY: the C caller upholds that the pointer is valid for a write of `T`.
            unsafe { self.0.write_unaligned(value) };
        }
    }

    /// For functions without this output.
    pub fn none() -> Out<T> {
        Out(std::ptr::null_mut())
    }

    pub fn require(self) -> Result {
        if self.0.is_null() {
            Err(Code::INVALID_VALUE)
        } else {
            Ok(())
        }
    }

    pub fn is_null(self) -> bool {
        self.0.is_null()
    }

    /// Fills the first elements of the array it points to, as many as there are values.
    pub fn put_all(self, values: impl IntoIterator<Item = T>) -> Result {
        self.require()?;
        for (index, value) in values.into_iter().enumerate() {
            Out(self.0.wrapping_add(index)).put_optional(value);
        }
        Ok(())
    }
}

impl<T: Copy> Out<T> {
    pub fn array(self, count: usize) -> Result<Vec<T>> {
        In(self.0.cast_const()).array(count)
    }

    /// For the few arguments that are read and written.
    pub fn read(self) -> Result<T> {
        In(self.0.cast_const()).get()
    }
}

/// NULL, or a string that ends with 0.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Text(*const c_char);

impl Text {
    pub fn get(self) -> Result<String> {
        if self.0.is_null() {
            return Err(Code::INVALID_VALUE);
        }
        // SAFETY: the C caller upholds that this is a string that ends with 0 and lives for the
        // call.
        let text = unsafe { CStr::from_ptr(self.0) };
        Ok(text.to_string_lossy().into_owned())
    }
}

/// Writes a string of at most `bytes` bytes, its end included.
pub fn put_text(out: Out<u8>, bytes: i32, text: &str) -> Result {
    let room = usize::try_from(bytes)
        .ok()
        .and_then(|bytes| bytes.checked_sub(1));
    let room = room.ok_or(Code::INVALID_VALUE)?;
    let text = &text.as_bytes()[..text.len().min(room)];
    out.put_all(text.iter().copied().chain([0]))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Dim3 {
    pub x: u32,
    pub y: u32,
    pub z: u32,
}

impl Dim3 {
    pub fn count(self) -> u64 {
        u64::from(self.x) * u64::from(self.y) * u64::from(self.z)
    }
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Extent {
    pub width: usize,
    pub height: usize,
    pub depth: usize,
}

impl Extent {
    /// Of two dimensions.
    pub fn plane(width: usize, height: usize) -> Extent {
        Extent {
            width,
            height,
            depth: 1,
        }
    }
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Pos {
    pub x: usize,
    pub y: usize,
    pub z: usize,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct PitchedPtr {
    pub ptr: Address,
    pub pitch: usize,
    pub xsize: usize,
    pub ysize: usize,
}

/// `hipMemcpyKind`; CUDA's driver has no such argument, every copy is of the default kind.
pub const HOST_TO_DEVICE: u32 = 1;
pub const DEVICE_TO_HOST: u32 = 2;
pub const DEVICE_TO_DEVICE: u32 = 3;
pub const DEFAULT_KIND: u32 = 4;

/// Host functions and callbacks of streams.
pub type HostFunction = Option<unsafe extern "C" fn(*mut c_void)>;
pub type StreamCallback = Option<unsafe extern "C" fn(Address, i32, *mut c_void)>;
