/*
 * Every operation of a stream that is neither a kernel nor a copy: host functions, callbacks, values
 * in memory, and those of other interfaces that the stand-in runtime does not have.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* What a host function does: the next operation on a ledger, as a kernel would. */
struct HostStep {
    Ledger::Page *page;
    uint32_t index;
};

void append_on_host(void *data) {
    const auto *step = static_cast<HostStep *>(data);
    hipsim_stamp(step->page, step->index, step->index + 1);
    step->page->entries[step->page->count.load()] = step->index;
    step->page->count.fetch_add(1);
}

void append_in_callback(hipStream_t, hipError_t status, void *data) {
    CHECK(status == hipSuccess);
    append_on_host(data);
}

void host_functions() {
    Ledger ledger;
    Stream stream;
    ledger.append(stream);
    if (HAS(hipLaunchHostFunc)) {
        HostStep step{ledger.page(), ledger.take_index()};
        SUCCEEDS(hipLaunchHostFunc)(stream, append_on_host, &step);
        OK(hipStreamSynchronize(stream));
    }
    ledger.append(stream);
    HostStep callback{ledger.page(), ledger.take_index()};
    SUCCEEDS(hipStreamAddCallback)(stream, append_in_callback, &callback, 0);
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    Ledger ledger;
    ledger.append(hipStreamPerThread);
    if (HAS(hipLaunchHostFunc_spt)) {
        HostStep step{ledger.page(), ledger.take_index()};
        SUCCEEDS(hipLaunchHostFunc_spt)(nullptr, append_on_host, &step);
        HostStep callback{ledger.page(), ledger.take_index()};
        SUCCEEDS(hipStreamAddCallback_spt)(nullptr, append_in_callback, &callback, 0);
        OK(hipStreamSynchronize(hipStreamPerThread));
    }
    ledger.append(hipStreamPerThread);
    OK(hipStreamSynchronize(hipStreamPerThread));
    CHECK(ledger.complete());
}

/* One stream waits until another, or the host, has stored a value. */
void values_in_memory() {
    Ledger ledger;
    Stream waiting;
    Stream writing;
    uint64_t *value = nullptr;
    OK(hipHostMalloc(reinterpret_cast<void **>(&value), sizeof *value, hipHostMallocDefault));
    *value = 0;

    SUCCEEDS(hipStreamWaitValue32)(waiting, value, 1, hipStreamWaitValueEq, ~0u);
    ledger.append(waiting);
    CHECK_STANDS_STILL(ledger.count());
    SUCCEEDS(hipStreamWriteValue32)(writing, value, 1, 0);
    OK(hipStreamSynchronize(waiting));
    CHECK(ledger.complete());

    SUCCEEDS(hipStreamWaitValue64)(waiting, value, 2, hipStreamWaitValueGte, ~0ull);
    ledger.append(waiting);
    CHECK_STANDS_STILL(ledger.count());
    SUCCEEDS(hipStreamWriteValue64)(writing, value, 3, 0);
    OK(hipStreamSynchronize(waiting));
    CHECK(ledger.complete());

    if (HAS(hipStreamBatchMemOp)) {
        hipStreamBatchMemOpParams operations[2]{};
        operations[0].waitValue = {
            hipStreamMemOpWaitValue32, value, {3}, hipStreamWaitValueEq, nullptr};
        operations[1].writeValue = {hipStreamMemOpWriteValue32, value, {4}, 0, nullptr};
        SUCCEEDS(hipStreamBatchMemOp)(waiting, 2, operations, 0);
        OK(hipStreamSynchronize(waiting));
        CHECK(*value == 4);
    }
    OK(hipStreamSynchronize(writing));
    OK(hipHostFree(value));
}

/* No such object exists here, so every runtime has to refuse these, for its own reason. */
void other_interfaces() {
    Stream stream;
    REFUSED(hipGraphicsMapResources)(1, nullptr, stream);
    REFUSED(hipGraphicsUnmapResources)(1, nullptr, stream);
    REFUSED(hipSignalExternalSemaphoresAsync)(nullptr, nullptr, 1, stream);
    REFUSED(hipWaitExternalSemaphoresAsync)(nullptr, nullptr, 1, stream);
    REFUSED(hipMemMapArrayAsync)(nullptr, 1, stream);
}

} // namespace

int main() {
    RUN(host_functions);
    RUN(per_thread_default_stream);
    RUN(values_in_memory);
    RUN(other_interfaces);
    return finish();
}
