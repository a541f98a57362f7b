//! The structures that describe the nodes of a graph.

use std::sync::Arc;

use gpusim::abi::{Address, Dim3, Extent, HostFunction};
use gpusim::error::{Code, Result};
use gpusim::kernel::{Launch, Shape, Source, check_shape};
use gpusim::memory::fill::Fill;
use gpusim::op::{Op, UserData};

use crate::error;
use crate::module;

/// `hipKernelNodeParams`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct KernelParams {
    block: Dim3,
    extra: Address,
    function: Address,
    grid: Dim3,
    params: Address,
    shared_bytes: u32,
}

impl KernelParams {
    pub(super) fn op(&self) -> Result<Op> {
        let KernelParams {
            block,
            extra,
            function,
            grid,
            params,
            shared_bytes,
        } = *self;
        let found = module::host_function(function).or_else(|_| module::function(function))?;
        let shape = Shape {
            grid,
            block,
            shared_bytes,
        };
        check_shape(&shape, error::INVALID_CONFIGURATION)?;
        let launch = Launch::new(found, function, shape, Source::new(params, extra)?)?;
        Ok(Op::Kernel(Arc::new(launch)))
    }

    /// The arguments are the node's own: valid while it has them.
    pub(super) fn of(launch: &Launch) -> KernelParams {
        let Shape {
            grid,
            block,
            shared_bytes,
        } = launch.shape;
        let params = Address(launch.argument_list().as_ptr().expose_provenance());
        KernelParams {
            block,
            extra: Address(0),
            function: launch.name,
            grid,
            params,
            shared_bytes,
        }
    }
}

/// `hipMemsetParams`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct FillParams {
    to: Address,
    element_bytes: u32,
    height: usize,
    pitch: usize,
    value: u32,
    width: usize,
}

impl FillParams {
    pub(super) fn op(&self) -> Result<Op> {
        let FillParams {
            to,
            element_bytes,
            height,
            pitch,
            value,
            width,
        } = *self;
        Fill::rows(to, pitch, value, element_bytes as usize, width, height).map(Op::Fill)
    }

    pub(super) fn of(fill: &Fill) -> FillParams {
        let Extent { width, height, .. } = fill.extent;
        let element_bytes = u32::try_from(fill.element_bytes).unwrap_or(1);
        FillParams {
            to: fill.to.base,
            element_bytes,
            height,
            pitch: fill.to.pitch,
            value: fill.value,
            width,
        }
    }
}

/// `hipHostNodeParams`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct HostParams {
    pub(super) function: HostFunction,
    pub(super) data: UserData,
}

impl HostParams {
    pub(super) fn op(&self) -> Result<Op> {
        self.function.ok_or(Code::INVALID_VALUE)?;
        Ok(Op::Host(self.function, self.data))
    }
}

/// `hipMemAllocNodeParams`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct AllocParams {
    pool: [u64; 11],
    access: Address,
    access_count: usize,
    pub(super) bytes: usize,
    pub(super) address: Address,
}
