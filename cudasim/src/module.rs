//! Modules and libraries: images with kernels. An image is a PTX text; a kernel's body is the
//! program's own function `cudasim_kernel_NAME`. Anything else, for example code for a real GPU,
//! loads as a module in which every kernel exists and does nothing.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use gpusim::abi::{Address, Dim3};
use gpusim::error::{Code, Result};
use gpusim::handles::{Handles, handle_of};
use gpusim::kernel::{Argument, Body, Function};
use gpusim::memory::violation;
use gpusim::stream::Stream;
use gpusim::sync::lock;

use crate::error;
use crate::ptx;

/// `cudasim_launch`
#[repr(C)]
struct LaunchInfo {
    grid: [u32; 3],
    block: [u32; 3],
    shared_bytes: u32,
    device: i32,
    context: Address,
    stream: Address,
    args: *mut *mut c_void,
}

type HostFunction = unsafe extern "C" fn(*const LaunchInfo);

pub(crate) struct Module {
    kernels: Mutex<BTreeMap<CString, Arc<Kernel>>>,
    /// No PTX: has every kernel.
    foreign: bool,
    /// The context that it goes with, see `Context::id`; none if it is a library.
    owner: Option<u64>,
}

/// What a `CUfunction` or `CUkernel` stands for.
pub(crate) struct Kernel {
    pub(crate) function: Arc<Function>,
    owner: Option<u64>,
    /// Was launched, see `load_for_launch`.
    loaded: AtomicBool,
}

static MODULES: Handles<Module> = Handles::new();
static KERNELS: Handles<Kernel> = Handles::new();

/// Loads an image, into a context or as a library, and returns the module's handle.
pub(crate) fn load(image: Address, owner: Option<u64>) -> Result<Address> {
    if image.is_null() {
        return Err(Code::INVALID_VALUE);
    }
    let entries = match text(image) {
        Some(text) => Some(ptx::entries(&text).ok_or(error::INVALID_PTX)?),
        None => None,
    };
    let module = Module {
        kernels: Mutex::default(),
        foreign: entries.is_none(),
        owner,
    };
    for entry in entries.into_iter().flatten() {
        let body = body(&entry.name);
        let name = CString::new(entry.name).map_err(|_| error::INVALID_PTX)?;
        module.add(name, Some(body), entry.parameters);
    }
    Ok(MODULES.add(Arc::new(module)))
}

pub(crate) fn get(handle: Address) -> Result<Arc<Module>> {
    MODULES.get(handle).ok_or(Code::INVALID_HANDLE)
}

/// Forgets a module with all that is in it.
pub(crate) fn unload(handle: Address) -> Result {
    let module = MODULES.remove(handle).ok_or(Code::INVALID_HANDLE)?;
    module.forget_kernels();
    Ok(())
}

/// The context ends.
pub(crate) fn unload_all(context: u64) {
    MODULES.retain(|module| {
        let stays = module.owner != Some(context);
        if !stays {
            module.forget_kernels();
        }
        stays
    });
}

/// `CUDASIM_LOADING=lazy`: the first launch of a kernel waits for its context.
pub(crate) fn loads_lazily() -> bool {
    static LAZY: OnceLock<bool> = OnceLock::new();
    let choices = [("eager", false), ("lazy", true)];
    *LAZY.get_or_init(|| gpusim::config::choice("LOADING", false, &choices))
}

pub(crate) fn kernel(handle: Address) -> Result<Arc<Kernel>> {
    KERNELS.get(handle).ok_or(Code::INVALID_HANDLE)
}

impl Kernel {
    /// Before a launch: the kernel must be of the stream's context, and its code be loaded.
    pub(crate) fn load_for_launch(&self, stream: &Stream) -> Result {
        if self.owner.is_some_and(|owner| owner != stream.context.id) {
            return Err(Code::INVALID_HANDLE);
        }
        if loads_lazily() && !self.loaded.swap(true, Ordering::Relaxed) {
            stream.context.synchronize();
        }
        Ok(())
    }
}

impl Module {
    pub(crate) fn kernel(&self, name: &str) -> Result<Arc<Kernel>> {
        let name = CString::new(name).map_err(|_| Code::INVALID_VALUE)?;
        let found = lock(&self.kernels).get(&name).cloned();
        match found {
            Some(kernel) => Ok(kernel),
            None if self.foreign => Ok(self.add(name, None, Vec::new())),
            None => Err(Code::NOT_FOUND),
        }
    }

    pub(crate) fn kernels(&self) -> Vec<Arc<Kernel>> {
        lock(&self.kernels).values().cloned().collect()
    }

    fn add(&self, name: CString, body: Option<Body>, arguments: Vec<Argument>) -> Arc<Kernel> {
        let function = Function {
            name: name.clone(),
            body,
            arguments,
        };
        let kernel = Arc::new(Kernel {
            function: Arc::new(function),
            owner: self.owner,
            loaded: AtomicBool::new(false),
        });
        KERNELS.add(kernel.clone());
        lock(&self.kernels).insert(name, kernel.clone());
        kernel
    }

    fn forget_kernels(&self) {
        for kernel in lock(&self.kernels).values() {
            KERNELS.remove(handle_of(kernel));
        }
    }
}

/// The image as a text; `None` if it is a binary format: ELF, or a fat binary, whose magic number
/// starts with a P.
fn text(image: Address) -> Option<String> {
    // SAFETY: an image of any format has a first byte.
    let first = unsafe { image.as_ptr().cast::<u8>().read() };
    if matches!(first, 0x7f | b'P') || !first.is_ascii() {
        return None;
    }
    // SAFETY: the C caller upholds that an image that is a text ends with 0.
    let text = unsafe { CStr::from_ptr(image.as_ptr().cast()) };
    Some(text.to_string_lossy().into_owned())
}

/// Calls the program's function for this kernel.
fn body(name: &str) -> Body {
    let Some(function) = host_function(name) else {
        let name = name.to_owned();
        return Box::new(move |_, _| {
            violation::report(format!("no function cudasim_kernel_{name} in the program"));
        });
    };
    Box::new(move |arguments, place| {
        let array = |Dim3 { x, y, z }| [x, y, z];
        let info = LaunchInfo {
            grid: array(place.shape.grid),
            block: array(place.shape.block),
            shared_bytes: place.shape.shared_bytes,
            device: place.device,
            context: place.context,
            stream: place.stream,
            args: arguments.as_mut_ptr(),
        };
        // SAFETY: the program upholds that its function is made for the kernel of this name.
        unsafe { function(&raw const info) };
    })
}

fn host_function(name: &str) -> Option<HostFunction> {
    let symbol = CString::new(format!("cudasim_kernel_{name}")).ok()?;
    // SAFETY: the name ends with 0.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, symbol.as_ptr()) };
    if address.is_null() {
        return None;
    }
    // SAFETY: a program that has a function of this name made it for cudasim (`cudasim.h`).
    Some(unsafe { std::mem::transmute::<*mut c_void, HostFunction>(address) })
}
