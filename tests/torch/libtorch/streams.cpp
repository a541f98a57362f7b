// TorchStream with PyTorch's own libraries for CUDA, in an executable that interposes the driver, on
// cudasim: PyTorch takes the stream, gives it back, what it launches there is scheduled, and tensors may
// outlive it.
#include <ATen/ATen.h>
#undef CHECK // LibTorch has one, too

#include "../../programs/check.h"

#include <xsched/torch.hpp>
#include <xsched.hpp>

#include <c10/cuda/CUDACachingAllocator.h>

#include <thread>
#include <vector>

namespace {

cudaStream_t current() {
    return c10::cuda::getCurrentCUDAStream().stream();
}

// Nothing has started PyTorch's side of the GPU by then.
void it_may_be_the_first_use_of_cuda() {
    xsched::TorchStream stream(10);
    CHECK(current() == stream.native());
}

void the_stream_has_the_priority_and_is_given_back() {
    const cudaStream_t before = current();
    int least = 0, greatest = 0;
    CHECK(cudaDeviceGetStreamPriorityRange(&least, &greatest) == cudaSuccess);
    CHECK(greatest < least);
    for (const Priority priority : {-1, 0, 1, 10}) {
        xsched::TorchStream outer(priority);
        int driver = 0;
        CHECK(cudaStreamGetPriority(outer.native(), &driver) == cudaSuccess);
        CHECK(driver == xsched::driver_priority(priority, least, greatest));
        {
            xsched::TorchStream inner(2);
            CHECK(current() == inner.native());
        }
        CHECK(current() == outer.native());
    }
    CHECK(current() == before);
}

void a_failure_changes_nothing() {
    const cudaStream_t before = current();
    xsched::TorchStreamOptions options;
    options.level = kPreemptLevelInterrupt;
    bool thrown = false;
    try {
        xsched::TorchStream stream(options);
    } catch (const std::runtime_error &error) {
        std::printf("   %s\n", error.what());
        thrown = true;
    }
    CHECK(thrown);
    CHECK(current() == before);
}

// PyTorch's allocators record an event on each stream on which a tensor was used when it is freed.
void tensors_may_outlive_the_stream() {
    const at::Tensor in = at::arange(1 << 14).to(at::kFloat);
    at::Tensor pinned = at::empty(in.sizes(), at::TensorOptions(at::kFloat).pinned_memory(true));
    at::Tensor noted = at::empty(in.sizes(), at::TensorOptions(at::kFloat).device(at::kCUDA));
    CHECK(pinned.is_pinned());
    cudaStream_t first = nullptr;
    {
        xsched::TorchStream stream(10);
        noted.copy_(in);
        c10::cuda::CUDACachingAllocator::recordStream(noted.storage().data_ptr(),
                                                      c10::cuda::getCurrentCUDAStream());
        pinned.copy_(noted, true);
        first = stream.native();
    }
    CHECK(pinned.equal(in));
    pinned.reset();
    noted.reset();
    // The events are queried for the next tensors.
    pinned = at::empty(in.sizes(), at::TensorOptions(at::kFloat).pinned_memory(true));
    noted = at::empty(in.sizes(), at::TensorOptions(at::kFloat).device(at::kCUDA));
    CHECK(cudaGetLastError() == cudaSuccess);
    xsched::TorchStream next(10);
    CHECK(next.native() == first);
}

// Streams and their memory are used again; the data stay right.
void copies(Priority priority) {
    constexpr int kRounds = 10, kCopies = 20;
    for (int round = 0; round < kRounds; ++round) {
        xsched::TorchStream stream(priority);
        for (int i = 0; i < kCopies; ++i) {
            const at::Tensor in = at::full({1 << 14}, static_cast<float>(priority * 1000 + i));
            at::Tensor out = at::zeros({1 << 14});
            stream.launch([&] { out.copy_(in.to(at::kCUDA)); });
            stream.synchronize();
            CHECK(out.equal(in));
        }
        CHECK(stream.queue().stats().commands == 2 * kCopies);
        c10::cuda::CUDACachingAllocator::emptyCache();
    }
}

void two_threads_with_streams_of_their_own() {
    std::vector<std::thread> threads;
    for (const Priority priority : {1, 10}) {
        threads.emplace_back(copies, priority);
    }
    for (auto &thread : threads) {
        thread.join();
    }
}

} // namespace

int main() {
    xsched::set_scheduler(kSchedulerLocal);
    it_may_be_the_first_use_of_cuda();
    the_stream_has_the_priority_and_is_given_back();
    a_failure_changes_nothing();
    tensors_may_outlive_the_stream();
    two_threads_with_streams_of_their_own();
    return 0;
}
