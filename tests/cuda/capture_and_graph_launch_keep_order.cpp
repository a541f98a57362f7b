/*
 * Captured launches go into the graph in their order, untouched by whoever is suspended; a graph
 * launch is one command in its stream, ordered with what is launched before and after it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "graphs.hpp"

namespace {

void alternating_with_launches() {
    Ledger ledger;
    Stream stream;
    std::vector<std::unique_ptr<Graph>> graphs;
    for (int round = 0; round < 50; round++) {
        graphs.push_back(std::make_unique<Graph>(stream, [&] {
            ledger.append(stream);
            ledger.work(stream, 50);
            ledger.append(stream);
        }));
        CHECK(graphs.back()->nodes() == 4);
        graphs.back()->launch(stream);
        ledger.append(stream);
    }
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* An event of the captured stream takes a second stream into the capture, another one brings it back. */
void over_two_streams() {
    Ledger ledger;
    FreeStream first;
    FreeStream second;
    Event event;
    const Graph graph(first, [&] {
        ledger.work(first, 200);
        OK(cuEventRecord(event, first));
        OK(cuStreamWaitEvent(second, event, 0));
        ledger.work(second, 200);
        OK(cuEventRecord(event, second));
        OK(cuStreamWaitEvent(first, event, 0));
        ledger.append(first);
    });
    CHECK(graph.nodes() == 5);
    graph.launch(second);
    OK(cuStreamSynchronize(second));
    CHECK(ledger.complete());
}

/* Nothing of a captured stream is held, not even by a suspended queue: this would hang otherwise. */
void while_suspended() {
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    const int64_t before = hook_stats().bypass_capture;
    queue.suspend();
    const Graph graph(stream, [&] {
        for (int i = 0; i < 3; i++) {
            ledger.append(stream);
        }
    });
    CHECK(graph.nodes() == 3);
    CHECK(!scheduled() || hook_stats().bypass_capture >= before + 3);
    CHECK(ledger.count() == 0);

    std::thread launching = on_gpu([&] { graph.launch(stream); });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* Each mode forbids other calls meanwhile; which ones, the driver says, and the capture ends as it does. */
void modes() {
    for (CUstreamCaptureMode mode :
         {CU_STREAM_CAPTURE_MODE_GLOBAL, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL,
          CU_STREAM_CAPTURE_MODE_RELAXED}) {
        Ledger ledger;
        FreeStream stream;
        FreeStream other;
        CUgraph graph = nullptr;
        CUdeviceptr memory = 0;
        OK(cuStreamBeginCapture(stream, mode));
        ledger.append(stream);
        say("allocate in mode %d: %d", mode, cuMemAlloc(&memory, 64));
        say("synchronise another stream in mode %d: %d", mode, cuStreamSynchronize(other));
        say("synchronise itself in mode %d: %d", mode, cuStreamSynchronize(stream));
        say("end in mode %d: %d", mode, cuStreamEndCapture(stream, &graph));
        if (graph != nullptr) {
            OK(cuGraphDestroy(graph));
        }
        if (memory != 0) {
            OK(cuMemFree(memory));
        }
        OK(cuStreamSynchronize(stream)); // it works again
    }
}

} // namespace

int main() {
    RUN(alternating_with_launches);
    RUN(over_two_streams);
    RUN(while_suspended);
    RUN(modes);
    return finish();
}
