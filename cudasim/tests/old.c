/*
 * A driver of CUDA 11.4: what came later is not there, what was there works. Links no driver, as a
 * program that has to run with any.
 */
#define _GNU_SOURCE
#include "test.h"
#include <dlfcn.h>
#include <string.h>

static void *library;

/* Finds a function in the library, under the name that its first version has. */
#define FIND(function, symbol)                                                                     \
    do {                                                                                           \
        void *address_ = dlsym(library, symbol);                                                   \
        CHECK(address_ != NULL);                                                                   \
        memcpy(&(function), &address_, sizeof(function));                                          \
    } while (0)

int main(void) {
    library = dlopen("libcuda.so.1", RTLD_NOW);
    CHECK(library != NULL);
    static const char *const later[] = {"cuStreamWaitValue32_v2", "cuStreamBatchMemOp_v2",
                                        "cuGetProcAddress_v2", "cuLaunchKernelEx",
                                        "cuLibraryLoadData"};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        CHECK(dlsym(library, later[i]) == NULL);

    CUresult (*version)(int *), (*init)(unsigned), (*retain)(CUcontext *, CUdevice);
    CUresult (*set)(CUcontext), (*create)(CUstream *, unsigned), (*synchronize)(CUstream);
    CUresult (*host)(void **, size_t, unsigned);
    CUresult (*wait)(CUstream, CUdeviceptr, cuuint32_t, unsigned), (*query)(CUstream);
    CUresult (*find)(const char *, void **, int, cuuint64_t);
    FIND(version, "cuDriverGetVersion");
    FIND(init, "cuInit");
    FIND(retain, "cuDevicePrimaryCtxRetain");
    FIND(set, "cuCtxSetCurrent");
    FIND(create, "cuStreamCreate");
    FIND(synchronize, "cuStreamSynchronize");
    FIND(query, "cuStreamQuery");
    FIND(host, "cuMemHostAlloc");
    FIND(wait, "cuStreamWaitValue32");
    FIND(find, "cuGetProcAddress");

    int number = 0;
    OK(version(&number));
    CHECK(number == 11040);
    CUcontext context;
    CUstream stream;
    void *word = NULL, *found = NULL;
    OK(init(0));
    OK(retain(&context, 0));
    OK(set(context));
    OK(create(&stream, CU_STREAM_NON_BLOCKING));
    OK(host(&word, 4, 0));
    OK(wait(stream, (CUdeviceptr)word, 1, CU_STREAM_WAIT_VALUE_EQ));
    RETURNS(CUDA_ERROR_NOT_READY, query(stream));
    *(volatile uint32_t *)word = 1;
    OK(synchronize(stream));
    OK(find("cuStreamWaitValue32", &found, 11040, 0));
    CHECK(found == dlsym(library, "cuStreamWaitValue32"));
    RETURNS(CUDA_ERROR_NOT_FOUND, find("cuLaunchKernelEx", &found, 11040, 0));
    return 0;
}
