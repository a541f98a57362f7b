//! Kernels: host functions with arguments that are copied at launch.

use std::ffi::{CString, c_void};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::abi::{Address, Dim3};
use crate::config::{self, Time};
use crate::error::{Code, Result};
use crate::fault;
use crate::handles::handle_of;
use crate::stream::{Kind, Stream};

/// Most threads in a block.
pub const MAX_BLOCK: u64 = 1024;

/// What a kernel does: called with pointers to the arguments, as `kernelParams`.
pub type Body = Box<dyn Fn(&mut [*mut c_void], &Place) + Send + Sync>;

/// The size and alignment of an argument.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Argument {
    pub bytes: u32,
    pub align: u32,
}

/// Where a kernel runs, and how large.
pub struct Place {
    pub shape: Shape,
    pub device: i32,
    pub context: Address,
    /// The stream's handle; 0 for the null stream.
    pub stream: Address,
}

/// A kernel of a module.
pub struct Function {
    pub name: CString,
    /// `None`: does nothing.
    pub body: Option<Body>,
    pub arguments: Vec<Argument>,
}

/// Where a launch finds its arguments.
#[derive(Clone, Copy)]
pub enum Source {
    /// `void **`: one pointer per argument.
    Pointers(Address),
    /// `extra`: one block with all arguments, laid out as a C structure.
    Block(Address),
}

/// How large a launch is.
#[derive(Clone, Copy)]
pub struct Shape {
    pub grid: Dim3,
    pub block: Dim3,
    pub shared_bytes: u32,
}

/// One launch, its arguments with it.
pub struct Launch {
    pub function: Arc<Function>,
    /// As the application named the kernel.
    pub name: Address,
    pub shape: Shape,
    /// Every argument, each at a multiple of 16 bytes.
    storage: Vec<u128>,
    /// For who asks a graph's node for its arguments: their addresses in `storage`.
    list: OnceLock<Vec<usize>>,
}

impl Source {
    /// From the two arguments that the module launch functions have.
    pub fn new(params: Address, extra: Address) -> Result<Source> {
        const BUFFER_POINTER: usize = 1;
        const BUFFER_SIZE: usize = 2;
        /// CUDA's and HIP's.
        const ENDS: [usize; 2] = [0, 3];
        if extra.is_null() {
            return Ok(Source::Pointers(params));
        }
        let entry = |index: usize| {
            let list = extra.as_ptr().cast::<usize>().wrapping_add(index);
            // SAFETY: the C caller upholds that `extra` is a list that has its end; we stop
            // there.
            unsafe { list.read_unaligned() }
        };
        let mut block = Address(0);
        let mut index = 0;
        loop {
            match entry(index) {
                BUFFER_POINTER => block = Address(entry(index + 1)),
                BUFFER_SIZE => {}
                end if ENDS.contains(&end) => break,
                _ => return Err(Code::INVALID_VALUE),
            }
            index += 2;
        }
        Ok(Source::Block(block))
    }
}

impl Launch {
    /// Copies the arguments: the caller may change them as soon as its launch has returned.
    pub fn new(
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
    pub fn argument_list(&self) -> &[usize] {
        self.list.get_or_init(|| {
            let arguments = self.arguments_in(&self.storage).into_iter();
            arguments
                .map(|argument| argument.expose_provenance())
                .collect()
        })
    }

    /// Runs on an execution unit. A graph may launch the same arguments again, so the body gets a
    /// copy.
    pub fn run(&self, stream: &Arc<Stream>) {
        if let Ok(name) = self.function.name.to_str()
            && let Some(code) = fault::KERNELS.take(name)
        {
            stream.context.fail(code);
            return;
        }
        let Some(body) = &self.function.body else {
            return;
        };
        let storage = self.storage.clone();
        let place = Place {
            shape: self.shape,
            device: stream.context.device.number(),
            context: handle_of(&stream.context),
            stream: if stream.kind == Kind::Null {
                Address(0)
            } else {
                handle_of(stream)
            },
        };
        body(&mut self.arguments_in(&storage), &place);
    }
}

/// For bodies: occupies the unit for so long, as `*_TIME` says.
pub fn occupy(duration: Duration) {
    match config::get().time {
        Time::Both => xsched::device::host::occupy(duration),
        Time::Sleep => std::thread::sleep(duration),
        Time::Spin => {
            let start = Instant::now();
            while start.elapsed() < duration {
                std::hint::spin_loop();
            }
        }
    }
}

/// Checks a launch's size as the real runtime does, with its code for this entry point.
pub fn check_shape(shape: &Shape, code: Code) -> Result {
    let threads = shape.block.count();
    if shape.grid.count() == 0 || threads == 0 || threads > MAX_BLOCK {
        return Err(code);
    }
    Ok(())
}
