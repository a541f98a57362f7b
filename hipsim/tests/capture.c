/* Capture: what goes into the graph and in which order, and that nobody touches it unnoticed. */
#include "test.h"

static int *memory;
static hipStream_t a, b;

/* Ends the capture of `a`, which gives a graph if there was no error. */
static void end_with(int code) {
    hipGraph_t graph = (hipGraph_t)memory;
    RETURNS(code, hipStreamEndCapture(a, &graph));
    CHECK((graph == NULL) == (code != 0));
    hipStreamCaptureStatus status;
    OK(hipStreamIsCapturing(a, &status));
    CHECK(status == hipStreamCaptureStatusNone);
    if (graph != NULL)
        OK(hipGraphDestroy(graph));
}

static void invalidates(int code, int call) {
    CHECK(call == code);
    hipStreamCaptureStatus status;
    OK(hipStreamIsCapturing(a, &status));
    CHECK(status == hipStreamCaptureStatusInvalidated);
    RETURNS(hipErrorStreamCaptureInvalidated, hipMemsetAsync(memory, 0, 4, a));
    end_with(hipErrorStreamCaptureInvalidated);
}

static void begin(void) {
    OK(hipStreamBeginCapture(a, hipStreamCaptureModeGlobal));
}

static void fork_and_join(void) {
    hipEvent_t fork, join;
    OK(hipEventCreateWithFlags(&fork, hipEventDisableTiming));
    OK(hipEventCreateWithFlags(&join, hipEventDisableTiming));
    int *other = device_int();
    begin();
    OK(stamp(memory, 0, 1, a));
    OK(hipEventRecord(fork, a));
    OK(hipStreamWaitEvent(b, fork, 0));
    OK(stamp(other, 0, 1, b));
    OK(stamp(memory, 1, 2, a));
    OK(hipEventRecord(join, b));
    OK(hipStreamWaitEvent(a, join, 0));
    OK(stamp(other, 1, 0, a));
    OK(stamp(memory, 2, 0, a));

    unsigned long long id = 0;
    hipStreamCaptureStatus status;
    OK(hipStreamGetCaptureInfo(b, &status, &id));
    CHECK(status == hipStreamCaptureStatusActive && id != 0);
    RETURNS(hipErrorIllegalState, hipStreamBeginCapture(b, hipStreamCaptureModeGlobal));
    hipGraph_t graph;
    RETURNS(hipErrorStreamCaptureUnmatched, hipStreamEndCapture(b, &graph));
    OK(hipStreamEndCapture(a, &graph));
    CHECK(hipsim_violations() == 0); /* nothing ran, so nothing was stamped */

    size_t nodes = 0, roots = 0;
    OK(hipGraphGetNodes(graph, NULL, &nodes));
    OK(hipGraphGetRootNodes(graph, NULL, &roots));
    CHECK(nodes == 5 && roots == 1);
    hipGraphExec_t exec;
    OK(hipGraphInstantiate(&exec, graph, NULL, NULL, 0));
    OK(hipGraphDestroy(graph));
    OK(hipGraphLaunch(exec, b));
    OK(hipGraphLaunch(exec, b));
    OK(hipStreamSynchronize(b));
    OK(hipGraphExecDestroy(exec));
    CHECK(hipsim_violations() == 0);
}

int main(void) {
    hipStream_t free_stream;
    OK(hipStreamCreate(&a));
    OK(hipStreamCreate(&b));
    OK(hipStreamCreateWithFlags(&free_stream, hipStreamNonBlocking));
    memory = device_int();
    hipEvent_t event;
    OK(hipEventCreate(&event));

    fork_and_join();
    RETURNS(hipErrorStreamCaptureUnsupported,
            hipStreamBeginCapture(NULL, hipStreamCaptureModeGlobal));
    hipGraph_t graph;
    RETURNS(hipErrorIllegalState, hipStreamEndCapture(a, &graph));

    /* Touching a capturing stream. */
    begin();
    invalidates(hipErrorStreamCaptureUnsupported, hipStreamSynchronize(a));
    begin();
    invalidates(hipErrorStreamCaptureUnsupported, hipStreamQuery(a));
    begin();
    invalidates(hipErrorStreamCaptureUnsupported, hipDeviceSynchronize());
    begin();
    OK(hipEventRecord(event, a));
    invalidates(hipErrorCapturedEvent, hipEventQuery(event));
    begin();
    OK(hipEventRecord(event, a));
    invalidates(hipErrorCapturedEvent, hipEventSynchronize(event));

    /* The null stream would have to wait for a blocking stream that captures. */
    begin();
    invalidates(hipErrorStreamCaptureImplicit, hipMemsetAsync(memory, 0, 4, NULL));
    begin();
    invalidates(hipErrorStreamCaptureImplicit, hipStreamSynchronize(NULL));
    OK(hipStreamBeginCapture(free_stream, hipStreamCaptureModeGlobal));
    OK(hipMemsetAsync(memory, 0, 4, NULL));
    OK(hipStreamEndCapture(free_stream, &graph));

    /* Work from outside. */
    OK(hipEventRecord(event, b));
    begin();
    invalidates(hipErrorStreamCaptureIsolation, hipStreamWaitEvent(a, event, 0));

    /* A fork that is not joined. */
    begin();
    OK(hipEventRecord(event, a));
    OK(hipStreamWaitEvent(b, event, 0));
    OK(hipMemsetAsync(memory, 0, 4, b));
    end_with(hipErrorStreamCaptureUnjoined);

    /* What a capture forbids depends on the modes of both. */
    void *more;
    OK(hipEventRecord(event, b));
    OK(hipStreamSynchronize(b));
    begin();
    invalidates(hipErrorStreamCaptureUnsupported, hipEventQuery(event));
    begin();
    invalidates(hipErrorStreamCaptureUnsupported, hipMalloc(&more, 4));
    hipStreamCaptureMode mode = hipStreamCaptureModeRelaxed;
    OK(hipThreadExchangeStreamCaptureMode(&mode));
    CHECK(mode == hipStreamCaptureModeGlobal);
    begin();
    OK(hipMalloc(&more, 4));
    OK(hipEventQuery(event));
    end_with(0);
    OK(hipThreadExchangeStreamCaptureMode(&mode));
    OK(hipStreamBeginCapture(a, hipStreamCaptureModeRelaxed));
    OK(hipMalloc(&more, 4));
    end_with(0);

    /* Everything works afterwards. */
    OK(stamp(memory, 0, 1, a));
    OK(hipDeviceSynchronize());
    CHECK(hipsim_violations() == 0);
    return 0;
}
