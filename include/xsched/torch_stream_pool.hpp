/*
 * Where the driver streams of torch.hpp come from, and go back to. Nothing here is for use by
 * applications.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_TORCH_STREAM_POOL_HPP
#define XSCHED_TORCH_STREAM_POOL_HPP

#include <mutex>
#include <vector>

namespace xsched::detail {

/// Every stream that was ever made, as many as were in use at once. None is ever destroyed: PyTorch
/// remembers on which streams a tensor was used (pinned memory, record_stream()), and when the tensor
/// is freed it records an event on each of them, however late that is. Streams of PyTorch's own live
/// for ever for the same reason. A stream that comes again finds the memory and the cuBLAS workspace
/// that PyTorch keeps for it.
template <class Native>
class TorchStreamPool {
  public:
    /// The process's. Never destroyed, for static destructors may still give streams back.
    static TorchStreamPool &instance() {
        static auto *const pool = new TorchStreamPool;
        return *pool;
    }

    /// A stream that nobody uses, of this device and of this priority as the driver counts; nullptr if
    /// there is none.
    Native take(int device, int priority) {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (auto &stream : streams_) {
            if (!stream.in_use && stream.device == device && stream.priority == priority) {
                stream.in_use = true;
                return stream.native;
            }
        }
        return nullptr;
    }

    /// A new stream, which its maker uses first.
    void add(Native native, int device, int priority) {
        const std::lock_guard<std::mutex> lock(mutex_);
        streams_.push_back({native, device, priority, true});
    }

    /// Allocates nothing, so that a destructor can call it.
    void give_back(Native native) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (auto &stream : streams_) {
            if (stream.native == native) {
                stream.in_use = false;
            }
        }
    }

  private:
    TorchStreamPool() = default;

    struct Stream {
        Native native;
        int device;
        int priority;
        bool in_use;
    };

    std::mutex mutex_; // never held in a call of the driver, which may take its time
    std::vector<Stream> streams_;
};

} // namespace xsched::detail

#endif
