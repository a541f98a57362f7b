/*
 * Every copy between host and device: each moves a value that nothing moved before, so one that does
 * nothing, or does it before the source was filled, is seen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* A block of memory, and the same seen as a rectangle and as a cuboid. */
constexpr uint32_t kWords = 64;
constexpr size_t kBytes = kWords * sizeof(uint32_t);
constexpr size_t kWidth = 64;
constexpr size_t kHeight = 4;
constexpr hipExtent kExtent = {64, 2, 2};

hipPitchedPtr pitched(void *memory) {
    return {memory, kWidth, kWidth, 2};
}

/* Each method fills the source, lets `copy(to, from)` do its work and checks the destination. */
class Copies {
  public:
    template <typename Copy>
    void device_to_device(Copy copy) {
        refill_device();
        if (copy(to_.data(), from_.data())) {
            OK(hipDeviceSynchronize());
            CHECK(to_.all(value_));
        }
    }
    template <typename Copy>
    void device_to_host(Copy copy) {
        refill_device();
        if (copy(host_.data(), from_.data())) {
            OK(hipDeviceSynchronize());
            CHECK(host_ == std::vector<uint32_t>(kWords, value_));
        }
    }
    template <typename Copy>
    void host_to_device(Copy copy) {
        value_++;
        host_.assign(kWords, value_);
        if (copy(to_.data(), host_.data())) {
            OK(hipDeviceSynchronize());
            CHECK(to_.all(value_));
        }
    }

  private:
    /* In the null stream, without waiting for it: the copy has to. */
    void refill_device() {
        value_++;
        OK(launch(kFill, nullptr, from_.data(), kWords, value_));
    }

    Words from_{kWords};
    Words to_{kWords};
    std::vector<uint32_t> host_ = std::vector<uint32_t>(kWords);
    uint32_t value_ = 0;
};

void in_the_null_stream() {
    Copies copies;
    copies.device_to_host([](void *to, void *from) {
        return SUCCEEDS(hipMemcpy)(to, from, kBytes, hipMemcpyDeviceToHost);
    });
    copies.host_to_device(
        [](void *to, void *from) { return SUCCEEDS(hipMemcpyHtoD)(to, from, kBytes); });
    copies.device_to_host(
        [](void *to, void *from) { return SUCCEEDS(hipMemcpyDtoH)(to, from, kBytes); });
    copies.device_to_device(
        [](void *to, void *from) { return SUCCEEDS(hipMemcpyDtoD)(to, from, kBytes); });
    copies.device_to_device(
        [](void *to, void *from) { return SUCCEEDS(hipMemcpyPeer)(to, 0, from, 0, kBytes); });
    copies.device_to_host([](void *to, void *from) {
        return SUCCEEDS(hipMemcpy2D)(to, kWidth, from, kWidth, kWidth, kHeight,
                                     hipMemcpyDeviceToHost);
    });
    copies.device_to_device([](void *to, void *from) {
        hipMemcpy3DParms params{};
        params.srcPtr = pitched(from);
        params.dstPtr = pitched(to);
        params.extent = kExtent;
        params.kind = hipMemcpyDeviceToDevice;
        return SUCCEEDS(hipMemcpy3D)(&params);
    });
    copies.device_to_device([](void *to, void *from) {
        hipMemcpy3DPeerParms params{};
        params.srcPtr = pitched(from);
        params.dstPtr = pitched(to);
        params.extent = kExtent;
        return SUCCEEDS(hipMemcpy3DPeer)(&params);
    });
}

