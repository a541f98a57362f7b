/*
 * The first call that needs the device comes from another thread than main, from several at once even,
 * and memory, streams and events pass from thread to thread.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 256;

void first_calls_at_once() {
    std::vector<std::thread> threads;
    for (uint32_t i = 1; i <= 8; i++) {
        threads.emplace_back([i] {
            Words words(kWords);
            words.add(nullptr, i);
            CHECK(words.all(i));
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

void from_thread_to_thread() {
    CUdeviceptr words = 0;
    CUstream stream = nullptr;
    CUevent event = nullptr;
    const auto add = [&](uint32_t value) {
        OK(Gpu::use().kernels.add_u32(stream, words, value, kWords));
    };
    on_gpu([&] {
        OK(cuMemAlloc(&words, kWords * sizeof(uint32_t)));
        OK(cuStreamCreate(&stream, CU_STREAM_DEFAULT));
        OK(cuEventCreate(&event, CU_EVENT_DEFAULT));
        OK(cuMemsetD32Async(words, 0, kWords, stream));
    }).join();
    on_gpu([&] {
        add(3);
        OK(cuEventRecord(event, stream));
    }).join();
    on_gpu([&] {
        add(4);
        OK(cuEventSynchronize(event));
    }).join();
    Gpu::use();
    std::vector<uint32_t> host(kWords);
    OK(cuMemcpyDtoHAsync(host.data(), words, kWords * sizeof(uint32_t), stream));
    OK(cuStreamSynchronize(stream));
    CHECK(host == std::vector<uint32_t>(kWords, 7));
    on_gpu([&] {
        OK(cuEventDestroy(event));
        OK(cuStreamDestroy(stream));
        OK(cuMemFree(words));
    }).join();
}

/* Without a context every call fails as it does without libxsched, and nothing comes of it. */
void without_a_context() {
    std::thread([] {
        CUstream stream = nullptr;
        say("create a stream: %d", cuStreamCreate(&stream, 0));
        say("synchronise the null stream: %d", cuStreamSynchronize(nullptr));
        say("synchronise the thread's own: %d", cuStreamSynchronize(CU_STREAM_PER_THREAD));
        say("launch: %d", cuLaunchHostFunc(
                              nullptr, [](void *) {}, nullptr));
        say("synchronise the context: %d", cuCtxSynchronize());
    }).join();
}

} // namespace

int main() {
    RUN(first_calls_at_once);
    RUN(from_thread_to_thread);
    RUN(without_a_context);
    return finish();
}
