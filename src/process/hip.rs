//! The application's HIP streams.

use std::path::Path;
use std::sync::Arc;

use super::Process;
use super::driver::Driver;
use crate::config::Config;
use crate::device::driver::DriverLibrary;
use crate::device::hip::{Hip, HipStream, PLATFORM, api};
use crate::device::{Device, Place, Stream};
use crate::error::Result;

impl Driver for Hip {
    const PLATFORM: u32 = PLATFORM;

    fn library() -> &'static DriverLibrary {
        &api::LIBRARY
    }

    fn library_named(config: &Config) -> Option<&Path> {
        config.hip_lib.as_deref()
    }

    fn of(process: &Process) -> Result<&Hip> {
        let config = process.runtime.config();
        process
            .hip
            .get_or_try_init(|| Hip::open(config.hip_lib.as_deref(), config.gate))
    }

    #[inline]
    fn current_place(&self) -> Result<Place> {
        Ok(Place::Device(self.current_ordinal()?))
    }

    fn current_device(&self) -> Result<Arc<dyn Device>> {
        Ok(self.device(self.current_ordinal()?))
    }

    fn adopt(
        &self,
        stream: usize,
        place: Option<Place>,
    ) -> Result<(Arc<dyn Device>, Arc<dyn Stream>)> {
        let ordinal = match place {
            Some(Place::Device(ordinal)) => ordinal,
            _ => self.ordinal_of(stream)?,
        };
        let device = self.device(ordinal);
        let adopted = HipStream::adopt(device.clone(), stream)?;
        Ok((device, Arc::new(adopted)))
    }
}
