/*
 * The kernels: as PTX for a device, and as functions for the stand-in driver.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"

#include <atomic>
#include <chrono>
#include <cudasim.h>
#include <thread>

/*
 * ISA 7.5 and sm_75 are the oldest that CUDA 13 compiles. Spinning counts cycles: the device's timer
 * moves in steps of up to a microsecond. Stores to the host are relaxed: in order, and without a fence,
 * which would make a kernel longer by a round trip over PCIe.
 */
const char kernels_ptx[] = R"(.version 7.5
.target sm_75
.address_size 64

.visible .entry empty()
{
    ret;
}

.visible .entry spin_ns(.param .u64 ns)
{
    .reg .pred %waiting;
    .reg .u64 %cycles, %begin, %now;
    mov.u64 %begin, %clock64;
    ld.param.u64 %cycles, [ns];
    shl.b64 %cycles, %cycles, 1;
SPIN:
    mov.u64 %now, %clock64;
    sub.u64 %now, %now, %begin;
    setp.lt.u64 %waiting, %now, %cycles;
    @%waiting bra SPIN;
    ret;
}

.visible .entry spin_count(.param .u64 ns, .param .u64 counters, .param .u32 index)
{
    .reg .pred %waiting, %other;
    .reg .u32 %place, %thread, %value;
    .reg .u64 %cycles, %begin, %now, %address;
    mov.u64 %begin, %clock64;
    ld.param.u64 %cycles, [ns];
    ld.param.u64 %address, [counters];
    ld.param.u32 %value, [index];
    cvta.to.global.u64 %address, %address;
    shl.b64 %cycles, %cycles, 1;
    mov.u32 %place, %ctaid.x;
    mov.u32 %thread, %tid.x;
    or.b32 %place, %place, %thread;
    setp.ne.u32 %other, %place, 0;
    @%other bra SPIN;
    st.relaxed.sys.global.u32 [%address], %value;
SPIN:
    mov.u64 %now, %clock64;
    sub.u64 %now, %now, %begin;
    setp.lt.u64 %waiting, %now, %cycles;
    @%waiting bra SPIN;
    @%other ret;
    st.relaxed.sys.global.u32 [%address+4], %value;
    ret;
}

.visible .entry add_u32(.param .u64 words, .param .u32 value, .param .u32 count)
{
    .reg .pred %more;
    .reg .u32 %index, %size, %blocks, %step, %end, %add, %word;
    .reg .u64 %base, %address;
    ld.param.u64 %base, [words];
    ld.param.u32 %add, [value];
    ld.param.u32 %end, [count];
    cvta.to.global.u64 %base, %base;
    mov.u32 %size, %ntid.x;
    mov.u32 %blocks, %nctaid.x;
    mul.lo.u32 %step, %size, %blocks;
    mov.u32 %blocks, %ctaid.x;
    mov.u32 %word, %tid.x;
    mad.lo.u32 %index, %blocks, %size, %word;
NEXT:
    setp.lt.u32 %more, %index, %end;
    @!%more ret;
    mad.wide.u32 %address, %index, 4, %base;
    ld.global.u32 %word, [%address];
    add.u32 %word, %word, %add;
    st.global.u32 [%address], %word;
    add.u32 %index, %index, %step;
    bra NEXT;
}

.visible .entry append_u32(.param .u64 words, .param .u32 value)
{
    .reg .pred %other;
    .reg .u32 %thread, %count, %entry;
    .reg .u64 %base, %address;
    mov.u32 %thread, %tid.x;
    setp.ne.u32 %other, %thread, 0;
    @%other ret;
    ld.param.u64 %base, [words];
    ld.param.u32 %entry, [value];
    cvta.to.global.u64 %base, %base;
    ld.relaxed.sys.global.u32 %count, [%base];
    mad.wide.u32 %address, %count, 4, %base;
    st.relaxed.sys.global.u32 [%address+4], %entry;
    add.u32 %count, %count, 1;
    st.release.sys.global.u32 [%base], %count;
    ret;
}

.visible .entry block_u32(.param .u64 word)
{
    .reg .pred %closed;
    .reg .u32 %value;
    .reg .u64 %address;
    ld.param.u64 %address, [word];
    cvta.to.global.u64 %address, %address;
LOOK:
    ld.relaxed.sys.global.u32 %value, [%address];
    setp.eq.u32 %closed, %value, 0;
    @%closed bra LOOK;
    ret;
}
)";

