/*
 * While a queue is suspended and its stream may stand at a closed gate, calls that wait for the whole
 * context return: memory, modules, libraries, limits. This would hang otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* Every call that waits for what is launched, or may. */
void use_everything() {
    for (int i = 0; i < 3; i++) {
        CUdeviceptr memory = 0;
        void *host = nullptr;
        OK(cuMemAlloc(&memory, 4096));
        OK(cuMemFree(memory));
        OK(cuMemAllocManaged(&memory, 4096, CU_MEM_ATTACH_GLOBAL));
        OK(cuMemFree(memory));
        OK(cuMemHostAlloc(&host, 4096, 0));
        OK(cuMemFreeHost(host));
        host = aligned_alloc(4096, 4096);
        OK(cuMemHostRegister(host, 4096, 0));
        OK(cuMemHostUnregister(host));
        std::free(host);
        CUmodule module = nullptr;
        OK(cuModuleLoadData(&module, kernels_ptx));
        OK(cuModuleUnload(module));
        CUlibrary library = nullptr;
        OK(cuLibraryLoadData(&library, kernels_ptx, nullptr, nullptr, 0, nullptr, nullptr, 0));
        OK(cuLibraryUnload(library));
        CUDA_ARRAY_DESCRIPTOR shape{16, 16, CU_AD_FORMAT_UNSIGNED_INT32, 1};
        CUarray array = nullptr;
        OK(cuArrayCreate(&array, &shape));
        OK(cuArrayDestroy(array));
        size_t limit = 0;
        OK(cuCtxGetLimit(&limit, CU_LIMIT_PRINTF_FIFO_SIZE));
        OK(cuCtxSetLimit(CU_LIMIT_PRINTF_FIFO_SIZE, limit));
    }
}

void suspended_by_the_application() {
    Ledger ledger;
    FreeStream stream;
    std::atomic<bool> returned{false};
    const Queue queue(stream);
    CHECK(queue.on_device() == wants_device_gate());
    ledger.work(stream, 200);
    OK(cuStreamSynchronize(stream));
    check_held(stream, queue, ledger); // from the first suspension on its launches can be held
    queue.suspend();
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 5; i++) {
            ledger.append(stream);
        }
        returned = true;
    });
    if (queue.on_device()) {
        // They stand behind a closed gate, for which the driver would wait; freeing lets them through.
        WAIT_FOR(returned.load());
        CHECK_STANDS_STILL(ledger.count());
        use_everything();
        OK(cuCtxSynchronize());
        CHECK(ledger.complete());
    }
    use_everything();
    OK(cuCtxSynchronize());
    queue.resume();
    launching.join();
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    check_held(stream, queue, ledger); // the gate closes again
}

/* The thread of the important queue allocates; it must not wait for the one that it holds back. */
void suspended_by_the_policy() {
    LowAndHigh pair;
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 100; i++) {
            pair.low_ledger.work(pair.low_stream, 100);
        }
    });
    for (int i = 0; i < 5; i++) {
        pair.high_ledger.append(pair.high_stream);
        use_everything();
        pair.high_ledger.append(pair.high_stream);
        OK(cuStreamSynchronize(pair.high_stream));
        CHECK(pair.high_ledger.complete());
    }
    launching.join();
    pair.end();
}

/* Stream-ordered memory of a held stream is not there for another one, which does not wait for it. */
void allocated_in_stream_order() {
    LowAndHigh pair;
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 50; i++) {
            CUdeviceptr memory = 0;
            OK(cuMemAllocAsync(&memory, 1 << 20, pair.low_stream));
            pair.low_ledger.work(pair.low_stream, 100);
            OK(cuMemFreeAsync(memory, pair.low_stream));
        }
    });
    for (int i = 0; i < 50; i++) {
        CUdeviceptr memory = 0;
        OK(cuMemAllocAsync(&memory, 1 << 20, pair.high_stream));
        pair.high_ledger.append(pair.high_stream);
        OK(cuMemFreeAsync(memory, pair.high_stream));
        OK(cuStreamSynchronize(pair.high_stream));
        CHECK(pair.high_ledger.complete());
    }
    launching.join();
    pair.end();
}

} // namespace

int main() {
    RUN(suspended_by_the_application);
    RUN(suspended_by_the_policy);
    RUN(allocated_in_stream_order);
    return finish();
}
