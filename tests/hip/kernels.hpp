/*
 * The kernels of the test programs. They are host functions that the stand-in runtime runs on its
 * device; a static constructor registers them through the entry points that compilers emit calls of.
 *
 * The most used is "append": operation number `index` on a ledger. The ledger's stamp must be `index`
 * then, so that one operation too many, too few or out of order is a violation wherever it happens.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"

#include <atomic>
#include <vector>

enum Kernel : unsigned {
    kAppend, /* Ledger::Page *page, uint32_t index: see above */
    kWork,  /* Ledger::Page *page, uint32_t index, uint32_t us: occupies the device, then appends */
    kFill,  /* uint32_t *words, uint32_t count, uint32_t value: sets them */
    kAdd,   /* uint32_t *words, uint32_t count, uint32_t value: adds to each */
    kBlock, /* std::atomic<uint32_t> *open: occupies the device until it is not 0 */
    kKernelCount,
};

extern const hipsim_kernel kernels[kKernelCount];
extern const hipsim_image image; /* the kernels, and the variable "table" */

/* The host's shadow of the device variable "table", the key of the ...Symbol functions. */
constexpr unsigned kTableWords = 16;
extern uint32_t table[kTableWords];

/* What the compiler passes as a kernel's address. */
inline const void *host_function(Kernel kernel) {
    return &kernels[kernel];
}

/* `kernel<<<1, 64, 0, stream>>>(arguments...)` */
template <typename... Arguments>
hipError_t launch(Kernel kernel, hipStream_t stream, Arguments... arguments) {
    void *addresses[] = {&arguments...};
    return hipLaunchKernel(host_function(kernel), dim3(1), dim3(64), addresses, 0, stream);
}

/* A stream for the length of a test. */
class Stream {
  public:
    explicit Stream(unsigned flags = hipStreamDefault) {
        OK(hipStreamCreateWithFlags(&stream_, flags));
    }
    ~Stream() { OK(hipStreamDestroy(stream_)); }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    operator hipStream_t() const { return stream_; }

  private:
    hipStream_t stream_ = nullptr;
};

/* Numbered operations on memory that host and device share. */
class Ledger {
  public:
    using StreamHandle = hipStream_t;

    struct Page {
        std::atomic<uint32_t> count;
        uint32_t entries[4095];
    };

    Ledger() {
        OK(hipHostMalloc(reinterpret_cast<void **>(&page_), sizeof(Page), hipHostMallocDefault));
        std::memset(static_cast<void *>(page_), 0, sizeof(Page));
    }
    ~Ledger() { OK(hipHostFree(page_)); }
    Ledger(const Ledger &) = delete;
    Ledger &operator=(const Ledger &) = delete;

    /* The next operation, in this stream. */
    void append(hipStream_t stream) { OK(launch(kAppend, stream, page_, next_++)); }
    void work(hipStream_t stream, uint32_t us) { OK(launch(kWork, stream, page_, next_++, us)); }

    static void use_device() {} /* every thread can */
    static void synchronize(hipStream_t stream) { OK(hipStreamSynchronize(stream)); }

    /* For operations that are put into a stream in another way. */
    Page *page() const { return page_; }
    uint32_t take_index() { return next_++; }
    uint32_t launched() const { return next_; }

    /* How many operations the device has done. */
    uint32_t count() const { return page_->count.load(); }

    /* All operations so far are done, each once and in order; to be asked when that is promised. */
    bool complete() const {
        if (count() != next_) {
            return false;
        }
        for (uint32_t i = 0; i < next_; i++) {
            if (page_->entries[i] != i) {
                return false;
            }
        }
        return true;
    }

  private:
    Page *page_ = nullptr;
    uint32_t next_ = 0;
};

/* Keeps the device, or one hardware queue of it, from going on until it is opened. */
class Blocker {
  public:
    Blocker() {
        OK(hipHostMalloc(reinterpret_cast<void **>(&open_), sizeof *open_, hipHostMallocDefault));
        open_->store(0);
    }
    ~Blocker() { OK(hipHostFree(open_)); }
    Blocker(const Blocker &) = delete;
    Blocker &operator=(const Blocker &) = delete;

    void block(hipStream_t stream) { OK(launch(kBlock, stream, open_)); }
    void open() { open_->store(1); }
    void close() { open_->store(0); }

  private:
    std::atomic<uint32_t> *open_ = nullptr;
};

/* Words of device memory. */
class Words {
  public:
    explicit Words(uint32_t count) : count_(count) {
        OK(hipMalloc(reinterpret_cast<void **>(&data_), bytes()));
    }
    ~Words() { OK(hipFree(data_)); }
    Words(const Words &) = delete;
    Words &operator=(const Words &) = delete;

    uint32_t *data() const { return data_; }
    uint32_t count() const { return count_; }
    size_t bytes() const { return count_ * sizeof(uint32_t); }

    std::vector<uint32_t> read() const {
        std::vector<uint32_t> words(count_);
        OK(hipMemcpy(words.data(), data_, bytes(), hipMemcpyDeviceToHost));
        return words;
    }
    bool all(uint32_t value) const {
        for (uint32_t word : read()) {
            if (word != value) {
                return false;
            }
        }
        return true;
    }

  private:
    uint32_t *data_ = nullptr;
    uint32_t count_;
};
