/*
 * Every copy to and from an array, and what gives arrays back. The stand-in runtime has no textures,
 * surfaces, mipmapped arrays and no memory of other interfaces: calls about those are refused; what
 * counts is that they come back, with the runtime's own code.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

#include <numeric>

namespace {

constexpr size_t kColumns = 16;
constexpr size_t kRows = 4;
constexpr uint32_t kWords = kColumns * kRows;
constexpr size_t kWidth = kColumns * sizeof(uint32_t);
constexpr size_t kBytes = kWords * sizeof(uint32_t);

hipArray_t new_array() {
    const hipChannelFormatDesc words = {32, 0, 0, 0, hipChannelFormatKindUnsigned};
    hipArray_t array = nullptr;
    OK(hipMallocArray(&array, &words, kColumns, kRows, 0));
    return array;
}

/* Writes an array and reads it back, with one function each, and values that were nowhere before. */
template <typename Write, typename Read>
void round_trip(Write write, Read read) {
    static uint32_t value = 0;
    std::vector<uint32_t> sent(kWords);
    std::iota(sent.begin(), sent.end(), value += kWords);
    std::vector<uint32_t> received(kWords);
    hipArray_t array = new_array();
    if (write(array, sent.data())) {
        OK(hipDeviceSynchronize());
        if (read(received.data(), array)) {
            OK(hipDeviceSynchronize());
            CHECK(received == sent);
        }
    }
    OK(hipFreeArray(array));
}

void in_the_null_stream() {
    round_trip(
        [](hipArray_t array, const void *from) {
            return SUCCEEDS(hipMemcpyToArray)(array, 0, 0, from, kBytes, hipMemcpyHostToDevice);
        },
        [](void *to, hipArray_t array) {
            return SUCCEEDS(hipMemcpyFromArray)(to, array, 0, 0, kBytes, hipMemcpyDeviceToHost);
        });
    round_trip(
        [](hipArray_t array, const void *from) {
            return SUCCEEDS(hipMemcpy2DToArray)(array, 0, 0, from, kWidth, kWidth, kRows,
                                                hipMemcpyHostToDevice);
        },
        [](void *to, hipArray_t array) {
            return SUCCEEDS(hipMemcpy2DFromArray)(to, kWidth, array, 0, 0, kWidth, kRows,
                                                  hipMemcpyDeviceToHost);
        });
}

/* Arrays of one row, whose elements lie one after the other. */
void bytes_of_a_row() {
    const hipChannelFormatDesc words = {32, 0, 0, 0, hipChannelFormatKindUnsigned};
    hipArray_t first = nullptr;
    hipArray_t second = nullptr;
    Words device(kColumns);
    Stream stream;
    uint32_t sent[kColumns];
    uint32_t received[kColumns] = {};
    std::iota(sent, sent + kColumns, 1000u);
    OK(hipMallocArray(&first, &words, kColumns, 0, 0));
    OK(hipMallocArray(&second, &words, kColumns, 0, 0));

    SUCCEEDS(hipMemcpyHtoA)(first, 0, sent, kWidth);
    bool there = SUCCEEDS(hipMemcpyAtoA)(second, 0, first, 0, kWidth) &&
                 SUCCEEDS(hipMemcpyAtoD)(device.data(), second, 0, kWidth) &&
                 SUCCEEDS(hipMemcpyDtoA)(first, 0, device.data(), kWidth) &&
                 SUCCEEDS(hipMemcpyAtoHAsync)(received, first, 0, kWidth, stream);
    OK(hipStreamSynchronize(stream));
    CHECK(!there || std::equal(sent, sent + kColumns, received));

    std::iota(sent, sent + kColumns, 2000u);
    there = SUCCEEDS(hipMemcpyHtoAAsync)(second, 0, sent, kWidth, stream) &&
            SUCCEEDS(hipMemcpy2DArrayToArray)(first, 0, 0, second, 0, 0, kWidth, 1,
                                              hipMemcpyDeviceToDevice);
    OK(hipStreamSynchronize(stream));
    SUCCEEDS(hipMemcpyAtoH)(received, first, 0, kWidth);
    CHECK(!there || std::equal(sent, sent + kColumns, received));
    OK(hipFreeArray(first));
    OK(hipFreeArray(second));
}

