/* A benchmark stops at the first failing call and says which one it was. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cuda.h>

#include <cstdio>
#include <cstdlib>

[[noreturn]] inline void fail(const char *what, const char *why) {
    std::fprintf(stderr, "%s: %s\n", what, why);
    std::exit(1);
}

[[noreturn]] inline void fail(const char *call, CUresult error) {
    const char *name = nullptr;
    cuGetErrorName(error, &name);
    fail(call, name ? name : "unknown error");
}

#define CU_OK(call)                                                                                \
    do {                                                                                           \
        if (const CUresult error_ = (call); error_ != CUDA_SUCCESS) {                              \
            fail(#call, error_);                                                                   \
        }                                                                                          \
    } while (false)
