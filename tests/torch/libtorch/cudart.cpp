// The part of CUDA's runtime that PyTorch's streams, guards, allocators and copies need, over the driver:
// NVIDIA's own looks for more in a driver than the stand-in one has. As NVIDIA's, it finds the driver's
// functions by dlsym and cuGetProcAddress, so that a libxsched in front of the driver sees the calls.
#include <cuda.h>
#include <cuda_runtime_api.h>

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

thread_local int current_device = 0;
thread_local CUcontext current_context = nullptr;
thread_local cudaError_t last_error = cudaSuccess;

CUresult look_up(const char *name, void **function, cuuint64_t flags) {
    static void *const driver = dlopen("libcuda.so.1", RTLD_NOW);
    static const auto get =
        reinterpret_cast<decltype(&cuGetProcAddress)>(dlsym(driver, "cuGetProcAddress_v2"));
    return get(name, function, CUDA_VERSION, flags, nullptr);
}

template <typename... Parameters, typename... Arguments>
cudaError_t call(const char *name, Arguments... arguments) {
    void *function = nullptr;
    if (look_up(name, &function, 0) != CUDA_SUCCESS || function == nullptr) {
        std::fprintf(stderr, "cudart: the driver has no %s\n", name);
        std::abort();
    }
    const CUresult result = reinterpret_cast<CUresult (*)(Parameters...)>(function)(arguments...);
    if (result != CUDA_SUCCESS) {
        last_error = static_cast<cudaError_t>(result);
    }
    return static_cast<cudaError_t>(result);
}

// Makes the device's primary context this thread's.
void enter() {
    if (current_context == nullptr) {
        call<unsigned>("cuInit", 0u);
        call<CUcontext *, CUdevice>("cuDevicePrimaryCtxRetain", &current_context, current_device);
        call<CUcontext>("cuCtxSetCurrent", current_context);
    }
}

} // namespace

extern "C" {

cudaError_t cudaGetDeviceCount(int *count) {
    call<unsigned>("cuInit", 0u);
    return call<int *>("cuDeviceGetCount", count);
}
cudaError_t cudaGetDevice(int *device) {
    *device = current_device;
    return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
    current_context = device == current_device ? current_context : nullptr;
    current_device = device;
    enter();
    return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int) {
    std::memset(properties, 0, sizeof *properties);
    properties->major = 9;
    properties->multiProcessorCount = 1;
    return cudaSuccess;
}
cudaError_t cudaDeviceCanAccessPeer(int *can, int, int) {
    *can = 0;
    return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int *version) {
    return call<int *>("cuDriverGetVersion", version);
}
cudaError_t cudaRuntimeGetVersion(int *version) {
    *version = CUDART_VERSION;
    return cudaSuccess;
}
cudaError_t cudaGetDriverEntryPointByVersion(const char *name, void **function, unsigned,
                                             unsigned long long flags,
                                             cudaDriverEntryPointQueryResult *status) {
    const CUresult result = look_up(name, function, flags);
    if (status != nullptr) {
        *status =
            *function == nullptr ? cudaDriverEntryPointSymbolNotFound : cudaDriverEntryPointSuccess;
    }
    return static_cast<cudaError_t>(result);
}

cudaError_t cudaGetLastError() {
    const cudaError_t error = last_error;
    last_error = cudaSuccess;
    return error;
}
cudaError_t cudaPeekAtLastError() {
    return last_error;
}
const char *cudaGetErrorName(cudaError_t) {
    return "an error of the driver";
}
const char *cudaGetErrorString(cudaError_t) {
    return "an error of the driver";
}

cudaError_t cudaDeviceGetStreamPriorityRange(int *least, int *greatest) {
    enter();
    return call<int *, int *>("cuCtxGetStreamPriorityRange", least, greatest);
}
cudaError_t cudaStreamCreateWithPriority(cudaStream_t *stream, unsigned flags, int priority) {
    enter();
    return call<CUstream *, unsigned, int>("cuStreamCreateWithPriority", stream, flags, priority);
}
cudaError_t cudaStreamGetPriority(cudaStream_t stream, int *priority) {
    return call<CUstream, int *>("cuStreamGetPriority", stream, priority);
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    enter();
    return call<CUstream>("cuStreamSynchronize", stream);
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return call<CUstream>("cuStreamDestroy", stream);
}
cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus *status) {
    enter();
    return call<CUstream, cudaStreamCaptureStatus *>("cuStreamIsCapturing", stream, status);
}
cudaError_t cudaMalloc(void **pointer, size_t size) {
    enter();
    return call<void **, size_t>("cuMemAlloc", pointer, size);
}
cudaError_t cudaFree(void *pointer) {
    return call<void *>("cuMemFree", pointer);
}
cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t size, cudaMemcpyKind,
                            cudaStream_t stream) {
    enter();
    return call<void *, const void *, size_t, CUstream>("cuMemcpyAsync", to, from, size, stream);
}

cudaError_t cudaHostAlloc(void **pointer, size_t size, unsigned flags) {
    enter();
    return call<void **, size_t, unsigned>("cuMemHostAlloc", pointer, size, flags);
}
cudaError_t cudaFreeHost(void *pointer) {
    return call<void *>("cuMemFreeHost", pointer);
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes *attributes, const void *pointer) {
    enter();
    std::memset(attributes, 0, sizeof *attributes);
    CUmemorytype type{};
    const cudaError_t result = call<void *, CUpointer_attribute, const void *>(
        "cuPointerGetAttribute", &type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, pointer);
    attributes->type = result != cudaSuccess          ? cudaMemoryTypeUnregistered
                       : type == CU_MEMORYTYPE_DEVICE ? cudaMemoryTypeDevice
                                                      : cudaMemoryTypeHost;
    return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned flags) {
    enter();
    return call<CUevent *, unsigned>("cuEventCreate", event, flags);
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    enter();
    return call<CUevent, CUstream>("cuEventRecord", event, stream);
}
cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream, unsigned flags) {
    enter();
    return call<CUevent, CUstream, unsigned>("cuEventRecordWithFlags", event, stream, flags);
}
cudaError_t cudaEventQuery(cudaEvent_t event) {
    return call<CUevent>("cuEventQuery", event);
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    return call<CUevent>("cuEventSynchronize", event);
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return call<CUevent>("cuEventDestroy", event);
}

// PyTorch's kernels are registered when its libraries are loaded. None is launched.
void **__cudaRegisterFatBinary(void *) {
    static void *nothing = nullptr;
    return &nothing;
}
void __cudaRegisterFatBinaryEnd(void **) {}
void __cudaUnregisterFatBinary(void **) {}
void __cudaRegisterFunction(void **, const char *, char *, const char *, int, void *, void *,
                            void *, void *, int *) {}
void __cudaRegisterVar(void **, char *, char *, const char *, int, size_t, int, int) {}

} // extern "C"
