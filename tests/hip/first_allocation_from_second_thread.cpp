/*
 * The first call that needs the device comes from another thread than main, from several at once even,
 * and memory, streams and events pass from thread to thread.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 256;

void first_calls_at_once() {
    std::vector<std::thread> threads;
    for (uint32_t i = 1; i <= 8; i++) {
        threads.emplace_back([i] {
            Words words(kWords);
            OK(launch(kFill, nullptr, words.data(), kWords, i));
            CHECK(words.all(i));
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

void from_thread_to_thread() {
    uint32_t *words = nullptr;
    hipStream_t stream = nullptr;
    hipEvent_t event = nullptr;
    std::thread([&] {
        OK(hipMalloc(reinterpret_cast<void **>(&words), kWords * sizeof *words));
        OK(hipStreamCreate(&stream));
        OK(hipEventCreate(&event));
    }).join();
    std::thread([&] {
        OK(launch(kFill, stream, words, kWords, 3u));
        OK(hipEventRecord(event, stream));
    }).join();
    std::thread([&] {
        OK(launch(kAdd, stream, words, kWords, 4u));
        OK(hipEventSynchronize(event));
    }).join();
    std::vector<uint32_t> host(kWords);
    OK(hipMemcpyAsync(host.data(), words, kWords * sizeof *words, hipMemcpyDeviceToHost, stream));
    OK(hipStreamSynchronize(stream));
    CHECK(host == std::vector<uint32_t>(kWords, 7));
    std::thread([&] {
        OK(hipEventDestroy(event));
        OK(hipStreamDestroy(stream));
        OK(hipFree(words));
    }).join();
}

} // namespace

int main() {
    RUN(first_calls_at_once);
    RUN(from_thread_to_thread);
    return finish();
}
