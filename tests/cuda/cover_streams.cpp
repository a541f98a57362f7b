/*
 * Every way to make, ask, wait for and destroy a stream or an event, and to wait for values and write them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* Runs something in a fresh stream and destroys it: that waits for nothing, and nothing is lost. */
void use_and_destroy(CUstream stream, const char *destroy) {
    Ledger ledger;
    for (int i = 0; i < 10; i++) {
        ledger.append(stream);
    }
    succeeds<PFN_cuStreamDestroy_v4000>(destroy, stream);
    OK(cuCtxSynchronize());
    CHECK(ledger.complete());
}

void create_and_destroy() {
    Gpu::use();
    int least = -100;
    int greatest = 100;
    int priority = 100;
    CUstream stream = nullptr;
    OK(cuCtxGetStreamPriorityRange(&least, &greatest));
    CHECK(least >= greatest);
    succeeds<PFN_cuStreamCreate_v2000>("cuStreamCreate", &stream, CU_STREAM_DEFAULT);
    use_and_destroy(stream, "cuStreamDestroy_v2");
    succeeds<PFN_cuStreamCreateWithPriority_v5050>("cuStreamCreateWithPriority", &stream,
                                                   CU_STREAM_NON_BLOCKING, greatest);
    OK(cuStreamGetPriority(stream, &priority));
    CHECK(priority == greatest);
    use_and_destroy(stream, "cuStreamDestroy");
}

void query_and_synchronise() {
    FreeStream stream;
    for (const Variant &each : taking(stream)) {
        Ledger ledger;
        Blocker blocker;
        CUresult code = CUDA_SUCCESS;
        blocker.block(each.meant);
        ledger.append(each.meant);
        call<PFN_cuStreamQuery_v2000>(code, "cuStreamQuery" + each, each.stream);
        CHECK(code == CUDA_ERROR_NOT_READY && ledger.count() == 0);
        blocker.open();
        succeeds<PFN_cuStreamSynchronize_v2000>("cuStreamSynchronize" + each, each.stream);
        CHECK(ledger.complete());
        succeeds<PFN_cuStreamQuery_v2000>("cuStreamQuery" + each, each.stream);
    }
}

void events() {
    FreeStream stream;
    FreeStream other;
    for (const Variant &each : taking(stream)) {
        Ledger ledger;
        Blocker blocker;
        CUevent event = nullptr;
        OK(cuEventCreate(&event, CU_EVENT_DEFAULT));
        blocker.block(other);
        ledger.append(other);
        OK(cuEventRecord(event, other));
        succeeds<PFN_cuStreamWaitEvent_v3020>("cuStreamWaitEvent" + each, each.stream, event, 0);
        ledger.append(each.meant);
        succeeds<PFN_cuEventRecord_v2000>("cuEventRecord" + each, event, each.stream);
        CHECK(ledger.count() == 0);
        blocker.open();
        succeeds<PFN_cuEventSynchronize_v2000>("cuEventSynchronize", event);
        CHECK(ledger.complete());
        ledger.append(each.meant);
        succeeds<PFN_cuEventRecordWithFlags_v11010>("cuEventRecordWithFlags" + each, event,
                                                    each.stream, CU_EVENT_RECORD_DEFAULT);
        OK(cuEventSynchronize(event));
        CHECK(ledger.complete());
        succeeds<PFN_cuEventDestroy_v4000>(
            each.ending.empty() ? "cuEventDestroy" : "cuEventDestroy_v2", event);
    }
}

/*
 * Each wait of a stream is ended by each write of another one, which comes later. The first version of these
 * functions is not offered by a driver of CUDA 13 unless its kernel module was told to; then there is
 * nothing to wait for, and the write is refused as well.
 */
template <typename Wait, typename Write, typename Value>
void value_of(const Variant &each, CUstream other, const char *wait, const char *write, Value value,
              CUdeviceptr address) {
    Ledger ledger;
    const uint32_t flags = CU_STREAM_WAIT_VALUE_GEQ;
    if (!offered<Wait>(wait + each, each.stream, address, value, flags)) {
        CHECK(!offered<Write>(write + each, each.stream, address, value, 0u));
        return;
    }
    ledger.append(each.meant);
    OK(cuStreamQuery(other));
    CHECK(ledger.count() == 0);
    // By the same variant, so with NULL it is the thread's own stream, which waits: from another thread.
    if (each.stream == nullptr) {
        on_gpu([&] {
            succeeds<Write>(write + each, nullptr, address, value, 0u);
            each.wait();
        }).join();
    } else {
        succeeds<Write>(write + each, other, address, value, 0u);
    }
    each.wait();
    CHECK(ledger.complete());
}

void values() {
    Words words(4);
    FreeStream stream;
    FreeStream other;
    uint32_t next = 1;
    const CUdeviceptr at = words.data();
    for (const Variant &each : taking(stream)) {
        value_of<PFN_cuStreamWaitValue32_v8000, PFN_cuStreamWriteValue32_v8000>(
            each, other, "cuStreamWaitValue32", "cuStreamWriteValue32", cuuint32_t{next++}, at);
        value_of<PFN_cuStreamWaitValue32_v11070, PFN_cuStreamWriteValue32_v11070>(
            each, other, "cuStreamWaitValue32_v2", "cuStreamWriteValue32_v2", cuuint32_t{next++},
            at);
        value_of<PFN_cuStreamWaitValue64_v9000, PFN_cuStreamWriteValue64_v9000>(
            each, other, "cuStreamWaitValue64", "cuStreamWriteValue64", cuuint64_t{next++}, at + 8);
        value_of<PFN_cuStreamWaitValue64_v11070, PFN_cuStreamWriteValue64_v11070>(
            each, other, "cuStreamWaitValue64_v2", "cuStreamWriteValue64_v2", cuuint64_t{next++},
            at + 8);
        for (const char *symbol : {"cuStreamBatchMemOp", "cuStreamBatchMemOp_v2"}) {
            CUstreamBatchMemOpParams operations[2] = {};
            operations[0].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_32;
            operations[0].writeValue.address = at;
            operations[0].writeValue.value = next;
            operations[1].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_32;
            operations[1].waitValue.address = at;
            operations[1].waitValue.value = next++;
            operations[1].waitValue.flags = CU_STREAM_WAIT_VALUE_EQ;
            if (offered<PFN_cuStreamBatchMemOp_v8000>(symbol + each, each.stream, 2, operations,
                                                      0)) {
                each.wait();
                CHECK(words.read()[0] == next - 1);
            }
        }
    }
}

void managed_memory_is_attached() {
    FreeStream stream;
    CUdeviceptr memory = 0;
    OK(cuMemAllocManaged(&memory, 4096, CU_MEM_ATTACH_GLOBAL));
    for (const Variant &each : taking(stream)) {
        answers<PFN_cuStreamAttachMemAsync_v6000>("cuStreamAttachMemAsync" + each, each.meant,
                                                  memory, 0, CU_MEM_ATTACH_GLOBAL);
        each.wait();
    }
    OK(cuMemFree(memory));
}

} // namespace

int main() {
    RUN(create_and_destroy);
    RUN(query_and_synchronise);
    RUN(events);
    RUN(values);
    RUN(managed_memory_is_attached);
    return finish();
}
