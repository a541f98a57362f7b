/* Initialisation, devices, contexts: who has which, and what ends with one. */
#include "test.h"
#include <pthread.h>
#include <string.h>

static void before_initialisation(void) {
    int number;
    RETURNS(CUDA_ERROR_NOT_INITIALIZED, cuDeviceGetCount(&number));
    CUcontext context;
    RETURNS(CUDA_ERROR_NOT_INITIALIZED, cuCtxGetCurrent(&context));
    CUdeviceptr memory;
    RETURNS(CUDA_ERROR_NOT_INITIALIZED, cuMemAlloc(&memory, 4));
    OK(cuDriverGetVersion(&number));
    CHECK(number == atoi(getenv("CUDASIM_TEST_VERSION")));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuInit(1));
    const char *name;
    OK(cuGetErrorName(CUDA_ERROR_ILLEGAL_ADDRESS, &name));
    CHECK(strcmp(name, "CUDA_ERROR_ILLEGAL_ADDRESS") == 0);
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuGetErrorName((CUresult)12345, &name));
    CHECK(name == NULL);
    OK(cuInit(0));
    OK(cuInit(0));
}

static int attribute(CUdevice_attribute attribute) {
    int value = -1;
    OK(cuDeviceGetAttribute(&value, attribute, 0));
    return value;
}

static void devices(void) {
    int number;
    OK(cuDeviceGetCount(&number));
    CHECK(number == 2);
    CUdevice device;
    RETURNS(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&device, 2));
    OK(cuDeviceGet(&device, 1));
    char name[64], id[2][32];
    OK(cuDeviceGetName(name, sizeof name, device));
    OK(cuDeviceGetPCIBusId(id[0], sizeof *id, 0));
    OK(cuDeviceGetPCIBusId(id[1], sizeof *id, 1));
    CHECK(strcmp(id[0], id[1]) != 0);
    OK(cuDeviceGetByPCIBusId(&device, id[0]));
    CHECK(device == 0);
    CUuuid uuid[2];
    OK(cuDeviceGetUuid(&uuid[0], 0));
    OK(cuDeviceGetUuid(&uuid[1], 1));
    CHECK(memcmp(&uuid[0], &uuid[1], sizeof *uuid) != 0);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) == 9);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR) == 1);
    CHECK(attribute(CU_DEVICE_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED) == 1);
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuDeviceGetAttribute(&number, (CUdevice_attribute)9999, 0));
}

static CUcontext current(void) {
    CUcontext context;
    OK(cuCtxGetCurrent(&context));
    return context;
}

static CUcontext create(CUdevice device) {
    CUcontext context;
#if CUDA_VERSION >= 13000
    OK(cuCtxCreate(&context, NULL, 0, device));
#else
    OK(cuCtxCreate(&context, 0, device));
#endif
    return context;
}

static void *has_none(void *argument) {
    (void)argument;
    CHECK(current() == NULL);
    RETURNS(CUDA_ERROR_INVALID_CONTEXT, cuCtxSynchronize());
    return NULL;
}

static void stack(void) {
    CHECK(current() == NULL);
    CUcontext first = create(0), second = create(1), popped;
    CHECK(current() == second && first != second);
    CUdevice device;
    OK(cuCtxGetDevice(&device));
    CHECK(device == 1);
    OK(cuCtxPopCurrent(&popped));
    CHECK(popped == second && current() == first);
    OK(cuCtxPushCurrent(second));
    OK(cuCtxSetCurrent(first)); /* replaces the top */
    OK(cuCtxPopCurrent(&popped));
    CHECK(popped == first && current() == first);
    unsigned long long id[2];
    OK(cuCtxGetId(NULL, &id[0]));
    OK(cuCtxGetId(second, &id[1]));
    CHECK(id[0] != id[1]);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, has_none, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);

    /* What belongs to a context goes with it. */
    CUdeviceptr memory = device_int(), range;
    CUstream stream = new_stream(CU_STREAM_DEFAULT);
    CUevent event;
    OK(cuEventCreate(&event, 0));
    CUcontext of_stream;
    OK(cuStreamGetCtx(stream, &of_stream));
    CHECK(of_stream == first);
    OK(store(memory, 1, stream));
    OK(cuCtxDestroy(first));      /* waits, and was current: popped */
    CHECK(value_at(memory) != 1); /* and freed, with a pattern */
    CHECK(current() == NULL);
    RETURNS(CUDA_ERROR_INVALID_CONTEXT, cuCtxSetCurrent(first));
    OK(cuCtxSetCurrent(second));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuStreamQuery(stream));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuEventQuery(event));
    RETURNS(CUDA_ERROR_NOT_FOUND, cuMemGetAddressRange(&range, NULL, memory));
    OK(cuCtxDestroy(second));
    RETURNS(CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy(second));
}

