/* Commands of a stream run in order; a reordered, dropped or doubled one is a violation. Events. */
#include "test.h"

static void events(CUstream a, CUstream b, CUdeviceptr memory) {
    CUevent start, stop, untimed;
    OK(cuEventCreate(&start, CU_EVENT_DEFAULT));
    OK(cuEventCreate(&stop, CU_EVENT_DEFAULT));
    OK(cuEventCreate(&untimed, CU_EVENT_DISABLE_TIMING));
    RETURNS(CUDA_ERROR_INVALID_VALUE, cuEventCreate(&untimed, 64));
    float ms = -1;
    OK(cuEventQuery(start)); /* never recorded: complete, without a time */
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&ms, start, stop));
    atomic_int go = 0;
    OK(cuEventRecord(start, a));
    OK(hold(&go, a));
    OK(stamp(memory, 0, 1, a));
    OK(cuEventRecord(stop, a));
    OK(cuStreamWaitEvent(b, stop, 0));
    OK(stamp(memory, 1, 2, b));
    RETURNS(CUDA_ERROR_NOT_READY, cuEventQuery(stop));
    RETURNS(CUDA_ERROR_NOT_READY, cuEventElapsedTime(&ms, start, stop));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(b));
    /* A wait is for the record that was there: a later one changes nothing for b. */
    OK(cuEventRecordWithFlags(stop, a, 0));
    atomic_store(&go, 1);
    OK(cuStreamSynchronize(b));
    OK(cuEventSynchronize(stop));
    OK(cuEventElapsedTime(&ms, start, stop));
    CHECK(ms > 0);
    OK(cuEventRecord(untimed, a));
    OK(cuEventSynchronize(untimed));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&ms, start, untimed));
    /* Destroying an event does not wait, and waits for it stand. */
    atomic_store(&go, 0);
    OK(hold(&go, a));
    OK(stamp(memory, 2, 3, a));
    OK(cuEventRecord(stop, a));
    OK(cuStreamWaitEvent(b, stop, 0));
    OK(cuEventDestroy(stop));
    OK(stamp(memory, 3, 0, b));
    RETURNS(CUDA_ERROR_INVALID_HANDLE, cuEventQuery(stop));
    atomic_store(&go, 1);
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 0);
}

/* An event behind everything in a context, and everything behind an event. */
static void context_events(CUstream a, CUstream b, CUdeviceptr memory) {
    CUevent event;
    OK(cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
    atomic_int go = 0;
    OK(hold(&go, a));
    OK(cuCtxRecordEvent(NULL, event));
    RETURNS(CUDA_ERROR_NOT_READY, cuEventQuery(event));
    OK(cuCtxWaitEvent(NULL, event));
    OK(stamp(memory, 0, 1, b));
    RETURNS(CUDA_ERROR_NOT_READY, cuStreamQuery(b));
    OK(cuStreamSynchronize(new_stream(CU_STREAM_NON_BLOCKING)));
    atomic_store(&go, 1);
    OK(cuStreamSynchronize(b));
    OK(cuEventQuery(event));
    OK(stamp(memory, 1, 0, b));
    OK(cuStreamSynchronize(b));
    CHECK(cudasim_violations() == 0);
}

static int calls;

static void count(void *expected) {
    calls += calls == *(int *)expected;
}

static void refused(void *result) {
    *(CUresult *)result = cuStreamQuery(NULL);
}

static void callback(CUstream stream, CUresult status, void *expected) {
    if (stream != NULL && status == CUDA_SUCCESS)
        count(expected);
}

int main(void) {
    begin();
    CUstream a = new_stream(CU_STREAM_NON_BLOCKING), b = new_stream(CU_STREAM_NON_BLOCKING);
    CUdeviceptr memory = device_int();
    events(a, b, memory);
    context_events(a, b, memory);

    int numbers[] = {0, 1};
    OK(cuLaunchHostFunc(a, count, &numbers[0]));
    OK(cuStreamAddCallback(a, callback, &numbers[1], 0));
    OK(cuStreamSynchronize(a));
    CHECK(calls == 2);
    CUresult result = CUDA_SUCCESS;
    OK(cuLaunchHostFunc(a, refused, &result));
    OK(cuStreamSynchronize(a));
    CHECK(result == CUDA_ERROR_NOT_PERMITTED);

    for (uint64_t i = 0; i < 1000; i++)
        OK(stamp(memory, i, i + 1, a));
    OK(cuStreamSynchronize(a));
    CHECK(cudasim_violations() == 0);

    /* Two streams without an order between them: b overtakes a. */
    atomic_int go = 0;
    OK(hold(&go, a));
    OK(stamp(memory, 1000, 1001, a));
    OK(stamp(memory, 1001, 1002, b));
    OK(cuStreamSynchronize(b));
    CHECK(cudasim_violations() == 1);
    atomic_store(&go, 1);
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 2);
    OK(stamp(memory, 1002, 1003, a)); /* one is missing */
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 3 && cudasim_last_violation()[0] != '\0');

    uint64_t launched, completed, before = cudasim_calls("cuLaunchKernel");
    cudasim_commands(&launched, &completed);
    CHECK(launched == completed);
    OK(stamp(memory, 1003, 0, a));
    OK(cuCtxSynchronize());
    CHECK(cudasim_calls("cuLaunchKernel") == before + 1);
    return 0;
}
