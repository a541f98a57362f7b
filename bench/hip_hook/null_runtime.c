/*
 * A HIP runtime that does nothing at all, so that what a hook costs is not lost in what a launch costs.
 * One device; every call succeeds. SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define NOTHING(name)                                                                              \
    EXPORT int name(void);                                                                         \
    int name(void) {                                                                               \
        return 0;                                                                                  \
    }

NOTHING(hipLaunchKernel)
NOTHING(__hipRegisterFunction)
NOTHING(__hipUnregisterFatBinary)
NOTHING(hipSetDevice)
NOTHING(hipStreamDestroy)
NOTHING(hipStreamSynchronize)
NOTHING(hipStreamQuery)
NOTHING(hipEventRecord)
NOTHING(hipEventQuery)
NOTHING(hipEventSynchronize)
NOTHING(hipStreamWaitValue32)
NOTHING(hipThreadExchangeStreamCaptureMode)
NOTHING(hipGetStreamDeviceId)

static int zero(int *out) {
    *out = 0;
    return 0;
}

static char memory[1 << 16];

EXPORT void **__hipRegisterFatBinary(const void *binary) {
    static void *module;
    (void)binary;
    return &module;
}

EXPORT int hipGetDevice(int *device) {
    return zero(device);
}

EXPORT int hipGetDeviceCount(int *count) {
    *count = 1;
    return 0;
}

EXPORT int hipDeviceGetName(char *name, int bytes, int device) {
    (void)device;
    strncpy(name, "nothing", (size_t)bytes);
    return 0;
}

EXPORT int hipDeviceGetPCIBusId(char *id, int bytes, int device) {
    (void)device;
    strncpy(id, "0000:00:00.0", (size_t)bytes);
    return 0;
}

EXPORT int hipStreamCreateWithFlags(void **stream, unsigned flags) {
    static char streams[64][64];
    static int next;
    (void)flags;
    *stream = streams[next++ % 64];
    return 0;
}

EXPORT int hipStreamGetFlags(void *stream, unsigned *flags) {
    (void)stream;
    *flags = 1;
    return 0;
}

EXPORT int hipStreamIsCapturing(void *stream, int *status) {
    (void)stream;
    return zero(status);
}

EXPORT int hipEventCreateWithFlags(void **event, unsigned flags) {
    (void)flags;
    *event = memory;
    return 0;
}

EXPORT int hipHostMalloc(void **host, size_t bytes, unsigned flags) {
    (void)bytes, (void)flags;
    *host = memory;
    return 0;
}

EXPORT int hipHostGetDevicePointer(void **device, void *host, unsigned flags) {
    (void)flags;
    *device = host;
    return 0;
}
