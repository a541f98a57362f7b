//! Launches in two steps: what `<<<>>>` and its predecessors give is kept for the thread until the
//! launch takes it.

use std::cell::RefCell;

use gpusim::abi::{Address, Dim3, In, Out};
use gpusim::error::Result;

use crate::call::exports;
use crate::{error, module, plt};

/// What `<<<>>>` gave, until the launch takes it.
struct Configuration {
    grid: Dim3,
    block: Dim3,
    shared_bytes: usize,
    stream: Address,
    /// For `hipLaunchByPtr`.
    arguments: Vec<u8>,
}

thread_local! {
    static CONFIGURATIONS: RefCell<Vec<Configuration>> = const { RefCell::new(Vec::new()) };
}

exports! {
    __hipPushCallConfiguration(grid: Dim3, block: Dim3, shared_bytes: usize, stream: Address) {
        push(grid, block, shared_bytes, stream)
    }

    __hipPopCallConfiguration(
        grid: Out<Dim3>, block: Out<Dim3>, shared_bytes: Out<usize>, stream: Out<Address>,
    ) {
        let popped = pop()?;
        grid.put(popped.grid)?;
        block.put(popped.block)?;
        shared_bytes.put(popped.shared_bytes)?;
        stream.put(popped.stream)
    }

    hipConfigureCall(grid: Dim3, block: Dim3, shared_bytes: usize, stream: Address) {
        push(grid, block, shared_bytes, stream)
    }

    hipSetupArgument(argument: In<u8>, bytes: usize, offset: usize) {
        let argument = argument.array(bytes)?;
        CONFIGURATIONS.with_borrow_mut(|stack| {
            let arguments = &mut stack.last_mut().ok_or(error::MISSING_CONFIGURATION)?.arguments;
            let end = offset + bytes;
            arguments.resize(arguments.len().max(end), 0);
            arguments[offset..end].copy_from_slice(&argument);
            Ok(())
        })
    }

    hipLaunchByPtr(stub: Address) {
        let Configuration { grid, block, shared_bytes, stream, arguments } = pop()?;
        let function = gpusim::handles::handle_of(&module::host_function(stub)?);
        let shared_bytes = u32::try_from(shared_bytes).map_err(|_| error::INVALID_CONFIGURATION)?;
        let block_of_arguments = arguments.as_ptr().expose_provenance();
        let bytes = arguments.len();
        let extra = [1, block_of_arguments, 2, (&raw const bytes).expose_provenance(), 3];
        let extra = Address(extra.as_ptr().expose_provenance());
        plt::launch(function, grid, block, shared_bytes, stream, Address(0), extra)
    }
}

/// The launch of C++ `hipLaunchKernelGGL` in 5.2: arguments as an `extra` list, no result.
#[unsafe(no_mangle)]
extern "C" fn _ZN8hip_impl22hipLaunchKernelGGLImplEmRK4dim3S2_jP12ihipStream_tPPv(
    stub: Address,
    grid: In<Dim3>,
    block: In<Dim3>,
    shared_bytes: u32,
    stream: Address,
    extra: Address,
) {
    let launch = || {
        let function = gpusim::handles::handle_of(&module::host_function(stub)?);
        plt::launch(
            function,
            grid.get()?,
            block.get()?,
            shared_bytes,
            stream,
            Address(0),
            extra,
        )
    };
    // The caller reads the thread's last error, which the launch sets.
    let _ = launch();
}

fn push(grid: Dim3, block: Dim3, shared_bytes: usize, stream: Address) -> Result {
    let pushed = Configuration {
        grid,
        block,
        shared_bytes,
        stream,
        arguments: Vec::new(),
    };
    CONFIGURATIONS.with_borrow_mut(|stack| stack.push(pushed));
    Ok(())
}

fn pop() -> Result<Configuration> {
    CONFIGURATIONS
        .with_borrow_mut(Vec::pop)
        .ok_or(error::MISSING_CONFIGURATION)
}
