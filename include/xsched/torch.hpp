/*
 * torch.hpp: one line gives the calling thread of a LibTorch program a stream of its own, with the
 * hardware priority that goes with its priority, and a queue on it.
 *
 *     xsched::set_scheduler(kSchedulerLocal);   // once; or XSCHED_SCHEDULER=LCL
 *
 *     void serve() {                            // a thread
 *         xsched::TorchStream stream(10);       // PyTorch's current stream in this scope
 *         while (...) {
 *             stream.launch([&] { output = model.forward(input); });
 *             stream.synchronize();             // the request is over: others may go on
 *         }
 *     }
 *
 * For CUDA, ROCm and CPU builds of LibTorch 2; torch_backend.hpp says how they are told apart. With
 * a GPU, what PyTorch launches from this thread goes to the stream, with or without launch(), which
 * then is a plain call. It is scheduled if libxsched stands in front of the driver: by linking
 * xsched::cuda or xsched::hip, or by a preload. Without a GPU the stream is one of the software
 * device, and what launch() is given is one command of it.
 *
 * Threads. PyTorch's current stream is a property of a thread. Create, use and destroy a TorchStream
 * on one thread, and nest it with other stream guards as scopes nest. queue() may be used by any.
 *
 * Errors. A constructor that fails throws and undoes what it did: xsched::Error, which is a
 * std::runtime_error, with the message of libxsched or of the driver. What PyTorch throws passes.
 *
 * Destruction waits for everything launched, resumes the queue for that, and then takes apart in the
 * reverse order: queue, stream of the scheduler, current stream. The driver stream itself stays, for
 * the next TorchStream of the same device and hardware priority: the process keeps as many as were in
 * use at once. So tensors may outlive the TorchStream, pinned ones and those of record_stream() too,
 * and PyTorch finds the memory and the cuBLAS workspace again that it keeps for each stream.
 *
 * Keep it nevertheless: destruction waits for the stream, and a new queue starts with empty
 * statistics. What native() returned is not to be used afterwards, it may be another one's stream.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_TORCH_HPP
#define XSCHED_TORCH_HPP

#include <cstdint>
#include <utility>

#include "queue.hpp"
#include "torch_backend.hpp"

namespace xsched {

struct TorchStreamOptions {
    /// For the scheduler, see XHintPriority, and for the hardware, see driver_priority.
    Priority priority = PRIORITY_DEFAULT;
    /// False: the stream has the driver's default priority, whatever `priority` is.
    bool hardware_priority = true;
    /// False: no queue, the stream is not scheduled. To compare with, or to switch off.
    bool with_queue = true;
    XPreemptLevel level = kPreemptLevelBlock;
    /// Most commands in flight, and commands between two completion markers. Zero: automatic.
    std::int64_t threshold = 0;
    std::int64_t batch_size = 0;
    /// The GPU by PyTorch's number; negative: the current one.
    int device = -1;
    /// In log lines and traces; nullptr: none.
    const char *name = nullptr;
};

class TorchStream {
  public:
    explicit TorchStream(Priority priority) : TorchStream(of_priority(priority)) {}

    explicit TorchStream(const TorchStreamOptions &options)
        : stream_(options.device, options.hardware_priority ? options.priority : PRIORITY_DEFAULT),
          queue_(nullptr) {
        if (options.with_queue) {
            queue_ = Queue(stream_.adopt(), options.level);
            queue_.set_priority(options.priority);
            queue_.set_launch_config(options.threshold, options.batch_size);
            if (options.name != nullptr) {
                queue_.set_name(options.name);
            }
        }
    }

    TorchStream(const TorchStream &) = delete;
    TorchStream &operator=(const TorchStream &) = delete;

    /// Calls `work()`: with a GPU here and now, and what it throws comes out of this call; without
    /// one later on an execution unit of the software device, with a copy of `work`, and
    /// synchronize() throws what it threw. What it refers to must live until synchronize().
    template <class F>
    void launch(F &&work) {
        stream_.launch(std::forward<F>(work));
    }

    /// Blocks until everything launched has completed. Ends a request: the queue is idle then.
    void synchronize() { stream_.synchronize(); }

    /// For hints and statistics. Its priority may be changed at any time; the hardware's stays. Holds
    /// no handle if the options said so.
    Queue &queue() noexcept { return queue_; }
    const Queue &queue() const noexcept { return queue_; }

    /// The stream itself: cudaStream_t, hipStream_t, or a HwQueueHandle of the software device.
    auto native() const noexcept { return stream_.native(); }

  private:
    static TorchStreamOptions of_priority(Priority priority) noexcept {
        TorchStreamOptions options;
        options.priority = priority;
        return options;
    }

    detail::TorchBackend stream_;
    Queue queue_; // goes first: it knows how to wait while it is suspended
};

} // namespace xsched

#endif
