/*
 * What the library calls of its own exports can be intercepted, by symbols of this program, and
 * what it looks up for the caller cannot.
 */
#define _GNU_SOURCE
#include "test.h"
#include <dlfcn.h>

static int copies;

typedef hipError_t (*copy_function)(void *, const void *, size_t, hipMemcpyKind, hipStream_t);

hipError_t hipMemcpyAsync(void *to, const void *from, size_t bytes, hipMemcpyKind kind,
                          hipStream_t stream) {
    static copy_function next;
    if (next == NULL)
        *(void **)&next = dlsym(RTLD_NEXT, "hipMemcpyAsync");
    copies++;
    return next(to, from, bytes, kind, stream);
}

int main(void) {
    int *a = device_int(), *b = device_int();
    OK(hipMemcpy(a, b, sizeof *a, hipMemcpyDeviceToDevice));
    CHECK(copies == 1);
    int host = 0;
    OK(hipMemcpy(a, &host, sizeof *a, hipMemcpyHostToDevice));
    CHECK(copies == 1);
    OK(hipMemcpyPeer(a, 0, b, 0, sizeof *a));
    CHECK(copies == 2);

    if (hipGetProcAddress != NULL) {
        void *found = NULL;
        hipDriverProcAddressQueryResult result;
        OK(hipGetProcAddress("hipMemcpyAsync", &found, 600, 0, &result));
        CHECK(found != NULL && result == HIP_GET_PROC_ADDRESS_SUCCESS);
        copy_function copy;
        *(void **)&copy = found;
        OK(copy(a, b, sizeof *a, hipMemcpyDeviceToDevice, NULL));
        CHECK(copies == 2);
        RETURNS(hipErrorInvalidValue, hipGetProcAddress("hipNothing", &found, 600, 0, &result));
        CHECK(result == HIP_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
        void *old = NULL;
        OK(hipGetProcAddress("hipGetDeviceProperties", &old, 500, 0, &result));
        OK(hipGetProcAddress("hipGetDeviceProperties", &found, 600, 0, &result));
        CHECK(old != found);
    }
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 0);
    return 0;
}
