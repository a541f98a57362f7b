/*
 * Memory that is allocated and freed in stream order is there exactly in between: the device finds
 * every use before the allocation or after the release.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr uint32_t kWords = 256;
constexpr size_t kBytes = kWords * sizeof(uint32_t);
constexpr uint32_t kRounds = 100;

/* Where the rounds leave what they computed. */
class Results {
  public:
    Results() {
        OK(hipHostMalloc(reinterpret_cast<void **>(&words_), kRounds * kBytes,
                         hipHostMallocDefault));
    }
    ~Results() { OK(hipHostFree(words_)); }
    Results(const Results &) = delete;
    Results &operator=(const Results &) = delete;

    uint32_t *of_round(uint32_t round) { return words_ + round * kWords; }
    void check() const {
        for (uint32_t i = 0; i < kRounds * kWords; i++) {
            CHECK(words_[i] == i / kWords + 1);
        }
    }

  private:
    uint32_t *words_ = nullptr;
};

void in_one_stream() {
    Results results;
    Stream stream;
    for (uint32_t round = 0; round < kRounds; round++) {
        uint32_t *words = nullptr;
        OK(hipMallocAsync(reinterpret_cast<void **>(&words), kBytes, stream));
        OK(launch(kFill, stream, words, kWords, round));
        OK(launch(kAdd, stream, words, kWords, 1u));
        OK(hipMemcpyAsync(results.of_round(round), words, kBytes, hipMemcpyDeviceToHost, stream));
        OK(hipFreeAsync(words, stream));
    }
    OK(hipStreamSynchronize(stream));
    results.check();
}

/* Allocated and freed in one stream, used in another, with events in between. */
void over_two_streams() {
    Results results;
    Stream owner(hipStreamNonBlocking);
    Stream user(hipStreamNonBlocking);
    hipEvent_t event = nullptr;
    OK(hipEventCreateWithFlags(&event, hipEventDisableTiming));
    for (uint32_t round = 0; round < kRounds; round++) {
        uint32_t *words = nullptr;
        OK(hipMallocAsync(reinterpret_cast<void **>(&words), kBytes, owner));
        OK(launch(kFill, owner, words, kWords, round));
        OK(hipEventRecord(event, owner));
        OK(hipStreamWaitEvent(user, event, 0));
        OK(launch(kAdd, user, words, kWords, 1u));
        OK(hipMemcpyAsync(results.of_round(round), words, kBytes, hipMemcpyDeviceToHost, user));
        OK(hipEventRecord(event, user));
        OK(hipStreamWaitEvent(owner, event, 0));
        OK(hipFreeAsync(words, owner));
    }
    OK(hipDeviceSynchronize());
    results.check();
    OK(hipEventDestroy(event));
}

} // namespace

int main() {
    RUN(in_one_stream);
    RUN(over_two_streams);
    return finish();
}
