/* Events: across streams, their state, their times. */
#include "test.h"

int main(void) {
    hipStream_t a, b;
    OK(hipStreamCreateWithFlags(&a, hipStreamNonBlocking));
    OK(hipStreamCreateWithFlags(&b, hipStreamNonBlocking));
    hipEvent_t start, stop, untimed;
    OK(hipEventCreate(&start));
    OK(hipEventCreate(&stop));
    OK(hipEventCreateWithFlags(&untimed, hipEventDisableTiming));
    int *memory = device_int();
    float ms = -1;

    /* Never recorded: complete, without a time. */
    OK(hipEventQuery(start));
    OK(hipEventSynchronize(start));
    OK(hipStreamWaitEvent(b, start, 0));
    RETURNS(hipErrorInvalidHandle, hipEventElapsedTime(&ms, start, stop));

    atomic_int go = 0;
    OK(hipEventRecord(start, a));
    OK(hold(&go, a));
    OK(stamp(memory, 0, 1, a));
    OK(hipEventRecord(stop, a));
    OK(hipStreamWaitEvent(b, stop, 0));
    OK(stamp(memory, 1, 2, b));
    RETURNS(hipErrorNotReady, hipEventQuery(stop));
    RETURNS(hipErrorNotReady, hipEventElapsedTime(&ms, start, stop));
    RETURNS(hipErrorNotReady, hipStreamQuery(b));

    /* A wait is for the record that was there: a later one changes nothing for b. */
    OK(hipEventRecord(stop, a));
    atomic_store(&go, 1);
    OK(hipStreamSynchronize(b));
    OK(hipEventSynchronize(stop));
    OK(hipEventQuery(stop));
    OK(hipEventElapsedTime(&ms, start, stop));
    CHECK(ms > 0);
    CHECK(hipsim_violations() == 0);

    OK(hipEventRecord(untimed, a));
    OK(hipEventSynchronize(untimed));
    RETURNS(hipErrorInvalidHandle, hipEventElapsedTime(&ms, start, untimed));

    /* Destroying an event does not wait, and waits for it stand. */
    atomic_store(&go, 0);
    OK(hold(&go, a));
    OK(stamp(memory, 2, 3, a));
    OK(hipEventRecord(stop, a));
    OK(hipStreamWaitEvent(b, stop, 0));
    OK(hipEventDestroy(stop));
    OK(stamp(memory, 3, 4, b));
    RETURNS(709, hipEventQuery(stop));
    RETURNS(hipErrorInvalidHandle, hipEventQuery(NULL));
    RETURNS(hipErrorInvalidHandle, hipEventRecord(NULL, a));
    RETURNS(709, hipEventRecord(start, (hipStream_t)memory));
    atomic_store(&go, 1);
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 0);
    return 0;
}
