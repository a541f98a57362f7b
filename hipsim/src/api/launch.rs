//! Kernel launches.

use std::ffi::c_char;
use std::sync::Arc;

use gpusim::abi::{Address, Dim3, In};
use gpusim::error::{Code, Result};
use gpusim::event::{Event, EventHandle};
use gpusim::kernel::{Function, Launch, Shape, Source, check_shape};
use gpusim::op::Op;
use gpusim::stream::{Stream, submit_all};
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::{error, module, plt};

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
        let stream = stream.get_per_thread()?;
        launch_stub(stub, grid, block, args, shared as usize, &stream, [None, None])
    }

    hipLaunchKernelExC(config: In<Config>, stub: Address, args: Address) {
        let Config { grid, block, shared_bytes, stream, .. } = config.get()?;
        let stream = StreamHandle(stream).get()?;
        launch_stub(stub, grid, block, args, shared_bytes, &stream, [None, None])
    }

    hipDrvLaunchKernelEx(
        config: In<DrvConfig>, function: Address, params: Address, extra: Address,
    ) {
        let config = config.get()?;
        let shape = config.shape();
        let stream = StreamHandle(config.stream).get()?;
        launch_function(function, shape, &stream, params, extra, [None, None])
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
        let (work, block) = ([work_x, work_y, work_z], [block_x, block_y, block_z]);
        launch_work(function, work, block, shared, stream, params, extra, start, stop)
    }

    _Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_j(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle, _flags: u32,
    ) {
        let (work, block) = ([work_x, work_y, work_z], [block_x, block_y, block_z]);
        launch_work(function, work, block, shared, stream, params, extra, start, stop)
    }

    hipHccModuleLaunchKernel(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle,
    ) {
        let (work, block) = ([work_x, work_y, work_z], [block_x, block_y, block_z]);
        launch_work(function, work, block, shared, stream, params, extra, start, stop)
    }

    _Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11ihipEvent_tS6_(
        function: Address, work_x: u32, work_y: u32, work_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: usize, stream: StreamHandle, params: Address, extra: Address,
        start: EventHandle, stop: EventHandle,
    ) {
        let (work, block) = ([work_x, work_y, work_z], [block_x, block_y, block_z]);
        launch_work(function, work, block, shared, stream, params, extra, start, stop)
    }
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

/// `HIP_LAUNCH_CONFIG`, and without the attributes what `hipFunctionLaunchParams` has in the
/// middle.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct DrvConfig {
    grid: Dim3,
    block: Dim3,
    shared_bytes: u32,
    pub(super) stream: Address,
}

impl DrvConfig {
    pub(super) fn shape(&self) -> Shape {
        Shape {
            grid: self.grid,
            block: self.block,
            shared_bytes: self.shared_bytes,
        }
    }
}

pub(super) type Named = Option<(Arc<Event>, EventHandle)>;

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

pub(super) fn launch_stub(
    stub: Address,
    grid: Dim3,
    block: Dim3,
    args: Address,
    shared_bytes: usize,
    stream: &Arc<Stream>,
    events: [Named; 2],
) -> Result {
    let shared_bytes = u32::try_from(shared_bytes).map_err(|_| error::INVALID_CONFIGURATION)?;
    let shape = Shape {
        grid,
        block,
        shared_bytes,
    };
    let function = module::host_function(stub)?;
    check_shape(&shape, error::INVALID_CONFIGURATION)?;
    launch(
        stream,
        function,
        stub,
        shape,
        Source::Pointers(args),
        events,
    )
}

pub(super) fn launch_function(
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
