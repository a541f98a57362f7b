/*
 * Every copy that knows rows, planes or arrays: a rectangle goes there and back, and nothing beside it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

constexpr uint32_t kWidth = 32;
constexpr uint32_t kHeight = 8;
constexpr size_t kRow = kWidth * sizeof(uint32_t);
constexpr size_t kBytes = kRow * kHeight;

struct Rectangles {
    SharedMemory from{kBytes};
    SharedMemory to{kBytes};
    Words device{kWidth * kHeight};
    CUarray array = nullptr;
    static inline uint32_t next = 1;

    Rectangles() {
        const CUDA_ARRAY_DESCRIPTOR shape{kWidth, kHeight, CU_AD_FORMAT_UNSIGNED_INT32, 1};
        OK(cuArrayCreate(&array, &shape));
    }
    ~Rectangles() { OK(cuArrayDestroy(array)); }

    void fresh() {
        for (uint32_t i = 0; i < kWidth * kHeight; i++) {
            from.as<uint32_t>()[i] = next++;
            to.as<uint32_t>()[i] = 0;
        }
    }
    bool arrived() const {
        return std::memcmp(from.as<uint32_t>(), to.as<uint32_t>(), kBytes) == 0;
    }

    CUDA_MEMCPY2D rows_to_device() const {
        CUDA_MEMCPY2D rows{};
        rows.srcMemoryType = CU_MEMORYTYPE_HOST;
        rows.srcHost = from.as<void>();
        rows.dstMemoryType = CU_MEMORYTYPE_DEVICE;
        rows.dstDevice = device.data();
        rows.srcPitch = rows.dstPitch = rows.WidthInBytes = kRow;
        rows.Height = kHeight;
        return rows;
    }
    CUDA_MEMCPY2D rows_to_host() const {
        CUDA_MEMCPY2D rows = rows_to_device();
        rows.srcMemoryType = CU_MEMORYTYPE_DEVICE;
        rows.srcHost = nullptr;
        rows.srcDevice = device.data();
        rows.dstMemoryType = CU_MEMORYTYPE_HOST;
        rows.dstDevice = 0;
        rows.dstHost = to.as<void>();
        return rows;
    }
    CUDA_MEMCPY3D planes(const CUDA_MEMCPY2D &rows) const {
        CUDA_MEMCPY3D planes{};
        planes.srcMemoryType = rows.srcMemoryType;
        planes.srcHost = rows.srcHost;
        planes.srcDevice = rows.srcDevice;
        planes.dstMemoryType = rows.dstMemoryType;
        planes.dstHost = rows.dstHost;
        planes.dstDevice = rows.dstDevice;
        planes.srcPitch = planes.dstPitch = planes.WidthInBytes = kRow;
        planes.srcHeight = planes.dstHeight = kHeight / 2;
        planes.Height = kHeight / 2;
        planes.Depth = 2;
        return planes;
    }
};

void rows_and_planes() {
    Rectangles memory;
    for (const Variant &each : using_the_default_stream()) {
        CUDA_MEMCPY2D there = memory.rows_to_device();
        CUDA_MEMCPY2D back = memory.rows_to_host();
        memory.fresh();
        succeeds<PFN_cuMemcpy2D_v3020>("cuMemcpy2D_v2" + each, &there);
        succeeds<PFN_cuMemcpy2DUnaligned_v3020>("cuMemcpy2DUnaligned_v2" + each, &back);
        CHECK(memory.arrived());
        CUDA_MEMCPY3D planes_there = memory.planes(there);
        CUDA_MEMCPY3D planes_back = memory.planes(back);
        memory.fresh();
        succeeds<PFN_cuMemcpy3D_v3020>("cuMemcpy3D_v2" + each, &planes_there);
        succeeds<PFN_cuMemcpy3D_v3020>("cuMemcpy3D_v2" + each, &planes_back);
        CHECK(memory.arrived());
    }
    FreeStream stream;
    for (const Variant &each : taking(stream)) {
        CUDA_MEMCPY2D there = memory.rows_to_device();
        CUDA_MEMCPY2D back = memory.rows_to_host();
        memory.fresh();
        succeeds<PFN_cuMemcpy2DAsync_v3020>("cuMemcpy2DAsync_v2" + each, &there, each.stream);
        succeeds<PFN_cuMemcpy2DAsync_v3020>("cuMemcpy2DAsync_v2" + each, &back, each.stream);
        each.wait();
        CHECK(memory.arrived());
        CUDA_MEMCPY3D planes_there = memory.planes(there);
        CUDA_MEMCPY3D planes_back = memory.planes(back);
        memory.fresh();
        succeeds<PFN_cuMemcpy3DAsync_v3020>("cuMemcpy3DAsync_v2" + each, &planes_there,
                                            each.stream);
        succeeds<PFN_cuMemcpy3DAsync_v3020>("cuMemcpy3DAsync_v2" + each, &planes_back, each.stream);
        each.wait();
        CHECK(memory.arrived());
    }
}

/* One-dimensional pieces of an array; only of one row here. */
void pieces_of_arrays() {
    const CUDA_ARRAY_DESCRIPTOR line{kWidth * kHeight, 0, CU_AD_FORMAT_UNSIGNED_INT32, 1};
    CUarray first = nullptr;
    CUarray second = nullptr;
    Gpu::use();
    OK(cuArrayCreate(&first, &line));
    OK(cuArrayCreate(&second, &line));
    Rectangles memory;
    void *from = memory.from.as<void>();
    void *to = memory.to.as<void>();
    const CUdeviceptr device = memory.device.data();
    for (const Variant &each : using_the_default_stream()) {
        memory.fresh();
        succeeds<PFN_cuMemcpyHtoA_v3020>("cuMemcpyHtoA_v2" + each, first, 0, from, kBytes);
        succeeds<PFN_cuMemcpyAtoA_v3020>("cuMemcpyAtoA_v2" + each, second, 0, first, 0, kBytes);
        succeeds<PFN_cuMemcpyAtoD_v3020>("cuMemcpyAtoD_v2" + each, device, second, 0, kBytes);
        succeeds<PFN_cuMemcpyDtoA_v3020>("cuMemcpyDtoA_v2" + each, first, 0, device, kBytes);
        succeeds<PFN_cuMemcpyAtoH_v3020>("cuMemcpyAtoH_v2" + each, to, first, 0, kBytes);
        CHECK(memory.arrived());
    }
    FreeStream stream;
    for (const Variant &each : taking(stream)) {
        memory.fresh();
        succeeds<PFN_cuMemcpyHtoAAsync_v3020>("cuMemcpyHtoAAsync_v2" + each, first, 0, from, kBytes,
                                              each.stream);
        succeeds<PFN_cuMemcpyAtoHAsync_v3020>("cuMemcpyAtoHAsync_v2" + each, to, first, 0, kBytes,
                                              each.stream);
        each.wait();
        CHECK(memory.arrived());
    }
    OK(cuArrayDestroy(first));
    OK(cuArrayDestroy(second));
}

void mipmaps() {
    Gpu::use();
    const CUDA_ARRAY3D_DESCRIPTOR shape{kWidth, kHeight, 0, CU_AD_FORMAT_UNSIGNED_INT32, 1, 0};
    CUmipmappedArray array = nullptr;
    if (answers<PFN_cuMipmappedArrayCreate_v5000>("cuMipmappedArrayCreate", &array, &shape, 2)) {
        succeeds<PFN_cuMipmappedArrayDestroy_v5000>("cuMipmappedArrayDestroy", array);
    }
}

} // namespace

int main() {
    RUN(rows_and_planes);
    RUN(pieces_of_arrays);
    RUN(mipmaps);
    return finish();
}
