/*
 * A library that uses HIP in a static constructor: when a program loads it, with the dynamic linker's
 * lock held, or, preloaded itself, before the program's main.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <hip/hip_runtime_api.h>

#include <stdlib.h>
#include <string.h>

enum { COUNT = 256 };

static unsigned char bytes[COUNT], back[COUNT];
static hipStream_t stream;
static void *memory;
/* The first error, or -1 as long as nothing was called. */
static int result = -1;

static int start(void) {
    for (int i = 0; i < COUNT; i++)
        bytes[i] = (unsigned char)i;
    hipError_t code = hipMalloc(&memory, COUNT);
    if (!code)
        code = hipStreamCreate(&stream);
    if (!code)
        code = hipMemcpyAsync(memory, bytes, COUNT, hipMemcpyHostToDevice, stream);
    if (!code)
        code = hipMemcpyAsync(back, memory, COUNT, hipMemcpyDeviceToHost, stream);
    return (int)code;
}

/* What came of it: 0 if the bytes came back. */
int early_finish(void) {
    if (result == 0)
        result = (int)hipStreamSynchronize(stream);
    if (result == 0 && memcmp(bytes, back, COUNT) != 0)
        result = -2;
    return result;
}

/* Before main it can wait as well. In a library that the program opens it cannot: threads that start
 * meanwhile, the device's among them, may need the dynamic linker's lock. */
__attribute__((constructor)) static void early(void) {
    result = start();
    if (getenv("EARLY_WAIT"))
        result = early_finish();
}
