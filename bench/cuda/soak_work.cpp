#include "soak_work.hpp"

namespace {

constexpr double kSpin_us = 10;

void fold(uint64_t &digest, uint32_t value) {
    digest = (digest ^ value) * 1099511628211u; // FNV-1a, a word at a time
}

class Steady final : public Rounds {
  public:
    Steady(const Device &device, uint32_t seed) : Rounds(device, seed), queue_(stream_, 1) {}

    void round(uint32_t number) override {
        work_.begin(stream_);
        for (uint32_t part = 0; part < Work::kParts; part++) {
            work_.part(stream_, number, part);
        }
        work_.read(stream_);
        stream_.synchronize();
    }
    void set_priority(Priority priority) override { queue_.set_priority(priority); }

  private:
    const Stream stream_;
    const Queue queue_;
};

class Churn final : public Rounds {
  public:
    using Rounds::Rounds;

    void round(uint32_t number) override {
        const Stream stream;
        const Queue queue(stream, static_cast<Priority>(number % 11));
        work_.begin(stream);
        for (uint32_t part = 0; part < Work::kParts; part++) {
            work_.part(stream, number, part);
        }
        work_.read(stream);
        stream.synchronize();
    }
};

class Captured final : public Rounds {
  public:
    Captured(const Device &device, uint32_t seed) : Rounds(device, seed), queue_(stream_, 5) {}

    void round(uint32_t number) override {
        CUgraph graph = nullptr;
        CUgraphExec replayable = nullptr;
        CU_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        work_.begin(stream_);
        for (uint32_t part = 0; part < Work::kParts; part++) {
            work_.part(stream_, number, part);
        }
        CU_OK(cuStreamEndCapture(stream_, &graph));
        CU_OK(cuGraphInstantiate(&replayable, graph, 0));
        CU_OK(cuGraphLaunch(replayable, stream_));
        work_.read(stream_);
        stream_.synchronize();
        CU_OK(cuGraphExecDestroy(replayable));
        CU_OK(cuGraphDestroy(graph));
    }

  private:
    const Stream stream_;
    const Queue queue_;
};

class TwoStreams final : public Rounds {
  public:
    TwoStreams(const Device &device, uint32_t seed)
        : Rounds(device, seed), low_queue_(low_, 2), high_queue_(high_, 8) {
        CU_OK(cuEventCreate(&event_, CU_EVENT_DISABLE_TIMING));
    }
    ~TwoStreams() override { CU_OK(cuEventDestroy(event_)); }

    void round(uint32_t number) override {
        work_.begin(low_);
        for (uint32_t part = 0; part < Work::kParts; part++) {
            const Stream &before = part % 2 ? high_ : low_, &now = part % 2 ? low_ : high_;
            CU_OK(cuEventRecord(event_, before));
            CU_OK(cuStreamWaitEvent(now, event_, CU_EVENT_WAIT_DEFAULT));
            work_.part(now, number, part);
        }
        static_assert(Work::kParts % 2 == 0, "the last part is in the low stream");
        work_.read(low_);
        low_.synchronize();
    }

  private:
    const Stream low_, high_;
    const Queue low_queue_, high_queue_;
    CUevent event_ = nullptr;
};

} // namespace

Work::Work(const Device &device, uint32_t seed) : device_(device), seed_(seed * 1000003u) {
    CU_OK(cuMemAllocHost(reinterpret_cast<void **>(&read_),
                         (kWords + kParts + 1) * sizeof(uint32_t)));
}

Work::~Work() {
    CU_OK(cuMemFreeHost(read_));
}

void Work::begin(CUstream stream) {
    CU_OK(cuMemsetD32Async(ledger_.address(), 0, kParts + 1, stream));
}

void Work::part(CUstream stream, uint32_t round, uint32_t part) {
    const Kernels &kernels = device_.kernels();
    device_.launch(stream, kSpin_us);
    CU_OK(kernels.append_u32(stream, ledger_.address(), value(round, part)));
    CU_OK(kernels.add_u32(stream, words_.address(), value(round, part), kWords, 4));
    sum_ += value(round, part);
}

void Work::read(CUstream stream) {
    CU_OK(cuMemcpyDtoHAsync(read_, words_.address(), kWords * sizeof(uint32_t), stream));
    CU_OK(cuMemcpyDtoHAsync(read_ + kWords, ledger_.address(), (kParts + 1) * sizeof(uint32_t),
                            stream));
}

bool Work::check(uint32_t round) {
    bool right = true;
    for (uint32_t i = 0; i < kWords; i++) {
        right &= read_[i] == sum_;
        fold(digest_, read_[i]);
    }
    const uint32_t *ledger = read_ + kWords;
    right &= ledger[0] == kParts;
    fold(digest_, ledger[0]);
    for (uint32_t part = 0; part < kParts; part++) {
        right &= ledger[1 + part] == value(round, part);
        fold(digest_, ledger[1 + part]);
    }
    return right;
}

std::unique_ptr<Rounds> make_rounds(const std::string &way, const Device &device, uint32_t seed) {
    if (way == "churn") {
        return std::make_unique<Churn>(device, seed);
    }
    if (way == "graph") {
        return std::make_unique<Captured>(device, seed);
    }
    if (way == "two streams") {
        return std::make_unique<TwoStreams>(device, seed);
    }
    return std::make_unique<Steady>(device, seed);
}
