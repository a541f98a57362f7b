/*
 * Every function that sets memory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr uint32_t kWidth = 16;
constexpr uint32_t kHeight = 4;
constexpr size_t kRow = kWidth * sizeof(uint32_t);
constexpr uint32_t kWords = kWidth * kHeight;

void synchronous() {
    Words words(kWords);
    const CUdeviceptr data = words.data();
    for (const Variant &each : using_the_default_stream()) {
        const auto all = [&](uint32_t value) {
            each.wait();
            return words.all(value);
        };
        succeeds<PFN_cuMemsetD8_v3020>("cuMemsetD8_v2" + each, data, 0x11, kWords * 4);
        CHECK(all(0x11111111));
        succeeds<PFN_cuMemsetD16_v3020>("cuMemsetD16_v2" + each, data, 0x2233, kWords * 2);
        CHECK(all(0x22332233));
        succeeds<PFN_cuMemsetD32_v3020>("cuMemsetD32_v2" + each, data, 0x44556677, kWords);
        CHECK(all(0x44556677));
        succeeds<PFN_cuMemsetD2D8_v3020>("cuMemsetD2D8_v2" + each, data, kRow, 0x12, kRow, kHeight);
        CHECK(all(0x12121212));
        succeeds<PFN_cuMemsetD2D16_v3020>("cuMemsetD2D16_v2" + each, data, kRow, 0x1234, kWidth * 2,
                                          kHeight);
        CHECK(all(0x12341234));
        succeeds<PFN_cuMemsetD2D32_v3020>("cuMemsetD2D32_v2" + each, data, kRow, 0x12345678, kWidth,
                                          kHeight);
        CHECK(all(0x12345678));
    }
}

void asynchronous() {
    Words words(kWords);
    FreeStream stream;
    const CUdeviceptr data = words.data();
    for (const Variant &each : taking(stream)) {
        const auto all = [&](uint32_t value) {
            each.wait();
            return words.all(value);
        };
        succeeds<PFN_cuMemsetD8Async_v3020>("cuMemsetD8Async" + each, data, 0x21, kWords * 4,
                                            each.stream);
        CHECK(all(0x21212121));
        succeeds<PFN_cuMemsetD16Async_v3020>("cuMemsetD16Async" + each, data, 0x2134, kWords * 2,
                                             each.stream);
        CHECK(all(0x21342134));
        succeeds<PFN_cuMemsetD32Async_v3020>("cuMemsetD32Async" + each, data, 0x21345678, kWords,
                                             each.stream);
        CHECK(all(0x21345678));
        succeeds<PFN_cuMemsetD2D8Async_v3020>("cuMemsetD2D8Async" + each, data, kRow, 0x31, kRow,
                                              kHeight, each.stream);
        CHECK(all(0x31313131));
        succeeds<PFN_cuMemsetD2D16Async_v3020>("cuMemsetD2D16Async" + each, data, kRow, 0x3124,
                                               kWidth * 2, kHeight, each.stream);
        CHECK(all(0x31243124));
        succeeds<PFN_cuMemsetD2D32Async_v3020>("cuMemsetD2D32Async" + each, data, kRow, 0x31245678,
                                               kWidth, kHeight, each.stream);
        CHECK(all(0x31245678));
    }
}

} // namespace

int main() {
    RUN(synchronous);
    RUN(asynchronous);
    return finish();
}
