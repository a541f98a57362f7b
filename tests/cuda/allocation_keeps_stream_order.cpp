/*
 * Memory that is allocated and freed in stream order is there exactly in between: the stand-in finds
 * every use before the allocation or after the release.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 256;
constexpr size_t kBytes = kWords * sizeof(uint32_t);
constexpr uint32_t kRounds = 100;

/* Where the rounds leave what they computed. */
class Results {
  public:
    uint32_t *of_round(uint32_t round) { return memory_.as<uint32_t>() + round * kWords; }
    void check() const {
        for (uint32_t i = 0; i < kRounds * kWords; i++) {
            CHECK(memory_.as<uint32_t>()[i] == i / kWords + 1);
        }
    }

  private:
    SharedMemory memory_{kRounds * kBytes};
};

CUresult add_one(CUstream stream, CUdeviceptr words) {
    return Gpu::use().kernels.add_u32(stream, words, 1, kWords);
}

void in_one_stream() {
    Gpu::use();
    Results results;
    Stream stream;
    for (uint32_t round = 0; round < kRounds; round++) {
        CUdeviceptr words = 0;
        OK(cuMemAllocAsync(&words, kBytes, stream));
        OK(cuMemsetD32Async(words, round, kWords, stream));
        OK(add_one(stream, words));
        OK(cuMemcpyDtoHAsync(results.of_round(round), words, kBytes, stream));
        OK(cuMemFreeAsync(words, stream));
    }
    OK(cuStreamSynchronize(stream));
    results.check();
}

/* Allocated and freed in one stream, used in another, with events in between. */
void over_two_streams() {
    Results results;
    FreeStream owner;
    FreeStream user;
    Event event;
    for (uint32_t round = 0; round < kRounds; round++) {
        CUdeviceptr words = 0;
        OK(cuMemAllocAsync(&words, kBytes, owner));
        OK(cuMemsetD32Async(words, round, kWords, owner));
        OK(cuEventRecord(event, owner));
        OK(cuStreamWaitEvent(user, event, 0));
        OK(add_one(user, words));
        OK(cuMemcpyDtoHAsync(results.of_round(round), words, kBytes, user));
        OK(cuEventRecord(event, user));
        OK(cuStreamWaitEvent(owner, event, 0));
        OK(cuMemFreeAsync(words, owner));
    }
    OK(cuCtxSynchronize());
    results.check();
}

/* While the streams are held again and again. */
void between_two_priorities() {
    LowAndHigh pair;
    Results results;
    std::thread launching = on_gpu([&] {
        for (uint32_t round = 0; round < kRounds; round++) {
            CUdeviceptr words = 0;
            OK(cuMemAllocAsync(&words, kBytes, pair.low_stream));
            OK(cuMemsetD32Async(words, round, kWords, pair.low_stream));
            OK(add_one(pair.low_stream, words));
            OK(cuMemcpyDtoHAsync(results.of_round(round), words, kBytes, pair.low_stream));
            OK(cuMemFreeAsync(words, pair.low_stream));
        }
    });
    for (int i = 0; i < 50; i++) {
        pair.high_ledger.work(pair.high_stream, 100);
        OK(cuStreamSynchronize(pair.high_stream));
    }
    launching.join();
    pair.end();
    results.check();
}

} // namespace

int main() {
    RUN(in_one_stream);
    RUN(over_two_streams);
    RUN(between_two_priorities);
    return finish();
}
