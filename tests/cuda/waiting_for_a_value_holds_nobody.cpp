/*
 * A queue of high priority that waits on the device for a value in memory, which one of low priority
 * writes, gets it though its own arrival has the other one suspended; also if that other stream is
 * first used later. It would wait for ever otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

#include <optional>

namespace {

using Wait = CUresult (*)(CUstream stream, CUdeviceptr address);

CUresult wait_by_call(CUstream stream, CUdeviceptr address) {
    return cuStreamWaitValue32(stream, address, 7, CU_STREAM_WAIT_VALUE_EQ);
}

CUresult wait_in_a_batch(CUstream stream, CUdeviceptr address) {
    CUstreamBatchMemOpParams operations[2] = {};
    operations[0].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
    operations[0].writeValue.address = address + 4;
    operations[0].writeValue.value = 1;
    operations[1].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
    operations[1].waitValue.address = address;
    operations[1].waitValue.value = 7;
    operations[1].waitValue.flags = CU_STREAM_WAIT_VALUE_EQ;
    return cuStreamBatchMemOp(stream, 2, operations, 0);
}

void written_by_a_lower_queue(bool used_before, Wait wait) {
    schedule_by_priority();
    Words words(2);
    FreeStream low_stream;
    FreeStream high_stream;
    Ledger low_ledger;
    Ledger high_ledger;
    const Queue high(high_stream);
    high.priority(10);
    std::optional<Queue> low;
    if (used_before) {
        low.emplace(low_stream);
        low->priority(1);
    }
    high_ledger.append(high_stream);
    OK(wait(high_stream, words.data()));
    high_ledger.append(high_stream);
    if (!used_before) {
        low.emplace(low_stream);
        low->priority(1);
    }
    for (int i = 0; i < 20; i++) {
        low_ledger.append(low_stream);
    }
    CHECK(low->stats().suspended == 0); // not merely let go after a while
    OK(cuStreamWriteValue32(low_stream, words.data(), 7, 0));
    OK(cuStreamSynchronize(high_stream));
    OK(cuStreamSynchronize(low_stream));
    CHECK(high_ledger.complete() && low_ledger.complete());
}

void from_a_queue_that_was_there() {
    written_by_a_lower_queue(true, wait_by_call);
}
void from_a_queue_that_comes_later() {
    written_by_a_lower_queue(false, wait_by_call);
}
void waited_for_in_a_batch() {
    written_by_a_lower_queue(true, wait_in_a_batch);
}

} // namespace

int main() {
    RUN(from_a_queue_that_was_there);
    RUN(from_a_queue_that_comes_later);
    RUN(waited_for_in_a_batch);
    return finish();
}
