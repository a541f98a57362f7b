/*
 * An event recorded in a stream that is no handle completes when its work is done, seen by asking
 * alone: no call here waits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

void completes(hipStream_t stream) {
    Ledger ledger;
    Blocker blocker;
    hipEvent_t event = nullptr;
    OK(hipEventCreate(&event));
    blocker.block(stream);
    ledger.append(stream);
    OK(hipEventRecord(event, stream));
    EXPECT(hipErrorNotReady, hipEventQuery(event));
    EXPECT(hipErrorNotReady, hipStreamQuery(stream));
    blocker.open();
    WAIT_FOR(hipEventQuery(event) == hipSuccess);
    CHECK(ledger.complete());
    WAIT_FOR(hipStreamQuery(stream) == hipSuccess);
    OK(hipEventDestroy(event));
}

void null_stream() {
    completes(nullptr);
}
void legacy_stream() {
    completes(hipStreamLegacy);
}
void per_thread_stream() {
    completes(hipStreamPerThread);
}

} // namespace

int main() {
    RUN(null_stream);
    RUN(legacy_stream);
    RUN(per_thread_stream);
    return finish();
}
