/*
 * A kernel's arguments, wherever the caller keeps them, are free again when the launch has returned,
 * though the kernel runs much later.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 16;
constexpr uint32_t kLaunches = 100;

/* The arguments of "add", and what they are overwritten with. */
struct Block {
    uint32_t *words;
    uint32_t count;
    uint32_t value;
};
constexpr Block kGarbage = {nullptr, 0xffffffff, 0xdeadbeef};

/* Launches 1 + 2 + ... + 100 behind a blocked device, destroying the arguments after each. */
template <typename Launch>
void add_up(Launch launch_add) {
    Words words(kWords);
    Blocker blocker;
    Stream stream;
    OK(hipMemset(words.data(), 0, words.bytes()));
    OK(hipDeviceSynchronize());
    blocker.block(stream);
    for (uint32_t i = 1; i <= kLaunches; i++) {
        Block block = {words.data(), kWords, i};
        launch_add(stream, block);
        block = kGarbage;
        asm volatile("" : : "r"(&block) : "memory"); // the store is not optimised away
    }
    blocker.open();
    OK(hipStreamSynchronize(stream));
    CHECK(words.all(kLaunches * (kLaunches + 1) / 2));
}

void of_a_host_function() {
    add_up([](hipStream_t stream, Block &block) {
        void *addresses[] = {&block.words, &block.count, &block.value};
        OK(hipLaunchKernel(host_function(kAdd), dim3(1), dim3(64), addresses, 0, stream));
        std::memset(addresses, 0xff, sizeof addresses);
        asm volatile("" : : "r"(addresses) : "memory");
    });
}

void of_a_module_function() {
    hipModule_t module = nullptr;
    hipFunction_t add = nullptr;
    OK(hipModuleLoadData(&module, &image));
    OK(hipModuleGetFunction(&add, module, "add"));
    add_up([&](hipStream_t stream, Block &block) {
        void *addresses[] = {&block.words, &block.count, &block.value};
        OK(hipModuleLaunchKernel(add, 1, 1, 1, 64, 1, 1, 0, stream, addresses, nullptr));
    });
    add_up([&](hipStream_t stream, Block &block) {
        size_t bytes = sizeof block;
        void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, &block, HIP_LAUNCH_PARAM_BUFFER_SIZE,
                         &bytes, HIP_LAUNCH_PARAM_END};
        OK(hipModuleLaunchKernel(add, 1, 1, 1, 64, 1, 1, 0, stream, nullptr, extra));
    });
    OK(hipModuleUnload(module));
}

} // namespace

int main() {
    RUN(of_a_host_function);
    RUN(of_a_module_function);
    return finish();
}
