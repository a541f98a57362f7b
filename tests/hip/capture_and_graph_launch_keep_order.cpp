/*
 * Captured launches go into the graph in their order, untouched by whoever is suspended; a graph
 * launch is one command in its stream, ordered with what is launched before and after it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* Turns what `enqueue` launches into a graph that is ready to launch. */
template <typename Enqueue>
hipGraphExec_t capture(hipStream_t stream, Enqueue enqueue) {
    hipGraph_t graph = nullptr;
    hipGraphExec_t exec = nullptr;
    OK(hipStreamBeginCapture(stream, hipStreamCaptureModeThreadLocal));
    enqueue();
    OK(hipStreamEndCapture(stream, &graph));
    OK(hipGraphInstantiate(&exec, graph, nullptr, nullptr, 0));
    OK(hipGraphDestroy(graph));
    return exec;
}

void alternating_with_launches() {
    Ledger ledger;
    Stream stream;
    std::vector<hipGraphExec_t> graphs;
    for (int round = 0; round < 50; round++) {
        graphs.push_back(capture(stream, [&] {
            ledger.append(stream);
            ledger.work(stream, 50);
            ledger.append(stream);
        }));
        OK(hipGraphLaunch(graphs.back(), stream));
        ledger.append(stream);
    }
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    for (hipGraphExec_t graph : graphs) {
        OK(hipGraphExecDestroy(graph));
    }
}

/* An event of the captured stream takes a second stream into the capture, another one brings it back. */
void over_two_streams() {
    Ledger ledger;
    Stream first(hipStreamNonBlocking);
    Stream second(hipStreamNonBlocking);
    hipEvent_t event = nullptr;
    OK(hipEventCreateWithFlags(&event, hipEventDisableTiming));
    hipGraphExec_t graph = capture(first, [&] {
        ledger.work(first, 200);
        OK(hipEventRecord(event, first));
        OK(hipStreamWaitEvent(second, event, 0));
        ledger.work(second, 200);
        OK(hipEventRecord(event, second));
        OK(hipStreamWaitEvent(first, event, 0));
        ledger.append(first);
    });
    OK(hipGraphLaunch(graph, second));
    OK(hipStreamSynchronize(second));
    CHECK(ledger.complete());
    OK(hipGraphExecDestroy(graph));
    OK(hipEventDestroy(event));
}

/* Nothing of a captured stream is held, not even by a suspended queue: this would hang otherwise. */
void while_suspended() {
    Ledger ledger;
    Stream stream(hipStreamNonBlocking);
    const Queue queue(stream);
    const int64_t before = hook_stats().bypass_capture;
    queue.suspend();
    hipGraphExec_t graph = capture(stream, [&] {
        for (int i = 0; i < 3; i++) {
            ledger.append(stream);
        }
    });
    CHECK(!scheduled() || hook_stats().bypass_capture >= before + 3);
    CHECK(ledger.count() == 0);

    std::thread launching([&] { OK(hipGraphLaunch(graph, stream)); });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    OK(hipGraphExecDestroy(graph));
}

} // namespace

int main() {
    RUN(alternating_with_launches);
    RUN(over_two_streams);
    RUN(while_suspended);
    return finish();
}
