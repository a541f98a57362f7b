/*
 * Every function of events. A blocked device shows that recording, waiting and querying mean the
 * event's place in its stream and not the moment of the call.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

void record_query_wait() {
    Ledger ledger;
    Blocker blocker;
    Stream first;
    Stream second;
    hipEvent_t start = nullptr;
    hipEvent_t stop = nullptr;
    float ms = -1;
    SUCCEEDS(hipEventCreate)(&start);
    SUCCEEDS(hipEventCreateWithFlags)(&stop, hipEventDefault);
    SUCCEEDS(hipEventQuery)(stop); // nothing recorded is nothing to wait for

    SUCCEEDS(hipEventRecord)(start, first);
    blocker.block(first);
    ledger.append(first);
    OK(hipEventRecord(stop, first));
    SUCCEEDS(hipStreamWaitEvent)(second, stop, 0);
    ledger.append(second);

    EXPECT(hipErrorNotReady, hipEventQuery(stop));
    REFUSED(hipEventQuery)(stop);
    REFUSED(hipEventElapsedTime)(&ms, start, stop);
    CHECK(ledger.count() == 0);
    blocker.open();
    SUCCEEDS(hipEventSynchronize)(stop);
    CHECK(ledger.count() >= 1);
    SUCCEEDS(hipEventQuery)(stop);
    SUCCEEDS(hipEventElapsedTime)(&ms, start, stop);
    CHECK(ms >= 0);
    OK(hipStreamSynchronize(second));
    CHECK(ledger.complete());
    SUCCEEDS(hipEventDestroy)(start);
    SUCCEEDS(hipEventDestroy)(stop);
}

void record_with_flags() {
    Ledger ledger;
    Stream stream;
    hipEvent_t event = nullptr;
    OK(hipEventCreate(&event));
    ledger.append(stream);
    if (SUCCEEDS(hipEventRecordWithFlags)(event, stream, 0)) {
        OK(hipEventSynchronize(event));
        CHECK(ledger.complete());
    }
    OK(hipStreamSynchronize(stream));
    OK(hipEventDestroy(event));
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    Ledger ledger;
    Stream stream;
    hipEvent_t event = nullptr;
    OK(hipEventCreate(&event));
    ledger.append(hipStreamPerThread);
    if (SUCCEEDS(hipEventRecord_spt)(event, nullptr)) {
        OK(hipStreamWaitEvent(stream, event, 0));
    } else {
        OK(hipStreamSynchronize(hipStreamPerThread));
    }
    ledger.append(stream);
    OK(hipEventRecord(event, stream));
    SUCCEEDS(hipStreamWaitEvent_spt)(nullptr, event, 0);
    ledger.append(hipStreamPerThread);
    OK(hipStreamSynchronize(hipStreamPerThread));
    CHECK(ledger.complete());
    OK(hipEventDestroy(event));
}

void between_processes() {
    hipEvent_t event = nullptr;
    hipEvent_t opened = nullptr;
    hipIpcEventHandle_t handle{};
    OK(hipEventCreate(&event)); // not made for other processes
    REFUSED(hipIpcGetEventHandle)(&handle, event);
    REFUSED(hipIpcOpenEventHandle)(&opened, handle);
    OK(hipEventDestroy(event));
}

void bad_arguments() {
    REFUSED(hipEventCreate)(nullptr);
    REFUSED(hipEventRecord)(nullptr, nullptr);
    REFUSED(hipEventSynchronize)(nullptr);
    REFUSED(hipEventQuery)(nullptr);
    REFUSED(hipEventDestroy)(nullptr);
    REFUSED(hipStreamWaitEvent)(nullptr, nullptr, 0);
}

} // namespace

int main() {
    RUN(record_query_wait);
    RUN(record_with_flags);
    RUN(per_thread_default_stream);
    RUN(between_processes);
    RUN(bad_arguments);
    return finish();
}
