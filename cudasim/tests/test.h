/*
 * For the tests of cudasim: a check that names its line, a context, and the kernels they use.
 * Nothing here waits for a time; a kernel that has to run late is held by the test itself.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CUDASIM_TEST_H
#define CUDASIM_TEST_H

#include <cuda.h>
#include <cudasim.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define RETURNS(code, call)                                                                        \
    do {                                                                                           \
        int code_ = (int)(call);                                                                   \
        if (code_ != (int)(code)) {                                                                \
            fprintf(stderr, "%s:%d: %s returned %d, not %d\n", __FILE__, __LINE__, #call, code_,   \
                    (int)(code));                                                                  \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define OK(call) RETURNS(CUDA_SUCCESS, call)

/* The functions of these are below; no device runs this text. */
static const char test_ptx[] =
    "// comment with .entry none( in it\n"
    ".version 7.5\n.target sm_75\n.address_size 64\n"
    ".visible .entry store(.param .u32 value, .param .u64 where)\n{ ret; }\n"
    ".visible .entry stamp(.param .u64 .ptr .global .align 1 where,\n"
    "    .param .u64 expected, .param .u64 next) { ret; }\n"
    ".entry hold(.param .u64 flag) { ret; }\n";

/* store(value, where), with an access check. */
CUDASIM_KERNEL(store) {
    int *where = *(int **)launch->args[1];
    cudasim_access(where, sizeof *where, 1);
    *where = *(int *)launch->args[0];
}

/* stamp(where, expected, next) */
CUDASIM_KERNEL(stamp) {
    cudasim_stamp(*(void **)launch->args[0], *(uint64_t *)launch->args[1],
                  *(uint64_t *)launch->args[2]);
}

/* hold(flag): occupies its unit until the host sets the flag. */
CUDASIM_KERNEL(hold) {
    while (!atomic_load(*(atomic_int **)launch->args[0]))
        ;
}

/* Initialises the driver and makes the primary context the thread's. */
__attribute__((unused)) static CUcontext begin(void) {
    CUcontext context;
    OK(cuInit(0));
    OK(cuDevicePrimaryCtxRetain(&context, 0));
    OK(cuCtxSetCurrent(context));
    return context;
}

static CUfunction kernel(const char *name) {
    static CUmodule module;
    CUfunction function;
    if (module == NULL)
        OK(cuModuleLoadData(&module, test_ptx));
    OK(cuModuleGetFunction(&function, module, name));
    return function;
}

static CUresult launch_one(const char *name, void **args, CUstream stream) {
    return cuLaunchKernel(kernel(name), 1, 1, 1, 1, 1, 1, 0, stream, args, NULL);
}

__attribute__((unused)) static CUresult store(CUdeviceptr where, int value, CUstream stream) {
    void *args[] = {&value, &where};
    return launch_one("store", args, stream);
}

__attribute__((unused)) static CUresult stamp(CUdeviceptr where, uint64_t expected, uint64_t next,
                                              CUstream stream) {
    void *args[] = {&where, &expected, &next};
    return launch_one("stamp", args, stream);
}

__attribute__((unused)) static CUresult hold(atomic_int *flag, CUstream stream) {
    void *args[] = {&flag};
    return launch_one("hold", args, stream);
}

/* Device memory for one int, 0. */
__attribute__((unused)) static CUdeviceptr device_int(void) {
    CUdeviceptr memory;
    OK(cuMemAlloc(&memory, sizeof(int)));
    return memory;
}

/* What is in device memory: it is ordinary memory here. */
__attribute__((unused)) static int value_at(CUdeviceptr memory) {
    return *(volatile int *)memory;
}

__attribute__((unused)) static CUstream new_stream(unsigned flags) {
    CUstream stream;
    OK(cuStreamCreate(&stream, flags));
    return stream;
}

#endif
