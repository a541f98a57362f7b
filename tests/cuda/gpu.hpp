/*
 * The device that the test programs use, and what they put on it: streams, memory, and operations that
 * tell in which order they ran.
 *
 * The most used is "append": operation number `index` writes its number behind the earlier ones in the
 * list that is its ledger. So one operation too many, too few or out of order is seen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"
#include "kernels.hpp"

#include <atomic>
#include <memory>
#include <vector>

/* The first device, its primary context and the kernels in it. */
class Gpu {
  public:
    /* For the calling thread; the first caller initialises the driver. */
    static const Gpu &use() {
        static const Gpu &gpu = *new Gpu; /* for ever: static destructors use the device, too */
        OK(cuCtxSetCurrent(gpu.context));
        return gpu;
    }

    CUdevice device = 0;
    CUcontext context = nullptr;
    Kernels kernels;

  private:
    Gpu() {
        OK(cuInit(0));
        OK(cuDeviceGet(&device, 0));
        OK(cuDevicePrimaryCtxRetain(&context, device));
        OK(cuCtxSetCurrent(context));
        OK(kernels.load());
    }
};

/* A thread that uses it. */
template <typename Body>
std::thread on_gpu(Body body) {
    return std::thread([body] {
        Gpu::use();
        body();
    });
}

/* Of what follows nothing is checked when it is destroyed: in a context that has failed the driver refuses. */

/* A stream for the length of a test. */
class Stream {
  public:
    explicit Stream(unsigned flags = CU_STREAM_DEFAULT) {
        Gpu::use();
        OK(cuStreamCreate(&stream_, flags));
    }
    ~Stream() { static_cast<void>(cuStreamDestroy(stream_)); }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    operator CUstream() const { return stream_; }

  private:
    CUstream stream_ = nullptr;
};

/* One that waits for no other, so that its queue may have the device gate. */
struct FreeStream : Stream {
    FreeStream() : Stream(CU_STREAM_NON_BLOCKING) {}
};

class Event {
  public:
    explicit Event(unsigned flags = CU_EVENT_DISABLE_TIMING) {
        Gpu::use();
        OK(cuEventCreate(&event_, flags));
    }
    ~Event() { static_cast<void>(cuEventDestroy(event_)); }
    Event(const Event &) = delete;
    Event &operator=(const Event &) = delete;
    operator CUevent() const { return event_; }

  private:
    CUevent event_ = nullptr;
};

/* Memory that host and device share, zeroed, in any context. */
class SharedMemory {
  public:
    explicit SharedMemory(size_t bytes) {
        CUcontext current = nullptr;
        if (cuCtxGetCurrent(&current) != CUDA_SUCCESS || current == nullptr) {
            Gpu::use();
        }
        OK(cuMemHostAlloc(&host_, bytes, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP));
        OK(cuMemHostGetDevicePointer(&device_, host_, 0));
        std::memset(host_, 0, bytes);
    }
    ~SharedMemory() { static_cast<void>(cuMemFreeHost(host_)); }
    SharedMemory(const SharedMemory &) = delete;
    SharedMemory &operator=(const SharedMemory &) = delete;

    template <typename T>
    T *as() const {
        return static_cast<T *>(host_);
    }
    CUdeviceptr device() const { return device_; }

  private:
    void *host_ = nullptr;
    CUdeviceptr device_ = 0;
};

/* Numbered operations on memory that host and device share. */
class Ledger {
  public:
    using StreamHandle = CUstream;

    static constexpr uint32_t kMost = 8000;

    Ledger() : Ledger(Gpu::use().kernels) {}
    /* With the kernels of the calling thread's context. */
    explicit Ledger(const Kernels &kernels) : kernels_(kernels) {}

    static void use_device() { Gpu::use(); }
    static void synchronize(CUstream stream) { OK(cuStreamSynchronize(stream)); }

    /* The next operation, in this stream. */
    CUresult try_append(CUstream stream) {
        return kernels_.append_u32(stream, words(), take_index());
    }
    void append(CUstream stream) { OK(try_append(stream)); }

