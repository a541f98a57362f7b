/*
 * cuGetProcAddress: the newest variant that a caller of a version knows, the default stream that
 * the flags ask for; the answers are not those of an interposer. As drivers 535 to 580 answer.
 */
#define _GNU_SOURCE
#include "test.h"
#include <dlfcn.h>
#include <string.h>

enum { LEGACY = CU_GET_PROC_ADDRESS_LEGACY_STREAM };
enum { PER_THREAD = CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM };

static int other, version;

/* An interposer of this program's: nobody may get it from the driver. */
CUresult cuCtxGetCurrent(CUcontext *context) {
    (void)context;
    return CUDA_ERROR_UNKNOWN;
}

/* Checks that the function is answered with this symbol. */
static void is(const char *symbol, const char *name, int wanted, cuuint64_t flags) {
    void *exported = dlsym(dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD), symbol), *found = NULL;
    CUdriverProcAddressQueryResult status = (CUdriverProcAddressQueryResult)-1;
    OK(cuGetProcAddress(name, &found, wanted, flags, &status));
    CHECK(exported != NULL && status == CU_GET_PROC_ADDRESS_SUCCESS);
    CHECK(found != NULL && (found == exported) == !other);
    OK(cuGetProcAddress(name, &found, wanted, flags, NULL));
}

static void is_missing(const char *name, int wanted, cuuint64_t flags,
                       CUdriverProcAddressQueryResult why) {
    CUdriverProcAddressQueryResult status;
    void *found = &status;
    OK(cuGetProcAddress(name, &found, wanted, flags, &status));
    CHECK(found == NULL && status == why);
}

int main(void) {
    const char *mode = getenv("CUDASIM_PROC_ADDRESS");
    other = mode != NULL && strcmp(mode, "other") == 0;
    OK(cuDriverGetVersion(&version)); /* before cuInit, as the look-ups */

    is("cuMemcpyHtoD", "cuMemcpyHtoD", 2000, LEGACY);
    is("cuMemcpyHtoD_v2", "cuMemcpyHtoD", 12080, CU_GET_PROC_ADDRESS_DEFAULT);
    is("cuMemcpyHtoD_v2_ptds", "cuMemcpyHtoD", 12080, PER_THREAD);
    is("cuMemcpyHtoD_v2_ptds", "cuMemcpyHtoD", 12080, LEGACY | PER_THREAD);
    is("cuMemAlloc_v2", "cuMemAlloc", 12080, PER_THREAD);
    is("cuStreamGetCaptureInfo", "cuStreamGetCaptureInfo", 11020, LEGACY);
    is("cuStreamGetCaptureInfo_v2", "cuStreamGetCaptureInfo", 12020, LEGACY);
    is("cuStreamGetCaptureInfo_v3_ptsz", "cuStreamGetCaptureInfo", 12030, PER_THREAD);
    is("cuGetProcAddress", "cuGetProcAddress", 11030, LEGACY);
    is("cuGetProcAddress_v2", "cuGetProcAddress", 12000, LEGACY);
    is("cuCtxGetCurrent", "cuCtxGetCurrent", 12080, LEGACY);
    is("cuLaunch", "cuLaunch", 12080, LEGACY); /* without an implementation here */

    is_missing("cuMemAlloc_v2", 12080, LEGACY, CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
    is_missing("cuNothing", 12080, LEGACY, CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
    is_missing("cuLibraryLoadData", 11080, LEGACY, CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
    is_missing("cuMemcpyHtoD", 6050, PER_THREAD, CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
    void *found = &version;
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuGetProcAddress("cuInit", &found, 12080, 4, NULL));
    CHECK(found == &version);
    if (version >= 13000) {
        is("cuCtxSynchronize_v2", "cuCtxSynchronize", 13000, LEGACY);
        is("cuCtxSynchronize", "cuCtxSynchronize", 12080, LEGACY);
        RETURNS(CUDA_ERROR_INVALID_VALUE, cuGetProcAddress("cuInit", &found, 13010, 0, NULL));
    } else {
        is("cuCtxSynchronize", "cuCtxSynchronize", 99000, LEGACY);
    }

    /* The first version of the function itself. */
    CUresult (*first)(const char *, void **, int, cuuint64_t);
    OK(cuGetProcAddress("cuGetProcAddress", &found, 11030, LEGACY, NULL));
    memcpy(&first, &found, sizeof first);
    OK(first("cuInit", &found, 11030, LEGACY));
    CUresult (*init)(unsigned);
    memcpy(&init, &found, sizeof init);
    OK(init(0)); /* what was found can be called */
    RETURNS(CUDA_ERROR_NOT_FOUND, first("cuNothing", &found, 11030, LEGACY));
    CHECK(cudasim_calls("cuInit") == 1);
    return 0;
}
