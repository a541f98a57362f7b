/*
 * When hipStreamSynchronize has returned, the copies launched before it are complete, and the host
 * reads what they brought; the buffers of the host may be used again at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 4096;

/* There and back, with a kernel in between. */
void round_trips(uint32_t *host, hipStream_t stream) {
    Words words(kWords);
    for (uint32_t round = 1; round <= 100; round++) {
        for (uint32_t i = 0; i < kWords; i++) {
            host[i] = round;
        }
        OK(hipMemcpyAsync(words.data(), host, words.bytes(), hipMemcpyHostToDevice, stream));
        OK(launch(kAdd, stream, words.data(), kWords, round));
        OK(hipMemcpyAsync(host, words.data(), words.bytes(), hipMemcpyDeviceToHost, stream));
        OK(hipStreamSynchronize(stream));
        for (uint32_t i = 0; i < kWords; i++) {
            CHECK(host[i] == 2 * round);
        }
    }
}

void of_pinned_memory() {
    Stream stream;
    uint32_t *host = nullptr;
    OK(hipHostMalloc(reinterpret_cast<void **>(&host), kWords * sizeof *host,
                     hipHostMallocDefault));
    for (hipStream_t each : {hipStream_t{stream}, hipStream_t{nullptr}, hipStreamPerThread}) {
        round_trips(host, each);
    }
    OK(hipHostFree(host));
}

void of_ordinary_memory() {
    Stream stream;
    std::vector<uint32_t> host(kWords);
    round_trips(host.data(), stream);
}

} // namespace

int main() {
    RUN(of_pinned_memory);
    RUN(of_ordinary_memory);
    return finish();
}
