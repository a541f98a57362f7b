//! Launches on several streams at once, of one or more devices.

use gpusim::abi::{Address, Dim3, In};
use gpusim::error::{Code, Result};
use gpusim::stream::{self};
use gpusim::stream_handle::StreamHandle;

use crate::call::exports;

use super::launch::{DrvConfig, launch_function, launch_stub};

exports! {
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
                let (shape, extra) = (config.shape(), Address(0));
                launch_function(*function, shape, &stream, *params, extra, [None, None])
            })
        })
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
