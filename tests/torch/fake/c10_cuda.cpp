// What dual_model needs of PyTorch's libraries for CUDA, to link with where there are none.
#include <c10/cuda/CUDAStream.h>

#include <cstdlib>

c10::cuda::CUDAStream c10::cuda::getStreamFromExternal(cudaStream_t, c10::DeviceIndex) {
    std::abort();
}
