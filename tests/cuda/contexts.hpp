/*
 * Contexts besides the primary one, with kernels of their own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "scheduler.hpp"

/* A context for the length of a test, or until it is destroyed; never left current. */
class Context {
  public:
    explicit Context(CUdevice device = Gpu::use().device) {
        CUcontext made = nullptr;
        OK(cuCtxCreate(&context_, nullptr, 0, device));
        OK(kernels_.load());
        OK(cuCtxPopCurrent(&made));
        CHECK(made == context_);
    }
    ~Context() {
        if (context_ != nullptr) {
            destroy();
        }
    }
    Context(const Context &) = delete;
    Context &operator=(const Context &) = delete;
    operator CUcontext() const { return context_; }

    void destroy() {
        OK(cuCtxDestroy(context_));
        context_ = nullptr;
    }
    const Kernels &kernels() const { return kernels_; }

    /* Does something in it, on this thread. */
    template <typename Body>
    void within(Body body) const {
        CUcontext popped = nullptr;
        OK(cuCtxPushCurrent(context_));
        body();
        OK(cuCtxPopCurrent(&popped));
        CHECK(popped == context_);
    }

    CUstream create_stream(unsigned flags = CU_STREAM_NON_BLOCKING) const {
        CUstream stream = nullptr;
        within([&] { OK(cuStreamCreate(&stream, flags)); });
        return stream;
    }

  private:
    CUcontext context_ = nullptr;
    Kernels kernels_;
};

/* What is launched into a stream of another context while its queue is suspended does not run before it is
 * resumed. The thread that launches is in that context, the caller need not be. */
inline void check_held_in(const Context &context, CUstream stream, const Queue &queue,
                          Ledger &ledger) {
    queue.suspend();
    std::thread launching([&] {
        context.within([&] {
            for (int i = 0; i < 5; i++) {
                ledger.append(stream);
            }
        });
    });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    context.within([&] { OK(cuStreamSynchronize(stream)); });
    CHECK(ledger.complete());
}
