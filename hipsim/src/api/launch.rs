//! Kernel launches.

use std::cell::RefCell;
use std::ffi::c_char;
use std::sync::Arc;

use crate::abi::{Address, Dim3, In, Out};
use crate::call::exports;
use crate::error::{Code, Result};
use crate::event::{Event, EventHandle};
use crate::kernel::{Function, Launch, Shape, Source, check_shape};
use crate::op::Op;
use crate::stream::{self, Stream, StreamHandle, submit_all};
use crate::{module, plt};

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
    hipLaunchKernel(
        stub: Address, grid: Dim3, block: Dim3, args: Address, shared: usize, stream: StreamHandle,
    ) {
        launch_stub(stub, grid, block, args, shared, &stream.get()?, [None, None])
    }

    hipLaunchKernel_spt(
        stub: Address, grid: Dim3, block: Dim3, args: Address, shared: usize, stream: StreamHandle,
    ) {
        launch_stub(stub, grid, block, args, shared, &stream.get_per_thread()?, [None, None])
    }

    hipExtLaunchKernel(
        stub: Address, grid: Dim3, block: Dim3, args: Address, shared: usize, stream: StreamHandle,
        start: EventHandle, stop: EventHandle, _flags: i32,
    ) {
        let events = [named(start)?, named(stop)?];
        launch_stub(stub, grid, block, args, shared, &stream.get()?, events)
    }

    hipLaunchCooperativeKernel(
        stub: Address, grid: Dim3, block: Dim3, args: Address, shared: u32, stream: StreamHandle,
    ) {
        launch_stub(stub, grid, block, args, shared as usize, &stream.get()?, [None, None])
    }

    hipLaunchCooperativeKernel_spt(
        stub: Address, grid: Dim3, block: Dim3, args: Address, shared: u32, stream: StreamHandle,
    ) {
        launch_stub(stub, grid, block, args, shared as usize, &stream.get_per_thread()?, [None, None])
    }

    hipLaunchKernelExC(config: In<Config>, stub: Address, args: Address) {
        let Config { grid, block, shared_bytes, stream, .. } = config.get()?;
        let stream = StreamHandle(stream).get()?;
        launch_stub(stub, grid, block, args, shared_bytes, &stream, [None, None])
    }

    hipDrvLaunchKernelEx(config: In<DrvConfig>, function: Address, params: Address, extra: Address) {
        let config = config.get()?;
        let shape = config.shape();
        launch_function(function, shape, &StreamHandle(config.stream).get()?, params, extra, [None, None])
    }

    hipModuleLaunchKernel(
        function: Address, grid_x: u32, grid_y: u32, grid_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: u32, stream: StreamHandle, params: Address, extra: Address,
    ) {
        let shape = shape([grid_x, grid_y, grid_z], [block_x, block_y, block_z], shared);
        launch_function(function, shape, &stream.get()?, params, extra, [None, None])
    }

    // As AMD's library does, through the exported function.
    hipModuleLaunchCooperativeKernel(
        function: Address, grid_x: u32, grid_y: u32, grid_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: u32, stream: StreamHandle, params: Address,
    ) {
        let grid = Dim3 { x: grid_x, y: grid_y, z: grid_z };
        let block = Dim3 { x: block_x, y: block_y, z: block_z };
        plt::launch(function, grid, block, shared, stream.0, params, Address(0))
    }

    hipExtModuleLaunchKernel(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle, _flags: u32,
    ) {
        let work = [work_x, work_y, work_z];
        launch_work(function, work, [block_x, block_y, block_z], shared, stream, params, extra, start, stop)
    }

    _Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_j(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle, _flags: u32,
    ) {
        let work = [work_x, work_y, work_z];
        launch_work(function, work, [block_x, block_y, block_z], shared, stream, params, extra, start, stop)
    }

    hipHccModuleLaunchKernel(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle,
    ) {
        let work = [work_x, work_y, work_z];
        launch_work(function, work, [block_x, block_y, block_z], shared, stream, params, extra, start, stop)
    }

    _Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle,
    ) {
        let work = [work_x, work_y, work_z];
        launch_work(function, work, [block_x, block_y, block_z], shared, stream, params, extra, start, stop)
    }

    hipExtLaunchMultiKernelMultiDevice(list: In<StubLaunch>, count: i32, flags: u32) {
        launch_stubs(&list.array(usize::try_from(count).unwrap_or(0))?, flags)
    }

    hipLaunchCooperativeKernelMultiDevice(list: In<StubLaunch>, count: i32, flags: u32) {
        launch_stubs(&list.array(usize::try_from(count).unwrap_or(0))?, flags)
    }

    hipModuleLaunchCooperativeKernelMultiDevice(list: In<FunctionLaunch>, count: u32, flags: u32) {
        let list = list.array(count as usize)?;
        around_all(list.iter().map(|entry| entry.config.stream), flags, || {
            list.iter().try_for_each(|FunctionLaunch { function, config, params }| {
                let stream = StreamHandle(config.stream).get()?;
                launch_function(*function, config.shape(), &stream, *params, Address(0), [None, None])
            })
        })
    }

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
            let arguments = &mut stack.last_mut().ok_or(Code::MISSING_CONFIGURATION)?.arguments;
            let end = offset + bytes;
            arguments.resize(arguments.len().max(end), 0);
            arguments[offset..end].copy_from_slice(&argument);
            Ok(())
        })
    }

    hipLaunchByPtr(stub: Address) {
        let Configuration { grid, block, shared_bytes, stream, arguments } = pop()?;
        let function = crate::handles::handle_of(&module::host_function(stub)?);
        let shared_bytes = u32::try_from(shared_bytes).map_err(|_| Code::INVALID_CONFIGURATION)?;
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
        let function = crate::handles::handle_of(&module::host_function(stub)?);
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

/// Name of a kernel, or "".
#[unsafe(no_mangle)]
extern "C" fn hipKernelNameRef(function: Address) -> *const c_char {
    module::function(function).map_or(c"".as_ptr(), |function| function.name.as_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn hipKernelNameRefByPtr(stub: Address, _stream: Address) -> *const c_char {
    module::host_function(stub).map_or(c"".as_ptr(), |function| function.name.as_ptr())
}

/// `hipLaunchConfig_t`
#[derive(Clone, Copy)]
#[repr(C)]
struct Config {
    grid: Dim3,
    block: Dim3,
    shared_bytes: usize,
    stream: Address,
    attributes: Address,
    attribute_count: u32,
}

/// `HIP_LAUNCH_CONFIG`, and without the attributes what `hipFunctionLaunchParams` has in the middle.
#[derive(Clone, Copy)]
#[repr(C)]
struct DrvConfig {
    grid: Dim3,
    block: Dim3,
    shared_bytes: u32,
    stream: Address,
}

impl DrvConfig {
    fn shape(&self) -> Shape {
        Shape {
            grid: self.grid,
            block: self.block,
            shared_bytes: self.shared_bytes,
        }
    }
}

/// `hipFunctionLaunchParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct FunctionLaunch {
    function: Address,
    config: DrvConfig,
    params: Address,
}

/// `hipLaunchParams`
#[derive(Clone, Copy)]
#[repr(C)]
struct StubLaunch {
    stub: Address,
    grid: Dim3,
    block: Dim3,
    args: Address,
    shared_bytes: usize,
    stream: Address,
}

type Named = Option<(Arc<Event>, EventHandle)>;

fn named(event: EventHandle) -> Result<Named> {
    Ok(event.optional()?.map(|found| (found, event)))
}

fn shape(grid: [u32; 3], block: [u32; 3], shared_bytes: u32) -> Shape {
    let dim3 = |[x, y, z]: [u32; 3]| Dim3 { x, y, z };
    Shape {
        grid: dim3(grid),
        block: dim3(block),
        shared_bytes,
    }
}

fn launch_stub(
    stub: Address,
    grid: Dim3,
    block: Dim3,
    args: Address,
    shared_bytes: usize,
    stream: &Arc<Stream>,
    events: [Named; 2],
) -> Result {
    let shared_bytes = u32::try_from(shared_bytes).map_err(|_| Code::INVALID_CONFIGURATION)?;
    let shape = Shape {
        grid,
        block,
        shared_bytes,
    };
    let function = module::host_function(stub)?;
    check_shape(&shape, Code::INVALID_CONFIGURATION)?;
    launch(
        stream,
        function,
        stub,
        shape,
        Source::Pointers(args),
        events,
    )
}

fn launch_function(
    function: Address,
    shape: Shape,
    stream: &Arc<Stream>,
    params: Address,
    extra: Address,
    events: [Named; 2],
) -> Result {
    let found = module::function(function)?;
    check_shape(&shape, Code::INVALID_VALUE)?;
    launch(
        stream,
        found,
        function,
        shape,
        Source::new(params, extra)?,
        events,
    )
}

/// The launches whose size is in threads.
#[allow(clippy::too_many_arguments, reason = "as the four functions have them")]
fn launch_work(
    function: Address,
    work: [u32; 3],
    block: [u32; 3],
    shared_bytes: usize,
    stream: StreamHandle,
    params: Address,
    extra: Address,
    start: EventHandle,
    stop: EventHandle,
) -> Result {
    if block.contains(&0) {
        return Err(Code::INVALID_VALUE);
    }
    let shared_bytes = u32::try_from(shared_bytes).map_err(|_| Code::INVALID_VALUE)?;
    let grid = std::array::from_fn(|axis| work[axis].div_ceil(block[axis]));
    let shape = shape(grid, block, shared_bytes);
    launch_function(
        function,
        shape,
        &stream.get()?,
        params,
        extra,
        [named(start)?, named(stop)?],
    )
}

fn launch(
    stream: &Arc<Stream>,
    function: Arc<Function>,
    name: Address,
    shape: Shape,
    source: Source,
    [start, stop]: [Named; 2],
) -> Result {
    let kernel = Op::Kernel(Arc::new(Launch::new(function, name, shape, source)?));
    let record = |(event, handle)| Op::Record(event, handle);
    let ops = start
        .map(record)
        .into_iter()
        .chain([kernel])
        .chain(stop.map(record));
    submit_all(stream, ops.collect())
}

fn launch_stubs(list: &[StubLaunch], flags: u32) -> Result {
    around_all(list.iter().map(|entry| entry.stream), flags, || {
        list.iter().try_for_each(|entry| {
            let StubLaunch {
                stub,
                grid,
                block,
                args,
                shared_bytes,
                stream,
            } = *entry;
            let stream = StreamHandle(stream).get()?;
            launch_stub(stub, grid, block, args, shared_bytes, &stream, [None, None])
        })
    })
}

/// Launches on several streams; they are synchronised before and after unless the flags say no.
fn around_all(
    streams: impl Iterator<Item = Address>,
    flags: u32,
    launch: impl FnOnce() -> Result,
) -> Result {
    const NO_PRE_SYNC: u32 = 1;
    const NO_POST_SYNC: u32 = 2;
    let streams = streams
        .map(|stream| StreamHandle(stream).get())
        .collect::<Result<Vec<_>>>()?;
    if streams.is_empty() {
        return Err(Code::INVALID_VALUE);
    }
    if flags & NO_PRE_SYNC == 0 {
        streams.iter().try_for_each(stream::finish)?;
    }
    launch()?;
    if flags & NO_POST_SYNC == 0 {
        streams.iter().try_for_each(stream::finish)?;
    }
    Ok(())
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
        .ok_or(Code::MISSING_CONFIGURATION)
}
