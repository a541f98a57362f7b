/*
 * Every copy of plain memory: each brings what it should, to where it should.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr uint32_t kWords = 1024;
constexpr size_t kBytes = kWords * sizeof(uint32_t);

/* Host memory, two pieces of device memory, and numbers that no other test used. */
struct Buffers {
    Words first{kWords};
    Words second{kWords};
    SharedMemory host_from{kBytes};
    SharedMemory host_to{kBytes};
    static inline uint32_t next = 1;

    uint32_t *from() { return host_from.as<uint32_t>(); }
    uint32_t *to() { return host_to.as<uint32_t>(); }
    void fresh() {
        for (uint32_t i = 0; i < kWords; i++) {
            from()[i] = next++;
        }
    }
    bool arrived() { return std::memcmp(to(), from(), kBytes) == 0; }
};

void synchronous() {
    Buffers memory;
    const CUdeviceptr first = memory.first.data();
    const CUdeviceptr second = memory.second.data();
    const auto address = [](void *host) { return reinterpret_cast<CUdeviceptr>(host); };
    for (const Variant &each : using_the_default_stream()) {
        memory.fresh();
        succeeds<PFN_cuMemcpyHtoD_v3020>("cuMemcpyHtoD_v2" + each, first, memory.from(), kBytes);
        succeeds<PFN_cuMemcpyDtoD_v3020>("cuMemcpyDtoD_v2" + each, second, first, kBytes);
        succeeds<PFN_cuMemcpyDtoH_v3020>("cuMemcpyDtoH_v2" + each, memory.to(), second, kBytes);
        CHECK(memory.arrived());

        memory.fresh();
        succeeds<PFN_cuMemcpy_v4000>("cuMemcpy" + each, first, address(memory.from()), kBytes);
        succeeds<PFN_cuMemcpy_v4000>("cuMemcpy" + each, second, first, kBytes);
        succeeds<PFN_cuMemcpy_v4000>("cuMemcpy" + each, address(memory.to()), second, kBytes);
        CHECK(memory.arrived());

        memory.fresh();
        const CUcontext context = Gpu::use().context;
        OK(cuMemcpyHtoD(first, memory.from(), kBytes));
        succeeds<PFN_cuMemcpyPeer_v4000>("cuMemcpyPeer" + each, second, context, first, context,
                                         kBytes);
        each.wait();
        OK(cuMemcpyDtoH(memory.to(), second, kBytes));
        CHECK(memory.arrived());

        memory.fresh();
        OK(cuMemcpyHtoD(first, memory.from(), kBytes));
        CUDA_MEMCPY3D_PEER box{};
        box.srcMemoryType = box.dstMemoryType = CU_MEMORYTYPE_DEVICE;
        box.srcContext = box.dstContext = context;
        box.srcDevice = first;
        box.dstDevice = second;
        box.WidthInBytes = kBytes;
        box.srcPitch = box.dstPitch = kBytes;
        box.Height = box.Depth = box.srcHeight = box.dstHeight = 1;
        succeeds<PFN_cuMemcpy3DPeer_v4000>("cuMemcpy3DPeer" + each, &box);
        each.wait();
        OK(cuMemcpyDtoH(memory.to(), second, kBytes));
        CHECK(memory.arrived());
    }
}

void asynchronous() {
    Buffers memory;
    FreeStream stream;
    const CUdeviceptr first = memory.first.data();
    const CUdeviceptr second = memory.second.data();
    const auto address = [](void *host) { return reinterpret_cast<CUdeviceptr>(host); };
    for (const Variant &each : taking(stream)) {
        memory.fresh();
        succeeds<PFN_cuMemcpyHtoDAsync_v3020>("cuMemcpyHtoDAsync_v2" + each, first, memory.from(),
                                              kBytes, each.stream);
        succeeds<PFN_cuMemcpyDtoDAsync_v3020>("cuMemcpyDtoDAsync_v2" + each, second, first, kBytes,
                                              each.stream);
        succeeds<PFN_cuMemcpyDtoHAsync_v3020>("cuMemcpyDtoHAsync_v2" + each, memory.to(), second,
                                              kBytes, each.stream);
        each.wait();
        CHECK(memory.arrived());

        memory.fresh();
        succeeds<PFN_cuMemcpyAsync_v4000>("cuMemcpyAsync" + each, first, address(memory.from()),
                                          kBytes, each.stream);
        const CUcontext context = Gpu::use().context;
        succeeds<PFN_cuMemcpyPeerAsync_v4000>("cuMemcpyPeerAsync" + each, second, context, first,
                                              context, kBytes, each.stream);
        succeeds<PFN_cuMemcpyAsync_v4000>("cuMemcpyAsync" + each, address(memory.to()), second,
                                          kBytes, each.stream);
        each.wait();
        CHECK(memory.arrived());

        memory.fresh();
        OK(cuMemcpyHtoD(first, memory.from(), kBytes));
        CUDA_MEMCPY3D_PEER box{};
        box.srcMemoryType = box.dstMemoryType = CU_MEMORYTYPE_DEVICE;
        box.srcContext = box.dstContext = context;
        box.srcDevice = first;
        box.dstDevice = second;
        box.WidthInBytes = kBytes;
        box.srcPitch = box.dstPitch = kBytes;
        box.Height = box.Depth = box.srcHeight = box.dstHeight = 1;
        succeeds<PFN_cuMemcpy3DPeerAsync_v4000>("cuMemcpy3DPeerAsync" + each, &box, each.stream);
        each.wait();
        OK(cuMemcpyDtoH(memory.to(), second, kBytes));
        CHECK(memory.arrived());
    }
}

