//! Modules: images with kernels and variables, loaded by the application or registered at start by
//! what a compiler would have generated.
//!
//! An image is a `hipsim_image` (include/hipsim.h). Anything else, for example code for a real GPU,
//! loads as a module in which every kernel exists and does nothing.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::{Arc, Mutex};

use gpusim::abi::{Address, Dim3};
use gpusim::error::{Code, Result};
use gpusim::handles::{Handles, handle_of};
use gpusim::kernel::{self, Argument, Function};
use gpusim::memory::{self, Place};
use gpusim::sync::lock;

use crate::error;

const MAGIC: u64 = 0x314d_4953_5049_4821;
const FAT_MAGIC: u32 = 0x4849_5046;

/// `hipsim_body`
type Body = Option<unsafe extern "C" fn(*mut *mut c_void, *const LaunchInfo)>;

/// `hipsim_launch`
#[repr(C)]
struct LaunchInfo {
    grid: [u32; 3],
    block: [u32; 3],
    shared_bytes: u32,
    device: i32,
    stream: Address,
}

#[derive(Clone, Copy)]
#[repr(C)]
struct Image {
    magic: u64,
    kernel_count: u32,
    variable_count: u32,
    kernels: *const RawKernel,
    variables: *const RawVariable,
}

#[repr(C)]
struct RawKernel {
    name: *const c_char,
    body: Body,
    argument_count: u32,
    arguments: *const Argument,
}

#[repr(C)]
struct RawVariable {
    name: *const c_char,
    bytes: usize,
}

/// A global variable in device memory.
#[derive(Clone, Copy)]
pub(crate) struct Variable {
    pub(crate) address: Address,
    pub(crate) bytes: usize,
}

pub(crate) struct Module {
    contents: Mutex<Contents>,
    /// Not in our format: has every kernel.
    foreign: bool,
}

#[derive(Default)]
struct Contents {
    functions: BTreeMap<CString, Arc<Function>>,
    variables: BTreeMap<CString, Variable>,
    /// Host addresses registered for this module.
    stubs: Vec<Address>,
}

static MODULES: Handles<Module> = Handles::new();
static FUNCTIONS: Handles<Function> = Handles::new();
/// Kernels and variables by the address of their host side.
static HOST_FUNCTIONS: Mutex<BTreeMap<Address, Arc<Function>>> = Mutex::new(BTreeMap::new());
static HOST_VARIABLES: Mutex<BTreeMap<Address, Variable>> = Mutex::new(BTreeMap::new());

/// Loads an image and returns the module's handle.
pub(crate) fn load(image: Address) -> Result<Address> {
    if image.is_null() {
        return Err(Code::INVALID_VALUE);
    }
    Ok(MODULES.add(Arc::new(Module::new(image)?)))
}

pub(crate) fn get(handle: Address) -> Result<Arc<Module>> {
    MODULES.get(handle).ok_or(Code::INVALID_HANDLE)
}

/// Forgets a module with all that is in it.
pub(crate) fn unload(handle: Address) -> Result {
    let module = MODULES.remove(handle).ok_or(Code::INVALID_HANDLE)?;
    let contents = std::mem::take(&mut *lock(&module.contents));
    for stub in contents.stubs {
        lock(&HOST_FUNCTIONS).remove(&stub);
        lock(&HOST_VARIABLES).remove(&stub);
    }
    for function in contents.functions.values() {
        FUNCTIONS.remove(handle_of(function));
    }
    for variable in contents.variables.values() {
        // Not there any more if the device was reset.
        let _ = memory::free(variable.address);
    }
    Ok(())
}

/// The kernel with this `hipFunction_t`.
pub(crate) fn function(handle: Address) -> Result<Arc<Function>> {
    FUNCTIONS.get(handle).ok_or(Code::INVALID_HANDLE)
}

/// The kernel that this host function stands for.
pub(crate) fn host_function(stub: Address) -> Result<Arc<Function>> {
    lock(&HOST_FUNCTIONS)
        .get(&stub)
        .cloned()
        .ok_or(error::INVALID_DEVICE_FUNCTION)
}

/// The device side of this host variable.
pub(crate) fn host_variable(variable: Address) -> Result<Variable> {
    lock(&HOST_VARIABLES)
        .get(&variable)
        .copied()
        .ok_or(error::INVALID_SYMBOL)
}

impl Module {
    fn new(image: Address) -> Result<Module> {
        // SAFETY: every image starts with a magic number of at least four bytes.
        let magic = unsafe { image.as_ptr().cast::<u32>().read_unaligned() };
        let image = if magic == FAT_MAGIC {
            // The wrapper's third member, after two 32-bit numbers, is the image's address.
            let member = image.offset(8).as_ptr().cast::<Address>();
            // SAFETY: a wrapper has four members.
            unsafe { member.read_unaligned() }
        } else {
            image
        };
        let mut module = Module {
            contents: Mutex::default(),
            foreign: true,
        };
        if let Some(image) = Image::read(image) {
            module.foreign = false;
            let mut contents = lock(&module.contents);
            for kernel in image.kernels() {
                contents.add_function(name(kernel.name), kernel.body, kernel.arguments());
            }
            for variable in image.variables() {
                contents.add_variable(name(variable.name), variable.bytes)?;
            }
            drop(contents);
        }
        Ok(module)
    }

