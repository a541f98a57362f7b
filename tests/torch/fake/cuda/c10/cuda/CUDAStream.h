#pragma once
#include <c10/core/Stream.h>
#include <cuda_runtime_api.h>

namespace c10::cuda {

struct CUDAStream {
    cudaStream_t stream;
    StreamId id() const { return reinterpret_cast<StreamId>(stream); }
};
inline CUDAStream getStreamFromExternal(cudaStream_t stream, DeviceIndex) {
    return {stream};
}

} // namespace c10::cuda
