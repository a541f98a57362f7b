/* Capture: what goes into the graph and in which order, and that nobody touches it unnoticed. */
#include "test.h"

/* Its name without a suffix has more arguments from release to release. */
#if CUDA_VERSION >= 13000
#define CAPTURE_INFO(stream, status, id)                                                           \
    cuStreamGetCaptureInfo(stream, status, id, NULL, NULL, NULL, NULL)
#else
#define CAPTURE_INFO(stream, status, id)                                                           \
    cuStreamGetCaptureInfo(stream, status, id, NULL, NULL, NULL)
#endif

static CUdeviceptr memory;
static CUstream a, b;

/* Ends the capture of `a`, which gives a graph if there was no error. */
static void end_with(int code) {
    CUgraph graph = (CUgraph)memory;
    RETURNS(code, cuStreamEndCapture(a, &graph));
    CHECK((graph == NULL) == (code != 0));
    CUstreamCaptureStatus status;
    OK(cuStreamIsCapturing(a, &status));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_NONE);
    if (graph != NULL)
        OK(cuGraphDestroy(graph));
}

static void invalidates(int code, int call) {
    CHECK(call == code);
    CUstreamCaptureStatus status;
    OK(cuStreamIsCapturing(a, &status));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_INVALIDATED);
    RETURNS(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, cuMemsetD8Async(memory, 0, 4, a));
    end_with(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
}

static void begin_capture(void) {
    OK(cuStreamBeginCapture(a, CU_STREAM_CAPTURE_MODE_GLOBAL));
}

static void fork_and_join(void) {
    CUevent fork, join;
    OK(cuEventCreate(&fork, CU_EVENT_DISABLE_TIMING));
    OK(cuEventCreate(&join, CU_EVENT_DISABLE_TIMING));
    CUdeviceptr other = device_int();
    begin_capture();
    OK(stamp(memory, 0, 1, a));
    OK(cuEventRecord(fork, a));
    OK(cuStreamWaitEvent(b, fork, 0));
    OK(stamp(other, 0, 1, b));
    OK(stamp(memory, 1, 2, a));
    OK(cuEventRecord(join, b));
    OK(cuStreamWaitEvent(a, join, 0));
    OK(stamp(other, 1, 0, a));
    OK(stamp(memory, 2, 0, a));

    cuuint64_t id = 0;
    CUstreamCaptureStatus status;
    OK(CAPTURE_INFO(b, &status, &id));
    CHECK(status == CU_STREAM_CAPTURE_STATUS_ACTIVE && id != 0);
    RETURNS(CUDA_ERROR_ILLEGAL_STATE, cuStreamBeginCapture(b, CU_STREAM_CAPTURE_MODE_GLOBAL));
    CUgraph graph;
    RETURNS(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, cuStreamEndCapture(b, &graph));
    OK(cuStreamEndCapture(a, &graph));
    CHECK(cudasim_violations() == 0); /* nothing ran, so nothing was stamped */

    size_t nodes = 0, roots = 0;
    OK(cuGraphGetNodes(graph, NULL, &nodes));
    OK(cuGraphGetRootNodes(graph, NULL, &roots));
    CHECK(nodes == 5 && roots == 1);
    CUgraphExec exec;
    OK(cuGraphInstantiate(&exec, graph, 0));
    OK(cuGraphDestroy(graph));
    OK(cuGraphLaunch(exec, b));
    OK(cuGraphLaunch(exec, b));
    OK(cuStreamSynchronize(b));
    OK(cuGraphExecDestroy(exec));
    CHECK(cudasim_violations() == 0);
}

int main(void) {
    begin();
    CUstream free_stream;
    OK(cuStreamCreate(&a, 0));
    OK(cuStreamCreate(&b, 0));
    OK(cuStreamCreate(&free_stream, CU_STREAM_NON_BLOCKING));
    memory = device_int();
    CUevent event;
    OK(cuEventCreate(&event, CU_EVENT_DEFAULT));

    fork_and_join();
    RETURNS(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
            cuStreamBeginCapture(NULL, CU_STREAM_CAPTURE_MODE_GLOBAL));
    CUgraph graph;
    RETURNS(CUDA_ERROR_ILLEGAL_STATE, cuStreamEndCapture(a, &graph));

    /* Touching a capturing stream. */
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamSynchronize(a));
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuStreamQuery(a));
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuCtxSynchronize());
    begin_capture();
    OK(cuEventRecord(event, a));
    invalidates(CUDA_ERROR_CAPTURED_EVENT, cuEventQuery(event));
    begin_capture();
    OK(cuEventRecord(event, a));
    invalidates(CUDA_ERROR_CAPTURED_EVENT, cuEventSynchronize(event));

    /* The legacy stream would have to wait for a blocking stream that captures. */
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, cuMemsetD8Async(memory, 0, 4, NULL));
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, cuStreamSynchronize(NULL));
    CUstreamCaptureStatus of_legacy; /* asking is harmless */
    begin_capture();
    RETURNS(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, cuStreamIsCapturing(NULL, &of_legacy));
    end_with(0);
    OK(cuStreamBeginCapture(free_stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    OK(cuMemsetD8Async(memory, 0, 4, NULL));
    OK(cuStreamEndCapture(free_stream, &graph));

    /* Work from outside. */
    OK(cuEventRecord(event, b));
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_ISOLATION, cuStreamWaitEvent(a, event, 0));

    /* A fork that is not joined. */
    begin_capture();
    OK(cuEventRecord(event, a));
    OK(cuStreamWaitEvent(b, event, 0));
    OK(cuMemsetD8Async(memory, 0, 4, b));
    end_with(CUDA_ERROR_STREAM_CAPTURE_UNJOINED);

    /* What a capture forbids depends on the modes of both. */
    CUdeviceptr more;
    OK(cuEventRecord(event, b));
    OK(cuStreamSynchronize(b));
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuEventQuery(event));
    begin_capture();
    invalidates(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, cuMemAlloc(&more, 4));
    CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_RELAXED;
    OK(cuThreadExchangeStreamCaptureMode(&mode));
    CHECK(mode == CU_STREAM_CAPTURE_MODE_GLOBAL);
    begin_capture();
    OK(cuMemAlloc(&more, 4));
    OK(cuEventQuery(event));
    end_with(0);
    OK(cuThreadExchangeStreamCaptureMode(&mode));
    OK(cuStreamBeginCapture(a, CU_STREAM_CAPTURE_MODE_RELAXED));
    OK(cuMemAlloc(&more, 4));
    end_with(0);

    /* Everything works afterwards. */
    OK(stamp(memory, 0, 1, a));
    OK(cuCtxSynchronize());
    CHECK(cudasim_violations() == 0);
    return 0;
}