    pub(crate) fn function(&self, name: &str) -> Result<Arc<Function>> {
        let name = CString::new(name).map_err(|_| Code::INVALID_VALUE)?;
        let mut contents = lock(&self.contents);
        match contents.functions.get(&name) {
            Some(function) => Ok(function.clone()),
            None if self.foreign => Ok(contents.add_function(name, None, Vec::new())),
            None => Err(Code::NOT_FOUND),
        }
    }

    pub(crate) fn functions(&self) -> Vec<Arc<Function>> {
        lock(&self.contents).functions.values().cloned().collect()
    }

    pub(crate) fn variable(&self, name: &str) -> Result<Variable> {
        let name = CString::new(name).map_err(|_| Code::INVALID_VALUE)?;
        lock(&self.contents)
            .variables
            .get(&name)
            .copied()
            .ok_or(Code::NOT_FOUND)
    }

    pub(crate) fn register_function(&self, stub: Address, name: &str) -> Result {
        let function = self.function(name)?;
        lock(&self.contents).stubs.push(stub);
        lock(&HOST_FUNCTIONS).insert(stub, function);
        Ok(())
    }

    /// Host programs say how large their variables are; the image need not list them.
    pub(crate) fn register_variable(&self, host: Address, name: &str, bytes: usize) -> Result {
        let variable = match self.variable(name) {
            Ok(variable) => variable,
            Err(_) => {
                let name = CString::new(name).map_err(|_| Code::INVALID_VALUE)?;
                lock(&self.contents).add_variable(name, bytes)?
            }
        };
        lock(&self.contents).stubs.push(host);
        lock(&HOST_VARIABLES).insert(host, variable);
        Ok(())
    }
}

/// How the engine calls a body.
fn runner(body: unsafe extern "C" fn(*mut *mut c_void, *const LaunchInfo)) -> kernel::Body {
    Box::new(move |arguments, place| {
        let array = |Dim3 { x, y, z }| [x, y, z];
        let info = LaunchInfo {
            grid: array(place.shape.grid),
            block: array(place.shape.block),
            shared_bytes: place.shape.shared_bytes,
            device: place.device,
            stream: place.stream,
        };
        // SAFETY: the image that registered the body upholds that it takes these arguments.
        unsafe { body(arguments.as_mut_ptr(), &raw const info) };
    })
}

impl Contents {
    fn add_function(
        &mut self,
        name: CString,
        body: Body,
        arguments: Vec<Argument>,
    ) -> Arc<Function> {
        let function = Arc::new(Function {
            name: name.clone(),
            body: body.map(runner),
            arguments,
        });
        FUNCTIONS.add(function.clone());
        self.functions.insert(name, function.clone());
        function
    }

    fn add_variable(&mut self, name: CString, bytes: usize) -> Result<Variable> {
        let address = memory::allocate(bytes, Place::Device(0), 0)?;
        let variable = Variable { address, bytes };
        self.variables.insert(name, variable);
        Ok(variable)
    }
}

impl Image {
    /// `None` if it is not one of ours.
    fn read(image: Address) -> Option<Image> {
        if image.is_null() {
            return None;
        }
        // SAFETY: images of any format are longer than this number.
        let magic = unsafe { image.as_ptr().cast::<u64>().read_unaligned() };
        // SAFETY: what starts with our magic number is a `hipsim_image`.
        (magic == MAGIC).then(|| unsafe { image.as_ptr().cast::<Image>().read_unaligned() })
    }

    fn kernels(&self) -> &[RawKernel] {
        // SAFETY: the image upholds the length of its lists, and outlives the module.
        unsafe { slice(self.kernels, self.kernel_count) }
    }

    fn variables(&self) -> &[RawVariable] {
        // SAFETY: as above.
        unsafe { slice(self.variables, self.variable_count) }
    }
}

impl RawKernel {
    fn arguments(&self) -> Vec<Argument> {
        // SAFETY: the image upholds the length of its lists.
        unsafe { slice(self.arguments, self.argument_count) }.to_vec()
    }
}

/// # Safety
/// `first` points to `count` elements that outlive the result, or `count` is 0.
unsafe fn slice<'a, T>(first: *const T, count: u32) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    // SAFETY: promised by the caller.
    unsafe { std::slice::from_raw_parts(first, count as usize) }
}

fn name(text: *const c_char) -> CString {
    if text.is_null() {
        return CString::default();
    }
    // SAFETY: the image upholds that its names are C strings.
    unsafe { CStr::from_ptr(text) }.to_owned()
}
