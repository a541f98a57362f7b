/*
 * Every function that captures a stream, asks about that, or makes a graph run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr uint32_t kWords = 64;

/* What a graph of three additions to `words` adds. */
constexpr uint32_t kSum = 111;

void add_three(hipStream_t stream, const Words &words) {
    OK(launch(kAdd, stream, words.data(), kWords, 1u));
    OK(launch(kAdd, stream, words.data(), kWords, 10u));
    OK(launch(kAdd, stream, words.data(), kWords, 100u));
}

/* Runs the graph, in each way there is, and checks that it ran as often. */
void run(hipGraph_t graph, const Words &words) {
    Stream stream;
    hipGraphExec_t exec = nullptr;
    OK(hipMemset(words.data(), 0, words.bytes()));
    uint32_t runs = 0;

    SUCCEEDS(hipGraphInstantiate)(&exec, graph, nullptr, nullptr, 0);
    SUCCEEDS(hipGraphUpload)(exec, stream);
    SUCCEEDS(hipGraphLaunch)(exec, stream);
    SUCCEEDS(hipGraphLaunch)(exec, nullptr);
    runs += 2;
    OK(hipDeviceSynchronize());
    runs += SUCCEEDS(hipGraphLaunch_spt)(exec, nullptr);
    OK(hipStreamSynchronize(hipStreamPerThread));
    CHECK(words.all(runs * kSum));
    SUCCEEDS(hipGraphExecDestroy)(exec);

    SUCCEEDS(hipGraphInstantiateWithFlags)(&exec, graph, 0);
    OK(hipGraphLaunch(exec, stream));
    runs++;
    OK(hipStreamSynchronize(stream));
    OK(hipGraphExecDestroy(exec));

    hipGraphInstantiateParams params{};
    params.uploadStream = stream;
    if (SUCCEEDS(hipGraphInstantiateWithParams)(&exec, graph, &params)) {
        OK(hipGraphLaunch(exec, stream));
        runs++;
        OK(hipStreamSynchronize(stream));
        OK(hipGraphExecDestroy(exec));
    }
    CHECK(words.all(runs * kSum));
}

void begin_ask_end() {
    Words words(kWords);
    Stream stream;
    hipGraph_t graph = nullptr;
    hipStreamCaptureStatus status = hipStreamCaptureStatusInvalidated;
    unsigned long long id = 0;
    hipStreamCaptureMode mode = hipStreamCaptureModeThreadLocal;
    OK(hipMemset(words.data(), 0, words.bytes()));
    OK(hipDeviceSynchronize());

    SUCCEEDS(hipStreamIsCapturing)(stream, &status);
    CHECK(status == hipStreamCaptureStatusNone);
    SUCCEEDS(hipThreadExchangeStreamCaptureMode)(&mode);
    SUCCEEDS(hipThreadExchangeStreamCaptureMode)(&mode);
    CHECK(mode == hipStreamCaptureModeThreadLocal);

    SUCCEEDS(hipStreamBeginCapture)(stream, hipStreamCaptureModeThreadLocal);
    add_three(stream, words);
    SUCCEEDS(hipStreamIsCapturing)(stream, &status);
    CHECK(status == hipStreamCaptureStatusActive);
    SUCCEEDS(hipStreamGetCaptureInfo)(stream, &status, &id);
    CHECK(status == hipStreamCaptureStatusActive);
    hipGraph_t captured = nullptr;
    const hipGraphNode_t *dependencies = nullptr;
    size_t count = 0;
    SUCCEEDS(hipStreamGetCaptureInfo_v2)(stream, &status, &id, &captured, &dependencies, &count);
    CHECK(count == 1);
    hipGraphNode_t last = dependencies[0];
    SUCCEEDS(hipStreamUpdateCaptureDependencies)(stream, &last, 1, 1);
    SUCCEEDS(hipStreamEndCapture)(stream, &graph);
    SUCCEEDS(hipStreamIsCapturing)(stream, &status);
    CHECK(status == hipStreamCaptureStatusNone);

    CHECK(words.all(0)); // captured is not run
    run(graph, words);
    SUCCEEDS(hipGraphDestroy)(graph);
}

void into_a_graph() {
    Words words(kWords);
    Stream stream;
    hipGraph_t graph = nullptr;
    SUCCEEDS(hipGraphCreate)(&graph, 0);
    if (SUCCEEDS(hipStreamBeginCaptureToGraph)(stream, graph, nullptr, nullptr, 0,
                                               hipStreamCaptureModeThreadLocal)) {
        add_three(stream, words);
        OK(hipStreamEndCapture(stream, &graph));
        run(graph, words);
    }
    OK(hipGraphDestroy(graph));
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    if (!HAS(hipStreamBeginCapture_spt)) {
        return;
    }
    Words words(kWords);
    hipGraph_t graph = nullptr;
    hipStreamCaptureStatus status = hipStreamCaptureStatusInvalidated;
    unsigned long long id = 0;
    SUCCEEDS(hipStreamBeginCapture_spt)(nullptr, hipStreamCaptureModeThreadLocal);
    add_three(hipStreamPerThread, words);
    SUCCEEDS(hipStreamIsCapturing_spt)(nullptr, &status);
    CHECK(status == hipStreamCaptureStatusActive);
    SUCCEEDS(hipStreamGetCaptureInfo_spt)(nullptr, &status, &id);
    CHECK(status == hipStreamCaptureStatusActive);
    SUCCEEDS(hipStreamGetCaptureInfo_v2_spt)(nullptr, &status, &id, nullptr, nullptr, nullptr);
    SUCCEEDS(hipStreamEndCapture_spt)(nullptr, &graph);
    run(graph, words);
    OK(hipGraphDestroy(graph));
}

void bad_arguments() {
    Stream stream;
    hipGraph_t graph = nullptr;
    REFUSED(hipStreamEndCapture)(stream, &graph); // not capturing
    REFUSED(hipStreamIsCapturing)(stream, nullptr);
    REFUSED(hipGraphLaunch)(nullptr, stream);
    REFUSED(hipGraphInstantiate)(nullptr, nullptr, nullptr, nullptr, 0);
}

} // namespace

int main() {
    RUN(begin_ask_end);
    RUN(into_a_graph);
    RUN(per_thread_default_stream);
    RUN(bad_arguments);
    return finish();
}
