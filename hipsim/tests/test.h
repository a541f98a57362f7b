/*
 * For the tests of hipsim: a check that names its line, and a module with the kernels they use.
 * Nothing here waits for a time; a kernel that has to run late is held by the test itself.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HIPSIM_TEST_H
#define HIPSIM_TEST_H

/* A program runs with every release; what an old one lacks is NULL. */
#define HIP_API extern __attribute__((weak))

#include <hip/hip_runtime_api.h>
#include <hipsim.h>

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
        int code_ = (call);                                                                        \
        if (code_ != (code)) {                                                                     \
            fprintf(stderr, "%s:%d: %s returned %d, not %d\n", __FILE__, __LINE__, #call, code_,   \
                    (int)(code));                                                                  \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define OK(call) RETURNS(0, call)

static const dim3 one = {1, 1, 1};

/* store(value, where), with an access check. */
static void store_body(void **args, const hipsim_launch *launch) {
    (void)launch;
    int *where = *(int **)args[1];
    hipsim_access(where, sizeof *where, 1);
    *where = *(int *)args[0];
}

/* stamp(where, expected, next) */
static void stamp_body(void **args, const hipsim_launch *launch) {
    (void)launch;
    hipsim_stamp(*(void **)args[0], *(uint64_t *)args[1], *(uint64_t *)args[2]);
}

/* hold(flag): occupies its unit until the host sets the flag. */
static void hold_body(void **args, const hipsim_launch *launch) {
    (void)launch;
    while (!atomic_load(*(atomic_int **)args[0]))
        ;
}

static const hipsim_argument store_arguments[] = {HIPSIM_ARGUMENT(int), HIPSIM_ARGUMENT(int *)};
static const hipsim_argument stamp_arguments[] = {
    HIPSIM_ARGUMENT(void *), HIPSIM_ARGUMENT(uint64_t), HIPSIM_ARGUMENT(uint64_t)};
static const hipsim_argument hold_arguments[] = {HIPSIM_ARGUMENT(atomic_int *)};

static const hipsim_kernel test_kernels[] = {
    {"store", store_body, 2, store_arguments},
    {"stamp", stamp_body, 3, stamp_arguments},
    {"hold", hold_body, 1, hold_arguments},
};
static const hipsim_variable test_variables[] = {{"number", sizeof(int)}};
static const hipsim_image test_image = {HIPSIM_MAGIC, 3, 1, test_kernels, test_variables};

static hipModule_t test_module(void) {
    static hipModule_t module;
    if (module == NULL)
        OK(hipModuleLoadData(&module, &test_image));
    return module;
}

static int launch(const char *kernel, void **args, hipStream_t stream) {
    hipFunction_t function;
    OK(hipModuleGetFunction(&function, test_module(), kernel));
    return hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, stream, args, NULL);
}

__attribute__((unused)) static int store(int *where, int value, hipStream_t stream) {
    void *args[] = {&value, &where};
    return launch("store", args, stream);
}

__attribute__((unused)) static int stamp(void *where, uint64_t expected, uint64_t next,
                                         hipStream_t stream) {
    void *args[] = {&where, &expected, &next};
    return launch("stamp", args, stream);
}

__attribute__((unused)) static int hold(atomic_int *flag, hipStream_t stream) {
    void *args[] = {&flag};
    return launch("hold", args, stream);
}

/* Device memory for one int, 0. */
__attribute__((unused)) static int *device_int(void) {
    int *memory;
    OK(hipMalloc((void **)&memory, sizeof *memory));
    return memory;
}

#endif
