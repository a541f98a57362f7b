/*
 * What torch.hpp does differently in the builds of LibTorch: on a GPU a driver stream that is
 * PyTorch's current one, without a GPU a stream of the software device. Nothing here is for use by
 * applications.
 *
 * The build is recognised by a header that LibTorch's own build writes for CUDA, or for HIP, alone.
 * Nothing else tells: USE_CUDA and USE_ROCM are compiler flags that a program need not have, and CPU
 * builds install the headers of c10/cuda, too. One of XSCHED_TORCH_CUDA, XSCHED_TORCH_HIP and
 * XSCHED_TORCH_CPU, defined before the first include, overrides it, for example to use a CUDA build
 * of LibTorch for its CPU part.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_TORCH_BACKEND_HPP
#define XSCHED_TORCH_BACKEND_HPP

#if !defined(XSCHED_TORCH_CUDA) && !defined(XSCHED_TORCH_HIP) && !defined(XSCHED_TORCH_CPU)
#if __has_include(<c10/hip/impl/hip_cmake_macros.h>)
#define XSCHED_TORCH_HIP
#elif __has_include(<c10/cuda/impl/cuda_cmake_macros.h>)
#define XSCHED_TORCH_CUDA
#else
#define XSCHED_TORCH_CPU
#endif
#endif

#include <exception>
#include <string>
#include <utility>

#include "../xsched.h"
#include "detail.hpp"
#include "driver_priority.hpp"
#include "error.hpp"
#include "host.hpp"

// The two runtimes differ in a prefix. A failing call throws.
#if defined(XSCHED_TORCH_CUDA)
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#define XSCHED_GPU(name) cuda##name
#define XSCHED_GPU_CALL(name, ...) check_driver(cuda##name(__VA_ARGS__), "cuda" #name)
#elif defined(XSCHED_TORCH_HIP)
#include <c10/hip/HIPStream.h>
#include <hip/hip_runtime_api.h>
#define XSCHED_GPU(name) hip##name
#define XSCHED_GPU_CALL(name, ...) check_driver(hip##name(__VA_ARGS__), "hip" #name)
#endif

#ifdef XSCHED_GPU
#include <c10/core/DeviceGuard.h>
#include <c10/core/StreamGuard.h>

#include "torch_stream_pool.hpp"

// A ROCm build of LibTorch has its streams in the second up to 2.10, in the first from 2.11 on.
namespace c10::cuda {}
namespace c10::hip {}
#endif

namespace xsched {

namespace detail {

#ifdef XSCHED_GPU

/// A non-blocking stream, and this thread's current stream in PyTorch for as long as this lives.
/// The order of the members is the point: the scheduler forgets the stream, PyTorch leaves it, and
/// then the next one may have it; and whatever throws on the way, what was made before is undone.
class TorchBackend {
  public:
    using Native = XSCHED_GPU(Stream_t);

    TorchBackend(int device, Priority priority)
        : stream_(device, priority), current_(torch_stream(stream_.native, stream_.device)) {}

    Native native() const noexcept { return stream_.native; }
    /// The stream as the scheduler knows it.
    HwQueueHandle adopt() { return adopted_.adopt(stream_.native); }

    template <class F>
    void launch(F &&work) {
        std::forward<F>(work)();
    }

    void synchronize() { XSCHED_GPU_CALL(StreamSynchronize, stream_.native); }

  private:
    static void check_driver(XSCHED_GPU(Error_t) result, const char *call) {
        if (result != XSCHED_GPU(Success)) {
            (void)XSCHED_GPU(GetLastError)(); // or PyTorch blames its next kernel for it
            throw Error(kXSchedErrorHardware, (std::string("TorchStream: ") + call + ": " +
                                               XSCHED_GPU(GetErrorString)(result))
                                                  .c_str());
        }
    }

    /// PyTorch calls ROCm's devices CUDA, too.
    static c10::Device torch_device(int device) {
        return c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(device));
    }
    /// PyTorch's name for a stream that it did not make.
    static c10::Stream torch_stream(Native native, int device) {
        using namespace c10::cuda;
        using namespace c10::hip;
        const auto stream = getStreamFromExternal(native, static_cast<c10::DeviceIndex>(device));
        return c10::Stream(c10::Stream::UNSAFE, torch_device(device), stream.id());
    }

    class DriverStream {
      public:
        DriverStream(int on, Priority priority)
            : device(existing(on)), native(pooled(device, priority)) {}
        /// A stream that cannot be waited for, say in the middle of a capture, nobody gets again.
        ~DriverStream() {
            if (XSCHED_GPU(StreamSynchronize)(native) == XSCHED_GPU(Success)) {
                Pool::instance().give_back(native);
            }
        }
        DriverStream(const DriverStream &) = delete;
        DriverStream &operator=(const DriverStream &) = delete;

        const int device;
        const Native native;

      private:
        using Pool = TorchStreamPool<Native>;

        static Native pooled(int device, Priority priority) {
            const c10::DeviceGuard guard(torch_device(device));
            int least = 0, greatest = 0;
            XSCHED_GPU_CALL(DeviceGetStreamPriorityRange, &least, &greatest);
            const int drivers = driver_priority(priority, least, greatest);
            Native native = Pool::instance().take(device, drivers);
            if (native == nullptr) {
                XSCHED_GPU_CALL(StreamCreateWithPriority, &native, XSCHED_GPU(StreamNonBlocking),
                                drivers);
                Pool::instance().add(native, device, drivers);
            }
            return native;
        }
        /// A negative number is the current device.
        static int existing(int device) {
            int count = 0;
            XSCHED_GPU_CALL(GetDeviceCount, &count);
            if (device < 0) {
                XSCHED_GPU_CALL(GetDevice, &device);
            }
            if (device >= count) {
                throw Error(kXSchedErrorInvalidValue,
                            ("TorchStream: there is no device " + std::to_string(device)).c_str());
            }
            return device;
        }
    };

    class AdoptedStream : public Owner<HwQueueDestroy> {
      public:
        AdoptedStream() noexcept : Owner(0) {}
        HwQueueHandle adopt(Native stream) {
#ifdef XSCHED_TORCH_CUDA
            check(replace([=](HwQueueHandle *hwq) { return CudaQueueCreate(hwq, stream); }));
#else
            check(replace([=](HwQueueHandle *hwq) { return HipQueueCreate(hwq, stream); }));
#endif
            return handle();
        }
    };

    DriverStream stream_;
    c10::StreamGuard current_;
    AdoptedStream adopted_;
};

#undef XSCHED_GPU_CALL
#undef XSCHED_GPU

#else

/// A stream of the software device; what is launched becomes one command of it.
class TorchBackend {
  public:
    using Native = HwQueueHandle;

    TorchBackend(int /* there is one device */, Priority priority)
        : stream_(priority < PRIORITY_MIN ? PRIORITY_MIN : priority) {}

    Native native() const noexcept { return stream_.handle(); }
    HwQueueHandle adopt() noexcept { return stream_.handle(); }

    template <class F>
    void launch(F &&work) {
        stream_.launch([this, work = std::forward<F>(work)]() mutable noexcept {
            try {
                work();
            } catch (...) {
                failure_ = failure_ ? failure_ : std::current_exception();
            }
        });
    }

    void synchronize() {
        stream_.synchronize();
        if (failure_) {
            std::rethrow_exception(std::exchange(failure_, nullptr));
        }
    }

  private:
    std::exception_ptr failure_; // written by the commands, one after the other
    HostStream stream_;          // last: its commands use what is above
};

#endif

} // namespace detail
} // namespace xsched

#endif
