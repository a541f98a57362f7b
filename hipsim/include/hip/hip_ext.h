/*
 * Launch functions that the runtimes export under C++ names; rocBLAS 5.5 and MIGraphX link to the first.
 * Two of them share their C name with a function of C linkage, which C++ forbids to declare, so they
 * have names of their own here. C++17.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef HIPSIM_HIP_EXT_H
#define HIPSIM_HIP_EXT_H

#include "hip_runtime_api.h"

/* The grid counts work-items here, not blocks. */
HIP_API hipError_t hipExtModuleLaunchKernelCxx(
    hipFunction_t f, uint32_t globalWorkSizeX, uint32_t globalWorkSizeY, uint32_t globalWorkSizeZ,
    uint32_t localWorkSizeX, uint32_t localWorkSizeY, uint32_t localWorkSizeZ,
    size_t sharedMemBytes, hipStream_t hStream, void **kernelParams, void **extra,
    hipEvent_t startEvent, hipEvent_t stopEvent,
    uint32_t
        flags) __asm__("_Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_t"
                       "PPvS4_P11ihipEvent_tS6_j");

HIP_API hipError_t hipHccModuleLaunchKernelCxx(
    hipFunction_t f, uint32_t globalWorkSizeX, uint32_t globalWorkSizeY, uint32_t globalWorkSizeZ,
    uint32_t localWorkSizeX, uint32_t localWorkSizeY, uint32_t localWorkSizeZ,
    size_t sharedMemBytes, hipStream_t hStream, void **kernelParams, void **extra,
    hipEvent_t startEvent,
    hipEvent_t stopEvent) __asm__("_Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12"
                                  "ihipStream_tPPvS4_P11ihipEvent_tS6_");

/* The same function with C linkage; ROCm 6.4 and later. */
extern "C" HIP_API hipError_t hipExtModuleLaunchKernel(
    hipFunction_t f, uint32_t globalWorkSizeX, uint32_t globalWorkSizeY, uint32_t globalWorkSizeZ,
    uint32_t localWorkSizeX, uint32_t localWorkSizeY, uint32_t localWorkSizeZ,
    size_t sharedMemBytes, hipStream_t hStream, void **kernelParams, void **extra,
    hipEvent_t startEvent, hipEvent_t stopEvent, uint32_t flags);

/* ROCm 5.2 only. */
HIP_API hipError_t hipDestroySurfaceObjectCxx(hipSurfaceObject_t surfaceObject) __asm__(
    "_Z23hipDestroySurfaceObjectP13"
    "__hip_surface");
namespace hip_impl {
HIP_API void hipLaunchKernelGGLImpl(uintptr_t function_address, const dim3 &numBlocks,
                                    const dim3 &dimBlocks, uint32_t sharedMemBytes,
                                    hipStream_t stream, void **kernarg);
}

#endif