/* Events and modules are for the streams of their context, libraries for those of any. */
static void of_another(void) {
    CUcontext first = create(0);
    CUevent event;
    CUmodule module;
    CUlibrary library;
    CUfunction function;
    CUkernel any;
    OK(cuEventCreate(&event, 0));
    OK(cuModuleLoadData(&module, test_ptx));
    OK(cuModuleGetFunction(&function, module, "store"));
    OK(cuLibraryLoadData(&library, test_ptx, NULL, NULL, 0, NULL, NULL, 0));
    OK(cuLibraryGetKernel(&any, library, "store"));
    OK(cuEventRecord(event, NULL));

    CUcontext second = create(0);
    CUstream stream = new_stream(CU_STREAM_NON_BLOCKING);
    CUdeviceptr memory = device_int();
    int value = 1;
    void *args[] = {&value, &memory};
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuEventRecord(event, stream));
    OK(cuStreamWaitEvent(stream, event, 0));
    RETURNS(CUDA_ERROR_INVALID_HANDLE,
            cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, args, NULL));
    OK(cuLaunchKernel((CUfunction)any, 1, 1, 1, 1, 1, 1, 0, stream, args, NULL));
    OK(cuStreamSynchronize(stream));
    CHECK(value_at(memory) == 1);
    OK(cuCtxDestroy(second));
    OK(cuCtxDestroy(first));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuLibraryGetKernel(&any, (CUlibrary)module, "store"));
    OK(cuLibraryGetKernel(&any, library, "stamp")); /* stays when contexts end */
}

/* Destroyed by another thread: the context stays current, and every call says what happened. */
static void *destroy(void *context) {
    OK(cuCtxDestroy(context));
    return NULL;
}

static void destroyed_elsewhere(void) {
    CUcontext context = create(0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, destroy, context) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(current() == context);
    RETURNS(CUDA_ERROR_CONTEXT_IS_DESTROYED, cuCtxSynchronize());
    OK(cuCtxPopCurrent(&context));
}

static void primary(void) {
    unsigned flags;
    int active;
    OK(cuDevicePrimaryCtxGetState(0, &flags, &active));
    CHECK(!active);
    CUcontext context, again;
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuDevicePrimaryCtxRetain(&again, 0));
    CHECK(context == again);
    RETURNS(CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy(context));
    OK(cuCtxSetCurrent(context));
    CUdeviceptr memory = device_int(), range;
    OK(cuDevicePrimaryCtxRelease(0));
    OK(cuMemGetAddressRange(&range, NULL, memory));
    OK(cuDevicePrimaryCtxRelease(0));
    OK(cuDevicePrimaryCtxGetState(0, &flags, &active));
    CHECK(!active);
    RETURNS(CUDA_ERROR_CONTEXT_IS_DESTROYED, cuMemGetAddressRange(&range, NULL, memory));
    RETURNS(CUDA_ERROR_INVALID_CONTEXT, cuDevicePrimaryCtxRelease(0));

    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuCtxSetCurrent(context));
    memory = device_int();
    OK(cuDevicePrimaryCtxReset(0));
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuCtxSetCurrent(context));
    RETURNS(CUDA_ERROR_NOT_FOUND, cuMemGetAddressRange(&range, NULL, memory));
}

int main(void) {
    before_initialisation();
    devices();
    stack();
    of_another();
    destroyed_elsewhere();
    primary();
    CHECK(cudasim_violations() == 0);
    return 0;
}
