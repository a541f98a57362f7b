//! Attributes of streams: kept, and change nothing.

use gpusim::abi::{In, Out};
use gpusim::stream_handle::StreamHandle;
use gpusim::sync::lock;

use crate::call::exports;

exports! { context; default:
    [cuStreamSetAttribute] [cuStreamSetAttribute_ptsz] (
        stream: StreamHandle, attribute: u32, value: In<[u64; 8]>,
    ) {
        lock(&default.stream(stream)?.attributes).insert(attribute, value.get()?);
        Ok(())
    }

    [cuStreamGetAttribute] [cuStreamGetAttribute_ptsz] (
        stream: StreamHandle, attribute: u32, value: Out<[u64; 8]>,
    ) {
        let stream = default.stream(stream)?;
        let found = lock(&stream.attributes).get(&attribute).copied();
        value.put(found.unwrap_or_default())
    }

    [cuStreamCopyAttributes] [cuStreamCopyAttributes_ptsz] (
        to: StreamHandle, from: StreamHandle,
    ) {
        let attributes = lock(&default.stream(from)?.attributes).clone();
        *lock(&default.stream(to)?.attributes) = attributes;
        Ok(())
    }
}
