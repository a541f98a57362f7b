/*
 * A library that uses HIP, for programs that load one. It has kernels of its own (kernels.cpp is part
 * of it), registered when it is loaded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

/* Runs something in a stream of its own. */
extern "C" void library_use() {
    Ledger ledger;
    Stream stream;
    for (int i = 0; i < 5; i++) {
        ledger.append(stream);
        ledger.append(nullptr);
    }
    OK(hipStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

extern "C" hipStream_t library_create_stream() {
    hipStream_t stream = nullptr;
    OK(hipStreamCreate(&stream));
    return stream;
}

extern "C" void library_destroy_stream(hipStream_t stream) {
    OK(hipStreamDestroy(stream));
}

extern "C" int library_finish() {
    return finish();
}
