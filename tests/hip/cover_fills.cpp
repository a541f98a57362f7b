/*
 * Every function that sets memory: each sets the whole of a block to its own value.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr uint32_t kWords = 64;
constexpr size_t kBytes = kWords * sizeof(uint32_t);
constexpr size_t kWidth = 64;
constexpr size_t kHeight = 4;
constexpr hipExtent kExtent = {64, 2, 2};

/* What a block holds when each of its bytes, or pairs of bytes, was set to `value`. */
constexpr uint32_t of_bytes(uint32_t value) {
    return value * 0x01010101;
}
constexpr uint32_t of_pairs(uint32_t value) {
    return value * 0x00010001;
}

/* Lets `fill(memory)` do its work, behind other work in the null stream, and checks the block. */
template <typename Fill>
void sets(uint32_t expected, Fill fill) {
    Words words(kWords);
    OK(launch(kFill, nullptr, words.data(), kWords, ~expected));
    if (fill(words.data())) {
        OK(hipDeviceSynchronize());
        CHECK(words.all(expected));
    }
}

hipPitchedPtr pitched(void *memory) {
    return {memory, kWidth, kWidth, 2};
}

void in_the_null_stream() {
    sets(of_bytes(1), [](void *memory) { return SUCCEEDS(hipMemset)(memory, 1, kBytes); });
    sets(of_bytes(2), [](void *memory) { return SUCCEEDS(hipMemsetD8)(memory, 2, kBytes); });
    sets(of_pairs(3), [](void *memory) { return SUCCEEDS(hipMemsetD16)(memory, 3, kBytes / 2); });
    sets(4, [](void *memory) { return SUCCEEDS(hipMemsetD32)(memory, 4, kWords); });
    sets(of_bytes(5),
         [](void *memory) { return SUCCEEDS(hipMemset2D)(memory, kWidth, 5, kWidth, kHeight); });
    sets(of_bytes(6),
         [](void *memory) { return SUCCEEDS(hipMemset3D)(pitched(memory), 6, kExtent); });
    sets(of_bytes(7),
         [](void *memory) { return SUCCEEDS(hipMemsetD2D8)(memory, kWidth, 7, kWidth, kHeight); });
    sets(of_pairs(8), [](void *memory) {
        return SUCCEEDS(hipMemsetD2D16)(memory, kWidth, 8, kWidth / 2, kHeight);
    });
    sets(9, [](void *memory) {
        return SUCCEEDS(hipMemsetD2D32)(memory, kWidth, 9, kWidth / 4, kHeight);
    });
}

void in_a_stream() {
    Stream stream;
    sets(of_bytes(1),
         [&](void *memory) { return SUCCEEDS(hipMemsetAsync)(memory, 1, kBytes, stream); });
    sets(of_bytes(2),
         [&](void *memory) { return SUCCEEDS(hipMemsetD8Async)(memory, 2, kBytes, stream); });
    sets(of_pairs(3),
         [&](void *memory) { return SUCCEEDS(hipMemsetD16Async)(memory, 3, kBytes / 2, stream); });
    sets(4, [&](void *memory) { return SUCCEEDS(hipMemsetD32Async)(memory, 4, kWords, stream); });
    sets(of_bytes(5), [&](void *memory) {
        return SUCCEEDS(hipMemset2DAsync)(memory, kWidth, 5, kWidth, kHeight, stream);
    });
    sets(of_bytes(6), [&](void *memory) {
        return SUCCEEDS(hipMemset3DAsync)(pitched(memory), 6, kExtent, stream);
    });
    sets(of_bytes(7), [&](void *memory) {
        return SUCCEEDS(hipMemsetD2D8Async)(memory, kWidth, 7, kWidth, kHeight, stream);
    });
    sets(of_pairs(8), [&](void *memory) {
        return SUCCEEDS(hipMemsetD2D16Async)(memory, kWidth, 8, kWidth / 2, kHeight, stream);
    });
    sets(9, [&](void *memory) {
        return SUCCEEDS(hipMemsetD2D32Async)(memory, kWidth, 9, kWidth / 4, kHeight, stream);
    });
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    sets(of_bytes(1), [](void *memory) { return SUCCEEDS(hipMemset_spt)(memory, 1, kBytes); });
    sets(of_bytes(2), [](void *memory) {
        return SUCCEEDS(hipMemset2D_spt)(memory, kWidth, 2, kWidth, kHeight);
    });
    sets(of_bytes(3),
         [](void *memory) { return SUCCEEDS(hipMemset3D_spt)(pitched(memory), 3, kExtent); });
    sets(of_bytes(4),
         [](void *memory) { return SUCCEEDS(hipMemsetAsync_spt)(memory, 4, kBytes, nullptr); });
    sets(of_bytes(5), [](void *memory) {
        return SUCCEEDS(hipMemset2DAsync_spt)(memory, kWidth, 5, kWidth, kHeight, nullptr);
    });
    sets(of_bytes(6), [](void *memory) {
        return SUCCEEDS(hipMemset3DAsync_spt)(pitched(memory), 6, kExtent, nullptr);
    });
}

} // namespace

int main() {
    RUN(in_the_null_stream);
    RUN(in_a_stream);
    RUN(per_thread_default_stream);
    return finish();
}
