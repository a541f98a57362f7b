/*
 * When cuStreamSynchronize has returned, the copies launched before it are complete, and the host
 * reads what they brought; the buffers of the host may be used again at once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 4096;

/* There and back, with a kernel in between. */
void round_trips(uint32_t *host, CUstream stream) {
    Words words(kWords);
    for (uint32_t round = 1; round <= 100; round++) {
        for (uint32_t i = 0; i < kWords; i++) {
            host[i] = round;
        }
        OK(cuMemcpyHtoDAsync(words.data(), host, words.bytes(), stream));
        words.add(stream, round);
        OK(cuMemcpyDtoHAsync(host, words.data(), words.bytes(), stream));
        OK(cuStreamSynchronize(stream));
        for (uint32_t i = 0; i < kWords; i++) {
            CHECK(host[i] == 2 * round);
        }
    }
}

void of_pinned_memory() {
    Gpu::use();
    Stream stream;
    FreeStream other;
    SharedMemory host(kWords * sizeof(uint32_t));
    for (CUstream each :
         {CUstream{stream}, CUstream{other}, CUstream{nullptr}, CUstream{CU_STREAM_PER_THREAD}}) {
        round_trips(host.as<uint32_t>(), each);
    }
}

void of_ordinary_memory() {
    FreeStream stream;
    std::vector<uint32_t> host(kWords);
    round_trips(host.data(), stream);
}

/* Copies that wait by themselves, from one thread, in front of and behind kernels of the null stream. */
void synchronous_copies() {
    Words words(kWords);
    std::vector<uint32_t> host(kWords);
    for (uint32_t round = 1; round <= 100; round++) {
        words.write(std::vector<uint32_t>(kWords, round));
        words.add(nullptr, round);
        OK(cuMemcpyDtoH(host.data(), words.data(), words.bytes()));
        CHECK(host == std::vector<uint32_t>(kWords, 2 * round));
    }
}

} // namespace

int main() {
    RUN(of_pinned_memory);
    RUN(of_ordinary_memory);
    RUN(synchronous_copies);
    return finish();
}
