// LibTorch for ROCm up to 2.10, whose streams are of the device type HIP, which no guard knows; or
// from 2.11 on, where its classes have CUDA's names (TORCH_2_11).
#pragma once
#include <c10/core/Stream.h>
#include <hip/hip_runtime_api.h>

#ifdef TORCH_2_11
namespace c10::cuda {
#else
namespace c10::hip {
#endif

struct TheStream {
    hipStream_t stream;
    StreamId id() const { return reinterpret_cast<StreamId>(stream); }
};
inline TheStream getStreamFromExternal(hipStream_t stream, DeviceIndex) {
    return {stream};
}

} // namespace c10::cuda or c10::hip

#ifdef TORCH_2_11
namespace c10::hip {
using c10::cuda::getStreamFromExternal;
}
#endif
