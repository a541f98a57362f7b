/* Faults: functions that fail when told, kernels that fail on the device, functions that are not there. */
#include "test.h"

int main(void) {
    CUcontext context = begin();
    CUdeviceptr memory = device_int(), more;
    /* CUDASIM_FAULT=cuMemAlloc_v2:2:2 */
    OK(cuMemAlloc(&more, 4));
    RETURNS(CUDA_ERROR_OUT_OF_MEMORY, cuMemAlloc(&more, 4));
    cudasim_fault("cuMemAlloc_v2", 0, 0);
    OK(cuMemAlloc(&more, 4));
    cudasim_fault("cuStreamSynchronize", CUDA_ERROR_UNKNOWN, 0);
    RETURNS(CUDA_ERROR_UNKNOWN, cuStreamSynchronize(NULL));
    cudasim_fault("cuStreamSynchronize", 0, 0);
    RETURNS(CUDA_ERROR_NOT_SUPPORTED, cuMemRelease(0));
    CHECK(cudasim_calls("cuMemRelease") == 1);

    /* CUDASIM_TRAP=store:700:1: the second one fails on the device. */
    CUstream stream = new_stream(CU_STREAM_NON_BLOCKING), waiting = new_stream(CU_STREAM_DEFAULT);
    CUevent event;
    OK(cuEventCreate(&event, 0));
    OK(store(memory, 1, stream));
    OK(cuStreamSynchronize(stream));
    uint32_t *word;
    OK(cuMemAllocHost((void **)&word, 8));
    OK(cuStreamWaitValue32(waiting, (CUdeviceptr)word, 1, 0)); /* nobody will ever write it */
    OK(store(memory, 2, waiting));
    OK(cuMemsetD8Async(memory, 2, 4, waiting));
    atomic_int go = 0;
    OK(hold(&go, stream));
    OK(store(memory, 3, stream));
    OK(cuStreamWriteValue32(stream, (CUdeviceptr)word + 4, 1, 0));
    OK(cuEventRecord(event, stream));
    atomic_store(&go, 1);
    RETURNS(CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamSynchronize(stream));
    CHECK(value_at(memory) == 1);

    /* From then on every call says so, and nothing runs or waits any more. */
    RETURNS(CUDA_ERROR_ILLEGAL_ADDRESS, cuCtxSynchronize());
    RETURNS(CUDA_ERROR_ILLEGAL_ADDRESS, cuMemAlloc(&more, 4));
    RETURNS(CUDA_ERROR_ILLEGAL_ADDRESS, cuEventQuery(event));
    RETURNS(CUDA_ERROR_ILLEGAL_ADDRESS, cuMemsetD8Async(memory, 4, 4, stream));
    RETURNS(CUDA_ERROR_ILLEGAL_ADDRESS, cuStreamDestroy(stream));
    uint64_t launched, completed;
    do
        cudasim_commands(&launched, &completed);
    while (launched != completed);
    CHECK(value_at(memory) == 1 && word[1] == 0);
    CUcontext still;
    OK(cuCtxGetCurrent(&still));
    CHECK(still == context);

    /* Another context of the device works; so does a new primary one. A trap springs once. */
    CUcontext another;
#if CUDA_VERSION >= 13000
    OK(cuCtxCreate(&another, NULL, 0, 0));
#else
    OK(cuCtxCreate(&another, 0, 0));
#endif
    CUmodule module;
    CUfunction function;
    int value = 5;
    memory = device_int();
    void *args[] = {&value, &memory};
    OK(cuModuleLoadData(&module, test_ptx));
    OK(cuModuleGetFunction(&function, module, "store"));
    OK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, args, NULL));
    OK(cuCtxSynchronize());
    CHECK(value_at(memory) == 5);
    OK(cuCtxDestroy(another));
    OK(cuDevicePrimaryCtxReset(0));
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuCtxSetCurrent(context));
    OK(cuMemAlloc(&memory, 4));
    OK(cuCtxSynchronize());
    return 0;
}
