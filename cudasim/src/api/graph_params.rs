//! The structures that describe the nodes of a graph.

use std::sync::Arc;

use gpusim::abi::{Address, Dim3, Extent, HostFunction, In};
use gpusim::error::{Code, Result};
use gpusim::event::EventHandle;
use gpusim::graph::Graph;
use gpusim::kernel::{Launch, Shape, Source, check_shape};
use gpusim::memory::fill::Fill;
use gpusim::op::{Op, UserData};

use crate::module;

use super::copy::Params3D;
use super::value::Batch;

/// `CUDA_KERNEL_NODE_PARAMS_v1`, and what the later ones start with.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct KernelParams {
    function: Address,
    grid: Dim3,
    block: Dim3,
    shared_bytes: u32,
    params: Address,
    extra: Address,
}

/// `CUDA_KERNEL_NODE_PARAMS_v2`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct KernelParams2 {
    first: KernelParams,
    /// Counts if the function is NULL.
    kernel: Address,
    context: Address,
}

impl KernelParams {
    pub(super) fn op(&self) -> Result<Op> {
        let KernelParams {
            function,
            grid,
            block,
            shared_bytes,
            params,
            extra,
        } = *self;
        let found = module::kernel(function)?.function.clone();
        let shape = Shape {
            grid,
            block,
            shared_bytes,
        };
        check_shape(&shape, Code::INVALID_VALUE)?;
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
        KernelParams {
            function: launch.name,
            grid,
            block,
            shared_bytes,
            params: Address(launch.argument_list().as_ptr().expose_provenance()),
            extra: Address(0),
        }
    }
}

impl KernelParams2 {
    pub(super) fn op(&self) -> Result<Op> {
        let mut params = self.first;
        if params.function.is_null() {
            params.function = self.kernel;
        }
        params.op()
    }

    pub(super) fn of(launch: &Launch) -> KernelParams2 {
        KernelParams2 {
            first: KernelParams::of(launch),
            kernel: Address(0),
            context: Address(0),
        }
    }
}

/// `CUDA_MEMSET_NODE_PARAMS`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct FillParams {
    to: Address,
    pitch: usize,
    value: u32,
    element_bytes: u32,
    width: usize,
    height: usize,
}

impl FillParams {
    pub(super) fn op(&self) -> Result<Op> {
        let FillParams {
            to,
            pitch,
            value,
            element_bytes,
            width,
            height,
        } = *self;
        Fill::rows(to, pitch, value, element_bytes as usize, width, height).map(Op::Fill)
    }

    pub(super) fn of(fill: &Fill) -> FillParams {
        let Extent { width, height, .. } = fill.extent;
        FillParams {
            to: fill.to.base,
            pitch: fill.to.pitch,
            value: fill.value,
            element_bytes: u32::try_from(fill.element_bytes).unwrap_or(1),
            width,
            height,
        }
    }
}

/// `CUDA_HOST_NODE_PARAMS`
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

/// `CUDA_BATCH_MEM_OP_NODE_PARAMS`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct BatchParams {
    context: Address,
    batch: Batch,
}

impl BatchParams {
    pub(super) fn op(&self) -> Result<Op> {
        self.batch.op()
    }
}

/// `CUDA_MEM_ALLOC_NODE_PARAMS`
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct AllocParams {
    pool: [u64; 11],
    access: Address,
    access_count: usize,
    pub(super) bytes: usize,
    pub(super) address: Address,
}

/// `CUgraphNodeParams`: a type, and a structure that depends on it.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct AnyParams {
    kind: u32,
    reserved: [u32; 3],
    body: [u64; 29],
    padding: u64,
}

const _: () = assert!(size_of::<AnyParams>() == 256);

impl AnyParams {
    pub(super) fn op(&self) -> Result<Op> {
        let body = Address(self.body.as_ptr().expose_provenance());
        let handle = Address(usize::try_from(self.body[0]).unwrap_or(0));
        match self.kind {
            0 => In::<KernelParams2>::at(body).get()?.op(),
            1 => {
                // Behind flags and a context.
                let copy = In::<Params3D>::at(body.offset(16)).get()?;
                copy.copy().map(Op::Copy)
            }
            2 => In::<FillParams>::at(body).get()?.op(),
            3 => In::<HostParams>::at(body).get()?.op(),
            4 => Ok(Op::Child(Graph::get(handle)?.duplicate())),
            5 => Ok(Op::Nothing),
            6 => Ok(Op::WaitEvent(
                EventHandle(handle).get()?,
                EventHandle(handle),
            )),
            7 => Ok(Op::Record(EventHandle(handle).get()?, EventHandle(handle))),
            12 => In::<BatchParams>::at(body).get()?.op(),
            _ => Err(Code::NOT_SUPPORTED),
        }
    }
}
