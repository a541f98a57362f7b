/*
 * An event completes when the work before it is done, seen by asking alone: no call here waits. Streams that
 * are no handle behave the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

void completes(CUstream stream) {
    Ledger ledger;
    Blocker blocker;
    Event event(CU_EVENT_DEFAULT);
    Event later(CU_EVENT_DEFAULT);
    blocker.block(stream);
    ledger.append(stream);
    OK(cuEventRecord(event, stream));
    EXPECT(CUDA_ERROR_NOT_READY, cuEventQuery(event));
    EXPECT(CUDA_ERROR_NOT_READY, cuStreamQuery(stream));
    blocker.open();
    WAIT_FOR(cuEventQuery(event) == CUDA_SUCCESS);
    CHECK(ledger.complete());
    WAIT_FOR(cuStreamQuery(stream) == CUDA_SUCCESS);
    OK(cuEventRecord(later, stream));
    WAIT_FOR(cuEventQuery(later) == CUDA_SUCCESS);
    float ms = -1;
    OK(cuEventElapsedTime(&ms, event, later));
    CHECK(ms >= 0);
}

void null_stream() {
    completes(nullptr);
}
void legacy_stream() {
    completes(CU_STREAM_LEGACY);
}
void per_thread_stream() {
    completes(CU_STREAM_PER_THREAD);
}
void other_stream() {
    FreeStream stream;
    completes(stream);
}

} // namespace

int main() {
    RUN(null_stream);
    RUN(legacy_stream);
    RUN(per_thread_stream);
    RUN(other_stream);
    return finish();
}
