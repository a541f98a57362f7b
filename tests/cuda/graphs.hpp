/*
 * Captures and the graphs they make.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "scheduler.hpp"

/* A graph that is ready to launch. */
class Graph {
  public:
    /* What `enqueue` launches into the stream. */
    template <typename Enqueue>
    Graph(CUstream stream, Enqueue enqueue,
          CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_THREAD_LOCAL) {
        CUgraph graph = nullptr;
        OK(cuStreamBeginCapture(stream, mode));
        enqueue();
        OK(cuStreamEndCapture(stream, &graph));
        OK(cuGraphGetNodes(graph, nullptr, &nodes_));
        OK(cuGraphInstantiate(&executable_, graph, 0));
        OK(cuGraphDestroy(graph));
    }
    ~Graph() { OK(cuGraphExecDestroy(executable_)); }
    Graph(const Graph &) = delete;
    Graph &operator=(const Graph &) = delete;

    void launch(CUstream stream) const { OK(cuGraphLaunch(executable_, stream)); }
    /* Whatever was put into the stream is one; a gate or marker would be one more. */
    size_t nodes() const { return nodes_; }

  private:
    CUgraphExec executable_ = nullptr;
    size_t nodes_ = 0;
};