    /* The same, on a device that is busy for so long before. */
    void work(CUstream stream, uint32_t us) {
        OK(kernels_.spin_ns(stream, us * uint64_t{1000}));
        append(stream);
    }

    /* For operations that are put into a stream in another way: what append_u32 takes. */
    CUdeviceptr words() const { return memory_.device(); }
    uint32_t take_index() {
        CHECK(next_ < kMost);
        return next_++;
    }
    /* The last operation was refused. */
    void untake_index() { next_--; }
    uint32_t launched() const { return next_; }
    const Kernels &kernels() const { return kernels_; }

    /* How many operations the device has done. */
    uint32_t count() const { return page().count.load(); }

    /* All operations so far are done, each once and in order; to be asked when that is promised. */
    bool complete() const {
        if (count() != next_) {
            return false;
        }
        for (uint32_t i = 0; i < next_; i++) {
            if (page().entries[i] != i) {
                return false;
            }
        }
        return true;
    }

  private:
    struct Page {
        std::atomic<uint32_t> count;
        uint32_t entries[kMost + 1];
    };
    const Page &page() const { return *memory_.as<Page>(); }

    const Kernels &kernels_;
    SharedMemory memory_{sizeof(Page)};
    uint32_t next_ = 0;
};

/* The parameters of a ledger's next operation, for calls that take them themselves. */
class AppendArguments {
  public:
    explicit AppendArguments(Ledger &ledger) : block_{ledger.words(), ledger.take_index()} {}
    AppendArguments(const AppendArguments &) = delete;
    AppendArguments &operator=(const AppendArguments &) = delete;

    void **addresses() { return addresses_; }
    void **extra() { return extra_; }

  private:
    struct {
        CUdeviceptr words;
        uint32_t index;
    } block_;
    size_t bytes_ = sizeof(CUdeviceptr) + sizeof(uint32_t); /* without padding at the end */
    void *addresses_[2] = {&block_.words, &block_.index};
    void *extra_[5] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &block_, CU_LAUNCH_PARAM_BUFFER_SIZE,
                       &bytes_, CU_LAUNCH_PARAM_END};
};

/* Keeps a stream from going on until it is opened. */
class Blocker {
  public:
    void block(CUstream stream) { OK(Gpu::use().kernels.block_u32(stream, memory_.device())); }
    void open() { word().store(1); }
    void close() { word().store(0); }

  private:
    std::atomic<uint32_t> &word() { return *memory_.as<std::atomic<uint32_t>>(); }

    SharedMemory memory_{sizeof(uint32_t)};
};

/* Words of device memory, all 0. */
class Words {
  public:
    explicit Words(uint32_t count) : count_(count) {
        Gpu::use();
        OK(cuMemAlloc(&data_, bytes()));
        OK(cuMemsetD32(data_, 0, count_));
        OK(cuStreamSynchronize(
            CU_STREAM_LEGACY)); /* streams that do not wait for it see them, too */
    }
    ~Words() { static_cast<void>(cuMemFree(data_)); }
    Words(const Words &) = delete;
    Words &operator=(const Words &) = delete;

    CUdeviceptr data() const { return data_; }
    uint32_t count() const { return count_; }
    size_t bytes() const { return count_ * sizeof(uint32_t); }

    std::vector<uint32_t> read() const {
        std::vector<uint32_t> words(count_);
        OK(cuMemcpyDtoH(words.data(), data_, bytes()));
        return words;
    }
    void write(const std::vector<uint32_t> &words) const {
        CHECK(words.size() == count_);
        OK(cuMemcpyHtoD(data_, words.data(), bytes()));
    }
    bool all(uint32_t value) const { return read() == std::vector<uint32_t>(count_, value); }
    void add(CUstream stream, uint32_t value) const {
        OK(Gpu::use().kernels.add_u32(stream, data_, value, count_));
    }

  private:
    CUdeviceptr data_ = 0;
    uint32_t count_;
};
