/*
 * Some calls wait until the device has done what it was told, others return at once, and a program may rely on
 * those: libxsched has none of them wait that did not. Which ones wait is the driver's business and goes into
 * the transcript, for a stream with a kernel in it that does not end, and for one that waits for a value. Each
 * call is made in a process of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

#include <algorithm>
#include <iterator>

namespace {

constexpr size_t kBytes = 4096;

/* What a program has before its stream is busy. */
struct Program {
    FreeStream busy;
    CUstream idle = nullptr;
    CUstream unused = nullptr;
    Words words{16};
    Ledger ledger;
    CUdeviceptr memory = 0;
    void *pinned = nullptr;
    void *pages = aligned_alloc(kBytes, kBytes);
    CUevent event = nullptr;
    CUmodule module = nullptr;

    Program() {
        OK(cuStreamCreate(&idle, CU_STREAM_NON_BLOCKING));
        OK(cuStreamCreate(&unused, CU_STREAM_NON_BLOCKING));
        OK(cuMemAlloc(&memory, kBytes));
        OK(cuMemHostAlloc(&pinned, kBytes, 0));
        OK(cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
        OK(cuModuleLoadData(&module, kernels_ptx));
        ledger.append(busy);
        ledger.append(idle);
        OK(cuCtxSynchronize());
    }
};

CUresult create_streams(int count) {
    CUresult code = CUDA_SUCCESS;
    for (int i = 0; i < count && code == CUDA_SUCCESS; i++) {
        CUstream stream = nullptr;
        code = cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING);
    }
    return code;
}

constexpr struct {
    const char *name;
    CUresult (*make)(Program &);
} calls[] = {
    // Of these a driver has some wait.
    {"cuCtxSynchronize", [](Program &) { return cuCtxSynchronize(); }},
    {"cuMemAlloc",
     [](Program &) {
         CUdeviceptr memory = 0;
         return cuMemAlloc(&memory, size_t{64} << 20);
     }},
    {"cuMemFree", [](Program &p) { return cuMemFree(p.memory); }},
    {"cuMemHostAlloc",
     [](Program &) {
         void *memory = nullptr;
         return cuMemHostAlloc(&memory, size_t{4} << 20, CU_MEMHOSTALLOC_DEVICEMAP);
     }},
    {"cuMemFreeHost", [](Program &p) { return cuMemFreeHost(p.pinned); }},
    {"cuMemHostRegister",
     [](Program &p) { return cuMemHostRegister(p.pages, kBytes, CU_MEMHOSTREGISTER_DEVICEMAP); }},
    {"cuStreamDestroy, busy", [](Program &p) { return cuStreamDestroy(p.busy); }},
    {"cuModuleLoadData",
     [](Program &) {
         CUmodule module = nullptr;
         return cuModuleLoadData(&module, kernels_ptx);
     }},
    {"cuModuleUnload", [](Program &p) { return cuModuleUnload(p.module); }},
    {"first launch of a kernel",
     [](Program &p) {
         p.words.add(p.idle, 1);
         return cuStreamSynchronize(p.idle);
     }},
    {"launch", [](Program &p) { return p.ledger.try_append(p.idle); }},
    {"first use of a stream", [](Program &p) { return p.ledger.try_append(p.unused); }},
    {"first use of 100 streams",
     [](Program &p) {
         CUresult code = CUDA_SUCCESS;
         for (int i = 0; i < 100 && code == CUDA_SUCCESS; i++) {
             CUstream stream = nullptr;
             code = cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING);
             code = code == CUDA_SUCCESS ? p.ledger.try_append(stream) : code;
         }
         return code;
     }},
    {"cuStreamCreate", [](Program &) { return create_streams(1); }},
    {"cuStreamCreate, 100 times", [](Program &) { return create_streams(100); }},
    {"cuStreamDestroy, idle", [](Program &p) { return cuStreamDestroy(p.idle); }},
    {"cuStreamSynchronize, idle", [](Program &p) { return cuStreamSynchronize(p.idle); }},
    {"cuEventCreate",
     [](Program &) {
         CUevent event = nullptr;
         return cuEventCreate(&event, CU_EVENT_DISABLE_TIMING);
     }},
    {"cuEventDestroy", [](Program &p) { return cuEventDestroy(p.event); }},
    {"cuMemcpyDtoH",
     [](Program &p) {
         uint32_t word = 0;
         return cuMemcpyDtoH(&word, p.words.data(), sizeof word);
     }},
};

constexpr int kWaits = 10; // as an exit status

/* Makes one call beside a busy stream, and exits with what became of it. */
[[noreturn]] void make_beside(CUresult (*make)(Program &), bool kernel) {
    auto &program = *new Program; // its end is not the test's
    SharedMemory memory(sizeof(uint32_t));
    auto &word = *memory.as<std::atomic<uint32_t>>();
    OK(kernel ? Gpu::use().kernels.block_u32(program.busy, memory.device())
              : cuStreamWaitValue32(program.busy, memory.device(), 1, CU_STREAM_WAIT_VALUE_GEQ));
    std::atomic<bool> returned{false};
    std::thread calling = on_gpu([&] {
        OK(make(program));
        returned = true;
    });
    for (int ms = 0; ms < 2000 && !returned; ms++) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const int status = returned ? 0 : kWaits;
    word = 1;
    calling.join();
    OK(cuCtxSynchronize());
    check_driver();
    check_scheduled();
    _exit(status);
}

/* Ten at once: most of the time is start-up, and that of those that wait. */
void beside(const char *what) {
    constexpr size_t kAtOnce = 10;
    std::vector<pid_t> children;
    for (size_t i = 0; i < std::size(calls); i++) {
        if (i % kAtOnce == 0) {
            for (size_t j = i; j < std::min(i + kAtOnce, std::size(calls)); j++) {
                const std::string name = std::string(what) + calls[j].name;
                children.push_back(start_again("CUDA_TEST_CASE", name.c_str()));
            }
        }
        const int status = wait_for_child(children[i]);
        const bool waits = WIFEXITED(status) && WEXITSTATUS(status) == kWaits;
        if (!waits && !ended_well(status)) {
            fail(__FILE__, __LINE__, calls[i].name);
        }
        say("%s: %s", calls[i].name, waits ? "waits" : "returns");
    }
}

constexpr char kKernel[] = "a kernel that runs: ";
constexpr char kValue[] = "a wait for a value: ";

void beside_a_kernel() {
    beside(kKernel);
}
void beside_a_wait_for_a_value() {
    beside(kValue);
}

} // namespace

int main(int count, char **arguments) {
    for (const auto &call : calls) {
        for (const char *what : {kKernel, kValue}) {
            if (count > 1 && arguments[1] == std::string(what) + call.name) {
                make_beside(call.make, what == kKernel);
            }
        }
    }
    CHECK(count == 1);
    RUN(beside_a_kernel);
    RUN(beside_a_wait_for_a_value);
    return finish();
}
