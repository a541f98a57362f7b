/*
 * What a source file with kernels needs besides the API, when a compiler that knows HIP (clang -x hip
 * --cuda-host-only) compiles its host side: the attributes, and defaults for <<<>>>. C++17.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HIPSIM_HIP_RUNTIME_H
#define HIPSIM_HIP_RUNTIME_H

#include "hip_runtime_api.h"

#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))

/* f<<<grid, block>>> is in no stream and has no shared memory. */
extern "C" hipError_t __hipPushCallConfiguration(dim3 gridDim, dim3 blockDim, size_t sharedMem = 0,
                                                 hipStream_t stream = nullptr);

#endif