void in_a_stream() {
    Stream stream;
    Copies copies;
    copies.host_to_device([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpyAsync)(to, from, kBytes, hipMemcpyHostToDevice, stream);
    });
    copies.device_to_host([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpyWithStream)(to, from, kBytes, hipMemcpyDeviceToHost, stream);
    });
    copies.host_to_device([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpyHtoDAsync)(to, from, kBytes, stream);
    });
    copies.device_to_host([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpyDtoHAsync)(to, from, kBytes, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpyDtoDAsync)(to, from, kBytes, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpyPeerAsync)(to, 0, from, 0, kBytes, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        return SUCCEEDS(hipMemcpy2DAsync)(to, kWidth, from, kWidth, kWidth, kHeight,
                                          hipMemcpyDeviceToDevice, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        hipMemcpy3DParms params{};
        params.srcPtr = pitched(from);
        params.dstPtr = pitched(to);
        params.extent = kExtent;
        params.kind = hipMemcpyDeviceToDevice;
        return SUCCEEDS(hipMemcpy3DAsync)(&params, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        hipMemcpy3DPeerParms params{};
        params.srcPtr = pitched(from);
        params.dstPtr = pitched(to);
        params.extent = kExtent;
        return SUCCEEDS(hipMemcpy3DPeerAsync)(&params, stream);
    });
}

void in_batches() {
    Stream stream;
    Copies copies;
    copies.device_to_device([&](void *to, void *from) {
        size_t bytes = kBytes;
        size_t attributes_from = 0;
        size_t failed = 0;
        hipMemcpyAttributes attributes{};
        attributes.srcAccessOrder = hipMemcpySrcAccessOrderStream;
        return SUCCEEDS(hipMemcpyBatchAsync)(&to, &from, &bytes, 1, &attributes, &attributes_from,
                                             1, &failed, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        size_t failed = 0;
        hipMemcpy3DBatchOp copy{};
        copy.src.type = hipMemcpyOperandTypePointer;
        copy.src.op.ptr = {from, 0, 0, {hipMemLocationTypeDevice, 0}};
        copy.dst.type = hipMemcpyOperandTypePointer;
        copy.dst.op.ptr = {to, 0, 0, {hipMemLocationTypeDevice, 0}};
        copy.extent = {kBytes, 1, 1};
        copy.srcAccessOrder = hipMemcpySrcAccessOrderStream;
        return SUCCEEDS(hipMemcpy3DBatchAsync)(1, &copy, &failed, 0, stream);
    });
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    Copies copies;
    copies.device_to_host([](void *to, void *from) {
        return SUCCEEDS(hipMemcpy_spt)(to, from, kBytes, hipMemcpyDeviceToHost);
    });
    copies.host_to_device([](void *to, void *from) {
        return SUCCEEDS(hipMemcpyAsync_spt)(to, from, kBytes, hipMemcpyHostToDevice, nullptr);
    });
    copies.device_to_host([](void *to, void *from) {
        return SUCCEEDS(hipMemcpy2D_spt)(to, kWidth, from, kWidth, kWidth, kHeight,
                                         hipMemcpyDeviceToHost);
    });
    copies.device_to_device([](void *to, void *from) {
        return SUCCEEDS(hipMemcpy2DAsync_spt)(to, kWidth, from, kWidth, kWidth, kHeight,
                                              hipMemcpyDeviceToDevice, nullptr);
    });
    const auto cuboid = [](void *to, void *from) {
        hipMemcpy3DParms params{};
        params.srcPtr = pitched(from);
        params.dstPtr = pitched(to);
        params.extent = kExtent;
        params.kind = hipMemcpyDeviceToDevice;
        return params;
    };
    copies.device_to_device([&](void *to, void *from) {
        const hipMemcpy3DParms params = cuboid(to, from);
        return SUCCEEDS(hipMemcpy3D_spt)(&params);
    });
    copies.device_to_device([&](void *to, void *from) {
        const hipMemcpy3DParms params = cuboid(to, from);
        return SUCCEEDS(hipMemcpy3DAsync_spt)(&params, nullptr);
    });
}

/* The driver's structures and enumerations were others before ROCm 6. */
void of_the_driver_api() {
    int version = 0;
    OK(hipRuntimeGetVersion(&version));
    if (version < 60000000) {
        REFUSED(hipMemcpyParam2D)(nullptr);
        REFUSED(hipMemcpyParam2DAsync)(nullptr, nullptr);
        REFUSED(hipDrvMemcpy2DUnaligned)(nullptr);
        REFUSED(hipDrvMemcpy3D)(nullptr);
        REFUSED(hipDrvMemcpy3DAsync)(nullptr, nullptr);
        return;
    }
    Stream stream;
    Copies copies;
    const auto rectangle = [](void *to, void *from) {
        hip_Memcpy2D params{};
        params.srcMemoryType = params.dstMemoryType = hipMemoryTypeDevice;
        params.srcDevice = from;
        params.dstDevice = to;
        params.srcPitch = params.dstPitch = params.WidthInBytes = kWidth;
        params.Height = kHeight;
        return params;
    };
    copies.device_to_device([&](void *to, void *from) {
        const hip_Memcpy2D params = rectangle(to, from);
        return SUCCEEDS(hipMemcpyParam2D)(&params);
    });
    copies.device_to_device([&](void *to, void *from) {
        const hip_Memcpy2D params = rectangle(to, from);
        return SUCCEEDS(hipMemcpyParam2DAsync)(&params, stream);
    });
    copies.device_to_device([&](void *to, void *from) {
        const hip_Memcpy2D params = rectangle(to, from);
        return SUCCEEDS(hipDrvMemcpy2DUnaligned)(&params);
    });
    const auto cuboid = [](void *to, void *from) {
        HIP_MEMCPY3D params{};
        params.srcMemoryType = params.dstMemoryType = hipMemoryTypeDevice;
        params.srcDevice = from;
        params.dstDevice = to;
        params.srcPitch = params.dstPitch = params.WidthInBytes = kExtent.width;
        params.srcHeight = params.dstHeight = params.Height = kExtent.height;
        params.Depth = kExtent.depth;
        return params;
    };
    copies.device_to_device([&](void *to, void *from) {
        const HIP_MEMCPY3D params = cuboid(to, from);
        return SUCCEEDS(hipDrvMemcpy3D)(&params);
    });
    copies.device_to_device([&](void *to, void *from) {
        const HIP_MEMCPY3D params = cuboid(to, from);
        return SUCCEEDS(hipDrvMemcpy3DAsync)(&params, stream);
    });
}

} // namespace

int main() {
    RUN(in_the_null_stream);
    RUN(in_a_stream);
    RUN(in_batches);
    RUN(per_thread_default_stream);
    RUN(of_the_driver_api);
    return finish();
}