CUresult Kernels::load() {
    if (CUresult error = cuModuleLoadData(&module_, kernels_ptx)) {
        return error;
    }
    const struct {
        CUfunction *function;
        const char *name;
    } wanted[] = {
        {&empty_function, "empty"},           {&spin_ns_function, "spin_ns"},
        {&spin_count_function, "spin_count"}, {&add_u32_function, "add_u32"},
        {&append_u32_function, "append_u32"}, {&block_u32_function, "block_u32"},
    };
    for (const auto &kernel : wanted) {
        if (CUresult error = cuModuleGetFunction(kernel.function, module_, kernel.name)) {
            return error;
        }
    }
    return CUDA_SUCCESS;
}

CUresult Kernels::unload() {
    return cuModuleUnload(module_);
}

namespace {

/* The types must be those of the kernel's parameters. */
template <typename... Arguments>
CUresult launch(CUfunction function, CUstream stream, unsigned blocks, Arguments... arguments) {
    void *addresses[] = {&arguments..., nullptr};
    return cuLaunchKernel(function, blocks, 1, 1, Kernels::kThreads, 1, 1, 0, stream, addresses,
                          nullptr);
}

} // namespace

CUresult Kernels::empty(CUstream stream, unsigned blocks) const {
    return launch(empty_function, stream, blocks);
}

CUresult Kernels::spin_ns(CUstream stream, uint64_t ns, unsigned blocks) const {
    return launch(spin_ns_function, stream, blocks, ns);
}

CUresult Kernels::spin_count(CUstream stream, uint64_t ns, CUdeviceptr counters, uint32_t index,
                             unsigned blocks) const {
    return launch(spin_count_function, stream, blocks, ns, counters, index);
}

CUresult Kernels::add_u32(CUstream stream, CUdeviceptr words, uint32_t value, uint32_t count,
                          unsigned blocks) const {
    return launch(add_u32_function, stream, blocks, words, value, count);
}

CUresult Kernels::append_u32(CUstream stream, CUdeviceptr words, uint32_t value) const {
    return launch(append_u32_function, stream, 1, words, value);
}

CUresult Kernels::block_u32(CUstream stream, CUdeviceptr word) const {
    return launch(block_u32_function, stream, 1, word);
}

/* --- for the stand-in driver ------------------------------------------------------------------- */

namespace {

template <typename T>
T argument(const cudasim_launch *launch, unsigned index) {
    return *static_cast<T *>(launch->args[index]);
}

template <typename T>
T *pointer(const cudasim_launch *launch, unsigned index) {
    return reinterpret_cast<T *>(argument<CUdeviceptr>(launch, index));
}

} // namespace

CUDASIM_KERNEL(empty) {
    static_cast<void>(launch);
}

CUDASIM_KERNEL(spin_ns) {
    cudasim_occupy_ns(argument<uint64_t>(launch, 0));
}

CUDASIM_KERNEL(spin_count) {
    auto *counters = pointer<std::atomic<uint32_t>>(launch, 1);
    const auto index = argument<uint32_t>(launch, 2);
    cudasim_access(counters, sizeof(SpinCounters), 1);
    counters[0].store(index);
    cudasim_occupy_ns(argument<uint64_t>(launch, 0));
    counters[1].store(index);
}

CUDASIM_KERNEL(add_u32) {
    auto *words = pointer<uint32_t>(launch, 0);
    const auto count = argument<uint32_t>(launch, 2);
    cudasim_access(words, count * sizeof *words, 1);
    for (uint32_t i = 0; i < count; i++) {
        words[i] += argument<uint32_t>(launch, 1);
    }
}

CUDASIM_KERNEL(append_u32) {
    auto *words = pointer<std::atomic<uint32_t>>(launch, 0);
    const uint32_t count = words[0].load();
    cudasim_access(words, (count + 2) * sizeof *words, 1);
    words[1 + count].store(argument<uint32_t>(launch, 1));
    words[0].store(count + 1);
}

CUDASIM_KERNEL(block_u32) {
    auto *word = pointer<std::atomic<uint32_t>>(launch, 0);
    cudasim_access(word, sizeof *word, 0);
    while (word->load() == 0) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
}
