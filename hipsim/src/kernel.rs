//! Kernels: host functions with arguments that are copied at launch.

use std::ffi::c_void;
use std::sync::{Arc, OnceLock};

use crate::abi::{Address, Dim3};
use crate::error::{Code, Result};
use crate::handles::handle_of;
use crate::stream::{Kind, Stream};

/// Most threads in a block.
pub(crate) const MAX_BLOCK: u64 = 1024;

/// `hipsim_body`.
pub(crate) type Body = Option<unsafe extern "C" fn(*mut *mut c_void, *const LaunchInfo)>;

/// `hipsim_argument`.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Argument {
    pub(crate) bytes: u32,
    pub(crate) align: u32,
}

/// `hipsim_launch`.
#[repr(C)]
pub(crate) struct LaunchInfo {
    grid: [u32; 3],
    block: [u32; 3],
    shared_bytes: u32,
    device: i32,
    stream: Address,
}

/// A kernel of a module.
pub(crate) struct Function {
    pub(crate) name: std::ffi::CString,
    pub(crate) body: Body,
    pub(crate) arguments: Vec<Argument>,
}

/// Where a launch finds its arguments.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// `void **`: one pointer per argument.
    Pointers(Address),
    /// `extra`: one block with all arguments, laid out as a C structure.
    Block(Address),
}

/// How large a launch is.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) grid: Dim3,
    pub(crate) block: Dim3,
    pub(crate) shared_bytes: u32,
}

/// One launch, its arguments with it.
pub(crate) struct Launch {
    pub(crate) function: Arc<Function>,
    /// As the application named the kernel: a host function or a `hipFunction_t`.
    pub(crate) name: Address,
    pub(crate) shape: Shape,
    /// Every argument, each at a multiple of 16 bytes.
    storage: Vec<u128>,
    /// For who asks a graph's node for its arguments: their addresses in `storage`.
    list: OnceLock<Vec<usize>>,
}

impl Source {
    /// From the two arguments that the module launch functions have.
    pub(crate) fn new(params: Address, extra: Address) -> Result<Source> {
        const BUFFER_POINTER: usize = 1;
        const BUFFER_SIZE: usize = 2;
        const END: usize = 3;
        if extra.is_null() {
            return Ok(Source::Pointers(params));
        }
        let entry = |index: usize| {
            let list = extra.as_ptr().cast::<usize>().wrapping_add(index);
            // SAFETY: the C caller upholds that `extra` is a list that ends with END; we stop
            // there.
            unsafe { list.read_unaligned() }
        };
        let mut block = Address(0);
        let mut index = 0;
        loop {
            match entry(index) {
                BUFFER_POINTER => block = Address(entry(index + 1)),
                BUFFER_SIZE => {}
                END => break,
                _ => return Err(Code::INVALID_VALUE),
            }
            index += 2;
        }
        Ok(Source::Block(block))
    }
}

impl Launch {
    /// Copies the arguments: the caller may change them as soon as its launch has returned.
    pub(crate) fn new(
        function: Arc<Function>,
        name: Address,
        shape: Shape,
        source: Source,
    ) -> Result<Launch> {
        let mut storage = Vec::with_capacity(function.arguments.len());
        let mut offset = 0;
        for (index, argument) in function.arguments.iter().enumerate() {
            let (bytes, align) = (argument.bytes as usize, argument.align.max(1) as usize);
            let from = match source {
                Source::Pointers(list) if list.is_null() => return Err(Code::INVALID_VALUE),
                Source::Pointers(list) => {
                    let list = list.as_ptr().cast::<*const u8>().wrapping_add(index);
                    // SAFETY: the C caller upholds that the list has one pointer per argument.
                    unsafe { list.read_unaligned() }
                }
                Source::Block(block) if block.is_null() => return Err(Code::INVALID_VALUE),
                Source::Block(block) => {
                    offset = usize::next_multiple_of(offset, align);
                    block.offset(offset).as_ptr().cast::<u8>().cast_const()
                }
            };
            offset += bytes;
            let slot = storage.len();
            storage.resize(slot + bytes.div_ceil(16).max(1), 0_u128);
            // SAFETY: the C caller upholds that each argument has the size that the kernel was
            // registered with; the slot was just made large enough.
            unsafe { from.copy_to_nonoverlapping(storage[slot..].as_mut_ptr().cast(), bytes) };
        }
        Ok(Launch {
            function,
            name,
            shape,
            storage,
            list: OnceLock::new(),
        })
    }

    /// Pointers to the arguments, as `kernelParams`.
    fn arguments_in(&self, storage: &[u128]) -> Vec<*mut c_void> {
        let mut slot = 0;
        let mut pointers = Vec::with_capacity(self.function.arguments.len());
        for argument in &self.function.arguments {
            pointers.push(storage[slot..].as_ptr().cast_mut().cast());
            slot += (argument.bytes as usize).div_ceil(16).max(1);
        }
        pointers
    }

    /// As `kernelParams`, for as long as this lives.
    pub(crate) fn argument_list(&self) -> &[usize] {
        self.list.get_or_init(|| {
            let arguments = self.arguments_in(&self.storage).into_iter();
            arguments
                .map(|argument| argument.expose_provenance())
                .collect()
        })
    }

    /// Runs on an execution unit. A graph may launch the same arguments again, so the body gets a
    /// copy.
    pub(crate) fn run(&self, stream: &Arc<Stream>) {
        let Some(body) = self.function.body else {
            return;
        };
        let storage = self.storage.clone();
        let mut arguments = self.arguments_in(&storage);
        let Shape {
            grid,
            block,
            shared_bytes,
        } = self.shape;
        let info = LaunchInfo {
            grid: [grid.x, grid.y, grid.z],
            block: [block.x, block.y, block.z],
            shared_bytes,
            device: stream.device.number(),
            stream: if stream.kind == Kind::Null {
                Address(0)
            } else {
                handle_of(stream)
            },
        };
        // SAFETY: the image that registered the body upholds that it takes these arguments.
        unsafe { body(arguments.as_mut_ptr(), &raw const info) };
    }
}

/// Checks a launch's size as the real runtime does, with its code for this entry point.
pub(crate) fn check_shape(shape: &Shape, code: Code) -> Result {
    let threads = shape.block.count();
    if shape.grid.count() == 0 || threads == 0 || threads > MAX_BLOCK {
        return Err(code);
    }
    Ok(())
}
