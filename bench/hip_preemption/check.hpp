/* The benchmark stops at the first failing call and says which one it was. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <hip/hip_runtime_api.h>

#include <cstdio>
#include <cstdlib>

[[noreturn]] inline void fail(const char *what, const char *why) {
    std::fprintf(stderr, "hip_preemption: %s: %s\n", what, why);
    std::exit(1);
}

#define HIP_OK(call)                                                                               \
    do {                                                                                           \
        if (const hipError_t error_ = (call); error_ != hipSuccess) {                              \
            fail(#call, hipGetErrorName(error_));                                                  \
        }                                                                                          \
    } while (false)