void in_a_stream() {
    Stream stream;
    round_trip(
        [&](hipArray_t array, const void *from) {
            return SUCCEEDS(hipMemcpy2DToArrayAsync)(array, 0, 0, from, kWidth, kWidth, kRows,
                                                     hipMemcpyHostToDevice, stream);
        },
        [&](void *to, hipArray_t array) {
            return SUCCEEDS(hipMemcpy2DFromArrayAsync)(to, kWidth, array, 0, 0, kWidth, kRows,
                                                       hipMemcpyDeviceToHost, stream);
        });
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    round_trip(
        [](hipArray_t array, const void *from) {
            return SUCCEEDS(hipMemcpy2DToArray_spt)(array, 0, 0, from, kWidth, kWidth, kRows,
                                                    hipMemcpyHostToDevice);
        },
        [](void *to, hipArray_t array) {
            return SUCCEEDS(hipMemcpy2DFromArray_spt)(to, kWidth, array, 0, 0, kWidth, kRows,
                                                      hipMemcpyDeviceToHost);
        });
    round_trip(
        [](hipArray_t array, const void *from) {
            return SUCCEEDS(hipMemcpy2DToArrayAsync_spt)(array, 0, 0, from, kWidth, kWidth, kRows,
                                                         hipMemcpyHostToDevice, nullptr);
        },
        [](void *to, hipArray_t array) {
            return SUCCEEDS(hipMemcpy2DFromArrayAsync_spt)(to, kWidth, array, 0, 0, kWidth, kRows,
                                                           hipMemcpyDeviceToHost, nullptr);
        });
    round_trip(
        [](hipArray_t array, const void *from) {
            return hipMemcpyToArray(array, 0, 0, from, kBytes, hipMemcpyHostToDevice) == hipSuccess;
        },
        [](void *to, hipArray_t array) {
            return SUCCEEDS(hipMemcpyFromArray_spt)(to, array, 0, 0, kBytes, hipMemcpyDeviceToHost);
        });
}

void give_back() {
    SUCCEEDS(hipFreeArray)(new_array());
    SUCCEEDS(hipArrayDestroy)(new_array());
    REFUSED(hipFreeArray)(nullptr);
    REFUSED(hipArrayDestroy)(nullptr);
    REFUSED(hipFreeMipmappedArray)(nullptr);
    REFUSED(hipMipmappedArrayDestroy)(nullptr);
    REFUSED(hipDestroyExternalMemory)(nullptr);
}

void textures_and_surfaces() {
    size_t offset = 0;
    REFUSED(hipBindTexture)(&offset, nullptr, nullptr, nullptr, 4);
    REFUSED(hipBindTexture2D)(&offset, nullptr, nullptr, nullptr, 4, 1, 4);
    REFUSED(hipBindTextureToArray)(nullptr, nullptr, nullptr);
    REFUSED(hipBindTextureToMipmappedArray)(nullptr, nullptr, nullptr);
    REFUSED(hipUnbindTexture)(nullptr);
    REFUSED(hipDestroyTextureObject)(nullptr);
    REFUSED(hipTexObjectDestroy)(nullptr);
    REFUSED(hipDestroySurfaceObject)(nullptr);
    REFUSED_AS("_Z23hipDestroySurfaceObjectP13__hip_surface", hipDestroySurfaceObjectCxx)(nullptr);
}

} // namespace

int main() {
    RUN(in_the_null_stream);
    RUN(bytes_of_a_row);
    RUN(in_a_stream);
    RUN(per_thread_default_stream);
    RUN(give_back);
    RUN(textures_and_surfaces);
    return finish();
}
