/*
 * Allocation in stream order, prefetching, and every call that frees, unmaps or unregisters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr size_t kBytes = 1 << 16;

void in_stream_order() {
    FreeStream stream;
    CUmemoryPool pool = nullptr;
    OK(cuDeviceGetDefaultMemPool(&pool, Gpu::use().device));
    for (const Variant &each : taking(stream)) {
        CUdeviceptr first = 0;
        CUdeviceptr second = 0;
        succeeds<PFN_cuMemAllocAsync_v11020>("cuMemAllocAsync" + each, &first, kBytes, each.stream);
        succeeds<PFN_cuMemAllocFromPoolAsync_v11020>("cuMemAllocFromPoolAsync" + each, &second,
                                                     kBytes, pool, each.stream);
        OK(cuMemsetD32Async(first, 3, kBytes / 4, each.meant));
        OK(cuMemcpyDtoDAsync(second, first, kBytes, each.meant));
        std::vector<uint32_t> host(kBytes / 4);
        OK(cuMemcpyDtoHAsync(host.data(), second, kBytes, each.meant));
        succeeds<PFN_cuMemFreeAsync_v11020>("cuMemFreeAsync" + each, first, each.stream);
        succeeds<PFN_cuMemFreeAsync_v11020>("cuMemFreeAsync" + each, second, each.stream);
        each.wait();
        CHECK(host == std::vector<uint32_t>(kBytes / 4, 3));
    }
}

/* Where managed memory is: hints, which a device may refuse. */
void prefetched() {
    FreeStream stream;
    CUdeviceptr memory = 0;
    const CUdevice device = Gpu::use().device;
    OK(cuMemAllocManaged(&memory, kBytes, CU_MEM_ATTACH_GLOBAL));
    OK(cuMemsetD32(memory, 7, kBytes / 4));
    CUmemLocation location{CU_MEM_LOCATION_TYPE_DEVICE, device};
    size_t size = kBytes;
    size_t index = 0;
    for (const Variant &each : taking(stream)) {
        const CUstream own = each.meant;
        answers<PFN_cuMemPrefetchAsync_v8000>("cuMemPrefetchAsync" + each, memory, kBytes, device,
                                              each.stream);
        answers<PFN_cuMemPrefetchAsync_v12020>("cuMemPrefetchAsync_v2" + each, memory, kBytes,
                                               location, 0, each.stream);
        answers<PFN_cuMemPrefetchBatchAsync_v13000>("cuMemPrefetchBatchAsync" + each, &memory,
                                                    &size, 1, &location, &index, 1, 0, own);
        each.wait();
        CHECK(read(memory, kBytes / 4) == std::vector<uint32_t>(kBytes / 4, 7));
    }
    for (const Variant &each : taking(stream)) {
        answers<PFN_cuMemDiscardBatchAsync_v13000>("cuMemDiscardBatchAsync" + each, &memory, &size,
                                                   1, 0, each.meant);
        answers<PFN_cuMemDiscardAndPrefetchBatchAsync_v13000>(
            "cuMemDiscardAndPrefetchBatchAsync" + each, &memory, &size, 1, &location, &index, 1, 0,
            each.meant);
        each.wait();
    }
    OK(cuMemFree(memory));
}

void allocated_and_freed() {
    Gpu::use();
    CUdeviceptr memory = 0;
    size_t pitch = 0;
    void *host = nullptr;
    succeeds<PFN_cuMemAlloc_v3020>("cuMemAlloc_v2", &memory, kBytes);
    succeeds<PFN_cuMemFree_v3020>("cuMemFree_v2", memory);
    succeeds<PFN_cuMemAllocPitch_v3020>("cuMemAllocPitch_v2", &memory, &pitch, 100, 10, 4);
    succeeds<PFN_cuMemFree_v3020>("cuMemFree_v2", memory);
    succeeds<PFN_cuMemAllocManaged_v6000>("cuMemAllocManaged", &memory, kBytes,
                                          CU_MEM_ATTACH_GLOBAL);
    succeeds<PFN_cuMemFree_v3020>("cuMemFree_v2", memory);
    succeeds<PFN_cuMemAllocHost_v3020>("cuMemAllocHost_v2", &host, kBytes);
    succeeds<PFN_cuMemFreeHost_v2000>("cuMemFreeHost", host);
    succeeds<PFN_cuMemHostAlloc_v2020>("cuMemHostAlloc", &host, kBytes, 0);
    succeeds<PFN_cuMemFreeHost_v2000>("cuMemFreeHost", host);
    host = aligned_alloc(4096, kBytes);
    succeeds<PFN_cuMemHostRegister_v6050>("cuMemHostRegister_v2", host, kBytes, 0);
    succeeds<PFN_cuMemHostUnregister_v4000>("cuMemHostUnregister", host);
    std::free(host);
    CUresult code = CUDA_SUCCESS;
    call<PFN_cuMemFree_v3020>(code, "cuMemFree_v2", memory);
    CHECK(code == CUDA_ERROR_INVALID_VALUE); // it is gone
}

/* Addresses are reserved, memory is made, mapped, used, unmapped. */
void mapped() {
    const CUdevice device = Gpu::use().device;
    CUmemAllocationProp properties{};
    properties.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    properties.location = {CU_MEM_LOCATION_TYPE_DEVICE, device};
    size_t granularity = 0;
    CUresult code =
        cuMemGetAllocationGranularity(&granularity, &properties, CU_MEM_ALLOC_GRANULARITY_MINIMUM);
    say("cuMemGetAllocationGranularity: %d", code);
    if (code != CUDA_SUCCESS) {
        return;
    }
    CUdeviceptr memory = 0;
    CUmemGenericAllocationHandle handle = 0;
    CUmemAccessDesc access{properties.location, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
    succeeds<PFN_cuMemAddressReserve_v10020>("cuMemAddressReserve", &memory, granularity, 0, 0, 0);
    succeeds<PFN_cuMemCreate_v10020>("cuMemCreate", &handle, granularity, &properties, 0);
    succeeds<PFN_cuMemMap_v10020>("cuMemMap", memory, granularity, 0, handle, 0);
    succeeds<PFN_cuMemSetAccess_v10020>("cuMemSetAccess", memory, granularity, &access, 1);
    OK(cuMemsetD32(memory, 5, 64));
    CHECK(read(memory, 64) == std::vector<uint32_t>(64, 5));
    succeeds<PFN_cuMemUnmap_v10020>("cuMemUnmap", memory, granularity);
    succeeds<PFN_cuMemRelease_v10020>("cuMemRelease", handle);
    succeeds<PFN_cuMemAddressFree_v10020>("cuMemAddressFree", memory, granularity);
}

} // namespace

int main() {
    RUN(in_stream_order);
    RUN(prefetched);
    RUN(allocated_and_freed);
    RUN(mapped);
    return finish();
}