/* Several copies in one call; CUDA 12.8 and 13 have different parameters. */
void in_batches() {
    Buffers memory;
    FreeStream stream;
    CUdeviceptr from[] = {memory.first.data(), memory.first.data() + kBytes / 2};
    CUdeviceptr to[] = {memory.second.data() + kBytes / 2, memory.second.data()};
    size_t sizes[] = {kBytes / 2, kBytes / 2};
    CUmemcpyAttributes attributes{};
    attributes.srcAccessOrder = CU_MEMCPY_SRC_ACCESS_ORDER_STREAM;
    size_t first_with_them[] = {0};
    size_t failed = 0;
    const auto arrived = [&] {
        OK(cuMemcpyDtoH(memory.to(), to[0], sizes[0]));
        OK(cuMemcpyDtoH(memory.to() + kWords / 2, to[1], sizes[1]));
        return memory.arrived();
    };
    for (const Variant &each : taking(stream)) {
        const CUstream own = each.stream == nullptr ? CU_STREAM_PER_THREAD : each.stream;
        memory.fresh();
        OK(cuMemcpyHtoD(from[0], memory.from(), kBytes));
        if (succeeds<PFN_cuMemcpyBatchAsync_v12080>("cuMemcpyBatchAsync" + each, to, from, sizes, 2,
                                                    &attributes, first_with_them, 1, &failed,
                                                    own)) {
            each.wait();
            CHECK(arrived());
        }
        memory.fresh();
        OK(cuMemcpyHtoD(from[0], memory.from(), kBytes));
        if (succeeds<PFN_cuMemcpyBatchAsync_v13000>("cuMemcpyBatchAsync_v2" + each, to, from, sizes,
                                                    2, &attributes, first_with_them, 1, own)) {
            each.wait();
            CHECK(arrived());
        }
        CUDA_MEMCPY3D_BATCH_OP box{};
        box.src.type = box.dst.type = CU_MEMCPY_OPERAND_TYPE_POINTER;
        box.src.op.ptr.ptr = from[0];
        box.dst.op.ptr.ptr = memory.second.data();
        box.src.op.ptr.locHint = {CU_MEM_LOCATION_TYPE_DEVICE, Gpu::use().device};
        box.dst.op.ptr.locHint = box.src.op.ptr.locHint;
        box.extent = {kBytes, 1, 1};
        box.srcAccessOrder = CU_MEMCPY_SRC_ACCESS_ORDER_STREAM;
        if (answers<PFN_cuMemcpy3DBatchAsync_v12080>("cuMemcpy3DBatchAsync" + each, 1, &box,
                                                     &failed, 0, own)) {
            each.wait();
            OK(cuMemcpyDtoH(memory.to(), memory.second.data(), kBytes));
            CHECK(memory.arrived());
        }
        if (answers<PFN_cuMemcpy3DBatchAsync_v13000>("cuMemcpy3DBatchAsync_v2" + each, 1, &box, 0,
                                                     own)) {
            each.wait();
            OK(cuMemcpyDtoH(memory.to(), memory.second.data(), kBytes));
            CHECK(memory.arrived());
        }
    }
}

} // namespace

int main() {
    Gpu::use();
    RUN(synchronous);
    RUN(asynchronous);
    RUN(in_batches);
    return finish();
}
