/*
 * Every function that takes or gives back memory and may wait for the device: in stream order, from
 * pools, on the host, managed, by reservation and mapping.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr uint32_t kWords = 1024;
constexpr size_t kBytes = kWords * sizeof(uint32_t);

/* Fills memory in a stream and reads it back there. */
void use(void *memory, uint32_t value, hipStream_t stream) {
    std::vector<uint32_t> words(kWords);
    OK(launch(kFill, stream, static_cast<uint32_t *>(memory), kWords, value));
    OK(hipMemcpyAsync(words.data(), memory, kBytes, hipMemcpyDeviceToHost, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(words == std::vector<uint32_t>(kWords, value));
}

void in_stream_order() {
    Stream stream;
    void *memory = nullptr;
    SUCCEEDS(hipMallocAsync)(&memory, kBytes, stream);
    use(memory, 1, stream);
    SUCCEEDS(hipFreeAsync)(memory, stream);

    hipMemPoolProps props{};
    props.allocType = hipMemAllocationTypePinned;
    props.location = {hipMemLocationTypeDevice, 0};
    hipMemPool_t pool = nullptr;
    OK(hipMemPoolCreate(&pool, &props));
    SUCCEEDS(hipMallocFromPoolAsync)(&memory, kBytes, pool, stream);
    use(memory, 2, stream);
    OK(hipFreeAsync(memory, stream));
    OK(hipStreamSynchronize(stream));
    SUCCEEDS(hipMemPoolTrimTo)(pool, 0);
    SUCCEEDS(hipMemPoolDestroy)(pool);
}

/* These wait for the work that may still use the memory; freed too early it is a violation. */
void give_back() {
    Stream stream;
    void *memory = nullptr;
    OK(hipMalloc(&memory, kBytes));
    OK(launch(kFill, stream, static_cast<uint32_t *>(memory), kWords, 3u));
    SUCCEEDS(hipFree)(memory);

    OK(hipHostMalloc(&memory, kBytes, hipHostMallocDefault));
    OK(launch(kFill, stream, static_cast<uint32_t *>(memory), kWords, 4u));
    SUCCEEDS(hipHostFree)(memory);
    OK(hipHostMalloc(&memory, kBytes, hipHostMallocDefault));
    OK(launch(kFill, stream, static_cast<uint32_t *>(memory), kWords, 5u));
    SUCCEEDS(hipFreeHost)(memory);

    std::vector<uint32_t> own(kWords);
    void *on_device = nullptr;
    OK(hipHostRegister(own.data(), kBytes, hipHostRegisterDefault));
    OK(hipHostGetDevicePointer(&on_device, own.data(), 0));
    use(on_device, 6, stream);
    SUCCEEDS(hipHostUnregister)(own.data());
    CHECK(own == std::vector<uint32_t>(kWords, 6));

    SUCCEEDS(hipFree)(nullptr);
}

void managed() {
    Stream stream;
    uint32_t *memory = nullptr;
    OK(hipMallocManaged(reinterpret_cast<void **>(&memory), kBytes, hipMemAttachGlobal));
    SUCCEEDS(hipMemPrefetchAsync)(memory, kBytes, 0, stream);
    SUCCEEDS(hipMemPrefetchAsync_v2)(memory, kBytes, {hipMemLocationTypeDevice, 0}, 0, stream);
    SUCCEEDS(hipStreamAttachMemAsync)(stream, memory, 0, hipMemAttachSingle);
    use(memory, 7, stream);
    OK(hipFree(memory));
}

void reserved_and_mapped() {
    Stream stream;
    const size_t bytes = size_t{2} << 20;
    void *memory = nullptr;
    hipMemGenericAllocationHandle_t handle = nullptr;
    hipMemAllocationProp prop{};
    prop.type = hipMemAllocationTypePinned;
    prop.location = {hipMemLocationTypeDevice, 0};
    const hipMemAccessDesc access{{hipMemLocationTypeDevice, 0}, hipMemAccessFlagsProtReadWrite};
    if (hipMemAddressReserve(&memory, bytes, 0, nullptr, 0) != hipSuccess) {
        REFUSED(hipMemMap)(nullptr, bytes, 0, nullptr, 0);
        REFUSED(hipMemUnmap)(nullptr, bytes);
        REFUSED(hipMemRelease)(nullptr);
        REFUSED(hipMemAddressFree)(nullptr, bytes);
        return;
    }
    OK(hipMemCreate(&handle, bytes, &prop, 0));
    SUCCEEDS(hipMemMap)(memory, bytes, 0, handle, 0);
    OK(hipMemSetAccess(memory, bytes, &access, 1));
    use(memory, 8, stream);
    SUCCEEDS(hipMemUnmap)(memory, bytes);
    SUCCEEDS(hipMemRelease)(handle);
    SUCCEEDS(hipMemAddressFree)(memory, bytes);
}

void bad_arguments() {
    int nobodys = 0;
    REFUSED(hipMallocAsync)(nullptr, kBytes, nullptr);
    REFUSED(hipMallocFromPoolAsync)(nullptr, kBytes, nullptr, nullptr);
    REFUSED(hipFree)(&nobodys);
    REFUSED(hipHostFree)(&nobodys);
    REFUSED(hipHostUnregister)(&nobodys);
    REFUSED(hipMemPoolTrimTo)(nullptr, 0);
    REFUSED(hipMemPoolDestroy)(nullptr);
    REFUSED(hipMemPrefetchAsync)(nullptr, kBytes, 0, nullptr);
    REFUSED(hipStreamAttachMemAsync)(nullptr, nullptr, 0, hipMemAttachSingle);
    REFUSED(hipIpcCloseMemHandle)(&nobodys);
}

} // namespace

int main() {
    RUN(in_stream_order);
    RUN(give_back);
    RUN(managed);
    RUN(reserved_and_mapped);
    RUN(bad_arguments);
    return finish();
}
