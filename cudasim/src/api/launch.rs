//! Kernel launches.

use std::sync::Arc;

use gpusim::abi::{Address, Dim3, In};
use gpusim::error::{Code, Result};
use gpusim::kernel::{Launch, Shape, Source, check_shape};
use gpusim::op::Op;
use gpusim::stream::{Stream, submit};
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;
use crate::module;

exports! { context; default:
    [cuLaunchKernel] [cuLaunchKernel_ptsz] (
        function: Address, grid_x: u32, grid_y: u32, grid_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: u32, stream: StreamHandle, params: Address, extra: Address,
    ) {
        let shape = shape([grid_x, grid_y, grid_z], [block_x, block_y, block_z], shared);
        launch(&default.stream(stream)?, function, shape, params, extra)
    }

    [cuLaunchCooperativeKernel] [cuLaunchCooperativeKernel_ptsz] (
        function: Address, grid_x: u32, grid_y: u32, grid_z: u32, block_x: u32, block_y: u32,
        block_z: u32, shared: u32, stream: StreamHandle, params: Address,
    ) {
        let shape = shape([grid_x, grid_y, grid_z], [block_x, block_y, block_z], shared);
        launch(&default.stream(stream)?, function, shape, params, Address(0))
    }

    [cuLaunchKernelEx] [cuLaunchKernelEx_ptsz] (
        config: In<Config>, function: Address, params: Address, extra: Address,
    ) {
        let config = config.get()?;
        let shape = shape(config.grid, config.block, config.shared_bytes);
        launch(&default.stream(config.stream)?, function, shape, params, extra)
    }
}

/// `CUlaunchConfig`; its attributes change nothing.
#[derive(Clone, Copy)]
#[repr(C)]
struct Config {
    grid: [u32; 3],
    block: [u32; 3],
    shared_bytes: u32,
    stream: StreamHandle,
    attributes: Address,
    attribute_count: u32,
}

fn shape(grid: [u32; 3], block: [u32; 3], shared_bytes: u32) -> Shape {
    let dim3 = |[x, y, z]: [u32; 3]| Dim3 { x, y, z };
    Shape {
        grid: dim3(grid),
        block: dim3(block),
        shared_bytes,
    }
}

fn launch(
    stream: &Arc<Stream>,
    function: Address,
    shape: Shape,
    params: Address,
    extra: Address,
) -> Result {
    let kernel = module::kernel(function)?;
    check_shape(&shape, Code::INVALID_VALUE)?;
    let launch = Launch::new(
        kernel.function.clone(),
        function,
        shape,
        Source::new(params, extra)?,
    )?;
    kernel.load_for_launch(stream)?;
    submit(stream, Op::Kernel(Arc::new(launch)))
}
