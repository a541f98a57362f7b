/*
 * A kernel's arguments, wherever the caller keeps them, are free again when the launch has returned,
 * though the kernel runs much later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 16;
constexpr uint32_t kLaunches = 100;

/* The arguments of add_u32, and what they are overwritten with. */
struct Block {
    CUdeviceptr words;
    uint32_t value;
    uint32_t count;
};
constexpr Block kGarbage = {0xdeadbeef, 0xdeadbeef, 0xffffffff};

template <typename T>
void overwrite(T &object, const T &garbage) {
    object = garbage;
    asm volatile("" : : "r"(&object) : "memory"); // the store is not optimised away
}

/* Launches 1 + 2 + ... + 100 behind a blocked device, destroying the arguments after each. */
template <typename Launch>
void add_up(Launch launch_add) {
    Words words(kWords);
    Blocker blocker;
    FreeStream stream;
    blocker.block(stream);
    for (uint32_t i = 1; i <= kLaunches; i++) {
        Block block = {words.data(), i, kWords};
        launch_add(stream, block);
        overwrite(block, kGarbage);
    }
    blocker.open();
    OK(cuStreamSynchronize(stream));
    CHECK(words.all(kLaunches * (kLaunches + 1) / 2));
}

CUfunction add() {
    return Gpu::use().kernels.add_u32_function;
}

void by_address() {
    add_up([](CUstream stream, Block &block) {
        void *addresses[] = {&block.words, &block.value, &block.count};
        OK(cuLaunchKernel(add(), 1, 1, 1, 64, 1, 1, 0, stream, addresses, nullptr));
        std::memset(static_cast<void *>(addresses), 0xff, sizeof addresses);
        asm volatile("" : : "r"(addresses) : "memory");
    });
}

void as_one_block() {
    add_up([](CUstream stream, Block &block) {
        size_t bytes = sizeof block;
        void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &block, CU_LAUNCH_PARAM_BUFFER_SIZE,
                         &bytes, CU_LAUNCH_PARAM_END};
        OK(cuLaunchKernel(add(), 1, 1, 1, 64, 1, 1, 0, stream, nullptr, extra));
        overwrite(bytes, size_t{0});
    });
}

void with_attributes() {
    add_up([](CUstream stream, Block &block) {
        void *addresses[] = {&block.words, &block.value, &block.count};
        CUlaunchAttribute priority{};
        priority.id = CU_LAUNCH_ATTRIBUTE_PRIORITY;
        CUlaunchConfig config{1, 1, 1, 64, 1, 1, 0, stream, &priority, 1};
        OK(cuLaunchKernelEx(&config, add(), addresses, nullptr));
        overwrite(config, CUlaunchConfig{});
        overwrite(priority, CUlaunchAttribute{});
    });
}

} // namespace

int main() {
    RUN(by_address);
    RUN(as_one_block);
    RUN(with_attributes);
    return finish();
}
