/*
 * Kernels launched with <<<>>>, compiled by a compiler that knows HIP: stubs, registration before main
 * and removal after it are the compiler's own. There is no device compiler here: what the kernels do
 * on the device is in launch_syntax_device.cpp.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

#include <hip/hip_runtime.h>

#include <initializer_list>

__global__ void fill(uint32_t *, uint32_t, uint32_t) {}
template <typename T>
__global__ void scale(T *, uint32_t, T) {}

int main() {
    constexpr uint32_t kWords = 64;
    uint32_t *words = nullptr;
    hipStream_t stream = nullptr;
    OK(hipMalloc(reinterpret_cast<void **>(&words), kWords * sizeof *words));
    OK(hipStreamCreate(&stream));
    for (hipStream_t each : {stream, hipStream_t{nullptr}, hipStreamPerThread}) {
        fill<<<1, 64, 0, each>>>(words, kWords, 3);
        OK(hipGetLastError());
        scale<uint32_t><<<kWords, 1, 128, each>>>(words, kWords, 5);
        OK(hipGetLastError());
        uint32_t host[kWords];
        OK(hipMemcpyAsync(host, words, sizeof host, hipMemcpyDeviceToHost, each));
        OK(hipStreamSynchronize(each));
        for (uint32_t word : host) {
            CHECK(word == 15);
        }
        say("filled and scaled");
    }
    fill<<<1, 64>>>(words, kWords, 7); // in the null stream
    uint32_t first = 0;
    OK(hipMemcpy(&first, words, sizeof first, hipMemcpyDeviceToHost));
    CHECK(first == 7);
    OK(hipStreamDestroy(stream));
    OK(hipFree(words));
    return finish();
}
