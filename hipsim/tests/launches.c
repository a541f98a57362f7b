/* Every way to launch: arguments as they were at the call, codes, faults, calls through the PLT. */
#include "test.h"
#include <string.h>

/* Stands for the host function: only its address counts. */
static const char stub;

static void register_stub(void) {
    static const hipsim_fat_binary binary = {HIPSIM_FAT_MAGIC, 1, &test_image, NULL};
    void **module = __hipRegisterFatBinary(&binary);
    char name[] = "store";
    __hipRegisterFunction(module, &stub, name, name, 0, NULL, NULL, NULL, NULL, NULL);
}

int main(void) {
    register_stub();
    const void *kernel = &stub;
    hipStream_t stream;
    OK(hipStreamCreate(&stream));
    int *memory = device_int();
    atomic_int go = 0;

    /* The arguments are gone before the kernel starts. */
    OK(hold(&go, stream));
    struct {
        int value;
        int *where;
    } block = {1, memory};
    void *args[] = {&block.value, &block.where};
    OK(hipLaunchKernel(kernel, one, one, args, 0, stream));
    memset(&block, 0xff, sizeof block);
    memset(args, 0xff, sizeof args);
    atomic_store(&go, 1);
    OK(hipStreamSynchronize(stream));
    CHECK(*memory == 1);

    /* As a block of memory, with padding. */
    hipFunction_t function;
    OK(hipModuleGetFunction(&function, test_module(), "store"));
    block.where = memory;
    block.value = 2;
    size_t bytes = sizeof block;
    void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, &block, HIP_LAUNCH_PARAM_BUFFER_SIZE, &bytes,
                     HIP_LAUNCH_PARAM_END};
    OK(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, NULL, extra));
    OK(hipStreamSynchronize(stream));
    CHECK(*memory == 2);

    /* <<<>>>: push, pop, launch. */
    dim3 grid, blocks;
    size_t shared;
    hipStream_t popped;
    OK(__hipPushCallConfiguration(one, one, 16, stream));
    OK(__hipPopCallConfiguration(&grid, &blocks, &shared, &popped));
    CHECK(grid.x == 1 && shared == 16 && popped == stream);
    RETURNS(hipErrorMissingConfiguration,
            __hipPopCallConfiguration(&grid, &blocks, &shared, &popped));

    /* The oldest way, which goes through the exported launch. */
    uint64_t before = hipsim_calls("hipModuleLaunchKernel");
    int *where = memory;
    int value = 3;
    OK(hipConfigureCall(one, one, 0, stream));
    OK(hipSetupArgument(&value, sizeof value, 0));
    OK(hipSetupArgument(&where, sizeof where, sizeof where));
    OK(hipLaunchByPtr(kernel));
    CHECK(hipsim_calls("hipModuleLaunchKernel") == before + 1);
    OK(hipStreamSynchronize(stream));
    CHECK(*memory == 3);

    /* Events around it, and sizes in threads. */
    hipEvent_t start, stop;
    OK(hipEventCreate(&start));
    OK(hipEventCreate(&stop));
    value = 4;
    void *params[] = {&value, &where};
    OK(hipExtLaunchKernel(kernel, one, one, params, 0, stream, start, stop, 0));
    OK(hipEventSynchronize(stop));
    float ms = -1;
    OK(hipEventElapsedTime(&ms, start, stop));
    CHECK(ms >= 0 && *memory == 4);

    /* Codes, and a stream that goes on working. */
    const dim3 none = {0, 1, 1}, many = {1025, 1, 1};
    RETURNS(hipErrorInvalidConfiguration, hipLaunchKernel(kernel, none, one, params, 0, stream));
    RETURNS(hipErrorInvalidConfiguration, hipLaunchKernel(kernel, one, many, params, 0, stream));
    RETURNS(hipErrorInvalidDeviceFunction, hipLaunchKernel(memory, one, one, params, 0, stream));
    RETURNS(hipErrorInvalidDeviceFunction, hipPeekAtLastError());
    RETURNS(hipErrorInvalidDeviceFunction, hipGetLastError());
    RETURNS(hipSuccess, hipGetLastError());
    CHECK(strcmp(hipGetErrorName(719), "hipErrorLaunchFailure") == 0);

    hipsim_fault("hipLaunchKernel", hipErrorLaunchFailure, 1);
    OK(hipLaunchKernel(kernel, one, one, params, 0, stream));
    RETURNS(hipErrorLaunchFailure, hipLaunchKernel(kernel, one, one, params, 0, stream));
    RETURNS(hipErrorLaunchFailure, hipLaunchKernel(kernel, one, one, params, 0, stream));
    hipsim_fault("hipLaunchKernel", 0, 0);
    OK(hipLaunchKernel(kernel, one, one, params, 0, stream));
    OK(hipStreamSynchronize(stream));

    /* What is not there says so, and an unknown image has every kernel. */
    RETURNS(hipErrorNotSupported, hipCtxSynchronize());
    CHECK(hipsim_calls("hipCtxSynchronize") == 1);
    hipModule_t foreign;
    OK(hipModuleLoadData(&foreign, "\177ELF, or something like it"));
    OK(hipModuleGetFunction(&function, foreign, "anything"));
    OK(hipModuleLaunchKernel(function, 1, 1, 1, 64, 1, 1, 0, stream, NULL, NULL));
    RETURNS(hipErrorNotFound, hipModuleGetFunction(&function, test_module(), "anything"));
    CHECK(hipsim_violations() == 0);
    return 0;
}
