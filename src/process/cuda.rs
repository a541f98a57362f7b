//! The application's CUDA streams.

use std::path::Path;
use std::sync::Arc;

use super::Process;
use super::driver::Driver;
use crate::config::Config;
use crate::device::cuda::{Cuda, CudaStream, PLATFORM, api};
use crate::device::driver::DriverLibrary;
use crate::device::{Device, Place, Stream};
use crate::error::Result;

impl Driver for Cuda {
    const PLATFORM: u32 = PLATFORM;

    fn library() -> &'static DriverLibrary {
        &api::LIBRARY
    }

    fn library_named(config: &Config) -> Option<&Path> {
        config.cuda_lib.as_deref()
    }

    fn of(process: &Process) -> Result<&Cuda> {
        let config = process.runtime.config();
        process
            .cuda
            .get_or_try_init(|| Cuda::open(config.cuda_lib.as_deref(), config.gate))
    }

    #[inline]
    fn current_place(&self) -> Result<Place> {
        Ok(Place::Context(self.current_context()?))
    }

    fn current_device(&self) -> Result<Arc<dyn Device>> {
        Ok(self.context(self.current_context()?)?.device())
    }

    fn adopt(
        &self,
        stream: usize,
        place: Option<Place>,
    ) -> Result<(Arc<dyn Device>, Arc<dyn Stream>)> {
        let address = match place {
            Some(Place::Context(address)) => address,
            _ => self.context_of(stream)?,
        };
        let context = self.context(address)?;
        let device = context.device();
        let adopted = CudaStream::adopt(context, stream)?;
        Ok((device, Arc::new(adopted)))
    }
}
