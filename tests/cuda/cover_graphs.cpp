/*
 * Every way to begin a capture and to launch what came of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* Ends a capture of the next operation, and runs it by each function there is for that. */
void run(Ledger &ledger, const Variant &each) {
    CUgraph graph = nullptr;
    CUgraphExec executable = nullptr;
    ledger.append(each.meant);
    OK(cuStreamEndCapture(each.meant, &graph));
    CHECK(ledger.count() + 1 == ledger.launched());
    CUDA_GRAPH_INSTANTIATE_PARAMS parameters{};
    parameters.flags = CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD;
    parameters.hUploadStream = each.stream;
    succeeds<PFN_cuGraphInstantiateWithParams_v12000>("cuGraphInstantiateWithParams" + each,
                                                      &executable, graph, &parameters);
    succeeds<PFN_cuGraphUpload_v11010>("cuGraphUpload" + each, executable, each.stream);
    succeeds<PFN_cuGraphLaunch_v10000>("cuGraphLaunch" + each, executable, each.stream);
    each.wait();
    CHECK(ledger.complete());
    OK(cuGraphExecDestroy(executable));
    OK(cuGraphDestroy(graph));
}

void begun_by_each() {
    Ledger ledger;
    FreeStream stream;
    for (const Variant &each : taking(stream)) {
        succeeds<CUresult (*)(CUstream)>("cuStreamBeginCapture" + each, each.stream);
        run(ledger, each);
        succeeds<PFN_cuStreamBeginCapture_v10010>("cuStreamBeginCapture_v2" + each, each.stream,
                                                  CU_STREAM_CAPTURE_MODE_RELAXED);
        run(ledger, each);
        CUgraph graph = nullptr;
        OK(cuGraphCreate(&graph, 0));
        succeeds<PFN_cuStreamBeginCaptureToGraph_v12030>("cuStreamBeginCaptureToGraph" + each,
                                                         each.stream, graph, nullptr, nullptr, 0,
                                                         CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        run(ledger, each); // it is the graph that the capture ends with
    }
}

} // namespace

int main() {
    RUN(begun_by_each);
    return finish();
}
