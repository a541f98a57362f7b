/*
 * The declarations in hipsim/include/hip have the layout of ROCm 7.2: sizes and offsets as read from
 * its headers and, where 5.2.3 agrees, from Debian's libamdhip64-dev. Nothing to run: it compiles or
 * it does not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <hip/hip_ext.h>

#include <type_traits>

#define SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type)
#define OFFSET(type, member, bytes)                                                                \
    static_assert(offsetof(type, member) == (bytes), #type "." #member)

// Enumerations travel as int.
SIZE(hipError_t, 4);
SIZE(hipMemcpyKind, 4);
SIZE(hipStreamCaptureMode, 4);

// By value.
SIZE(dim3, 12);
SIZE(hipExtent, 24);
SIZE(hipPitchedPtr, 32);
SIZE(hipMemLocation, 8);
SIZE(hipIpcMemHandle_t, 64);
SIZE(hipIpcEventHandle_t, 64);
static_assert(std::is_trivially_copyable<dim3>::value, "dim3 is passed in registers");

// Copies.
SIZE(hip_Memcpy2D, 128);
SIZE(hipMemcpy3DParms, 160);
SIZE(hipMemcpy3DPeerParms, 168);
SIZE(HIP_MEMCPY3D, 184);
OFFSET(HIP_MEMCPY3D, srcMemoryType, 32);
OFFSET(HIP_MEMCPY3D, srcHeight, 72);
OFFSET(HIP_MEMCPY3D, dstXInBytes, 80);
OFFSET(HIP_MEMCPY3D, dstDevice, 128);
OFFSET(HIP_MEMCPY3D, WidthInBytes, 160);
SIZE(hipMemcpyAttributes, 24);
SIZE(hipMemcpy3DOperand, 40);
SIZE(hipMemcpy3DBatchOp, 112);

// Launches: the stream lies where the interposer looks for it.
SIZE(hipLaunchParams, 56);
OFFSET(hipLaunchParams, stream, 48);
SIZE(hipFunctionLaunchParams, 56);
OFFSET(hipFunctionLaunchParams, hStream, 40);
SIZE(hipLaunchAttribute, 72);
SIZE(hipLaunchConfig_t, 56);
OFFSET(hipLaunchConfig_t, stream, 32);
SIZE(HIP_LAUNCH_CONFIG, 56);
OFFSET(HIP_LAUNCH_CONFIG, hStream, 32);

// Memory, memory operations.
SIZE(hipPointerAttribute_t, 32);
SIZE(hipMemAccessDesc, 12);
SIZE(hipMemPoolProps, 88);
OFFSET(hipMemPoolProps, maxSize, 24);
SIZE(hipMemAllocationProp, 32);
OFFSET(hipMemAllocationProp, location, 8);
OFFSET(hipMemAllocationProp, allocFlags, 24);
SIZE(hipStreamBatchMemOpParams, 48);
OFFSET(hipStreamMemOpValueParams, u, 16);
OFFSET(hipStreamMemOpValueParams, flags, 24);
SIZE(hipExternalSemaphoreSignalParams, 144);
OFFSET(hipExternalSemaphoreSignalParams, flags, 72);

// Graphs, arrays.
SIZE(hipKernelNodeParams, 64);
SIZE(hipMemsetParams, 48);
SIZE(hipHostNodeParams, 16);
SIZE(hipMemAllocNodeParams, 120);
SIZE(hipGraphNodeParams, 256);
SIZE(hipGraphEdgeData, 8);
SIZE(hipGraphInstantiateParams, 32);
OFFSET(hipGraphInstantiateParams, uploadStream, 24);
SIZE(HIP_ARRAY_DESCRIPTOR, 24);
SIZE(HIP_ARRAY3D_DESCRIPTOR, 40);
SIZE(hipChannelFormatDesc, 20);
SIZE(hipLaunchAttributeValue, 64);
