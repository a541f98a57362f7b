/*
 * A queue of high priority that waits on the device for a value in memory, which one of low priority
 * writes, gets it though its own arrival has the other one suspended; also if that other stream is
 * first used later. It would wait for ever otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

#include <optional>

namespace {

void written_by_a_lower_queue(bool used_before) {
    schedule_by_priority();
    Words words(1);
    Stream low_stream(hipStreamNonBlocking);
    Stream high_stream(hipStreamNonBlocking);
    Ledger low_ledger;
    Ledger high_ledger;
    OK(hipMemset(words.data(), 0, words.bytes()));
    OK(hipDeviceSynchronize());

    const Queue high(high_stream);
    high.priority(10);
    std::optional<Queue> low;
    if (used_before) {
        low.emplace(low_stream);
        low->priority(1);
    }
    high_ledger.append(high_stream);
    OK(hipStreamWaitValue32(high_stream, words.data(), 7, hipStreamWaitValueEq, 0xffffffff));
    high_ledger.append(high_stream);

    if (!used_before) {
        low.emplace(low_stream);
        low->priority(1);
    }
    for (int i = 0; i < 20; i++) {
        low_ledger.append(low_stream);
    }
    OK(hipStreamWriteValue32(low_stream, words.data(), 7, 0));
    OK(hipStreamSynchronize(high_stream));
    OK(hipStreamSynchronize(low_stream));
    CHECK(high_ledger.complete() && low_ledger.complete());
}

void from_a_queue_that_was_there() {
    written_by_a_lower_queue(true);
}

void from_a_queue_that_comes_later() {
    written_by_a_lower_queue(false);
}

} // namespace

int main() {
    RUN(from_a_queue_that_was_there);
    RUN(from_a_queue_that_comes_later);
    return finish();
}
